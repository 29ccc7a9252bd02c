--! requires pg_textsearch
create extension if not exists pg_textsearch;
create index passages_bm25 on passages using bm25 (search_text) with (text_config = 'english');
