--! requires vector
create extension if not exists vector;
alter table passages add column embedding vector(512);
create index passages_embedding on passages using hnsw (embedding vector_ip_ops);
