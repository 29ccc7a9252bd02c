-- Sites that show the web widget on their pages and say who is in front of it.

create table sites (
  id text primary key,
  name text not null,
  -- How its tokens are proven: a shared secret (in the vault), keys at an address, or one public key.
  kind text not null check (kind in ('secret', 'jwks', 'key')),
  -- Origins of its pages, e.g. {https://intranet.example}: a token counts nowhere else.
  origins text[] not null check (cardinality(origins) between 1 and 50),
  issuer text not null,
  audience text not null,
  jwks_url text,
  public_key text,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create index sites_open on sites (issuer) where removed_at is null;

-- Tokens that were signed out before their end, and codes that count once, by SHA-256; forgotten when they have ended.
create table spent_tokens (
  hash bytea primary key,
  ends_at timestamptz not null
);
create index spent_tokens_by_end on spent_tokens (ends_at);

-- What the sockets of several replicas tell each other when it is too long for a notification (@socket.io/postgres-adapter).
create table socket_io_attachments (
  id bigserial unique,
  created_at timestamptz default now(),
  payload bytea
);
