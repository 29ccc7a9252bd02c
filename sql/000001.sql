-- The first schema: sessions and their log, inbox and outbox, actions and approvals, audit, people, files,
-- records of the embedded systems. Never edited after release: a change is a new file.

create table people (
  id text primary key check (id = lower(id)),
  name text not null,
  title text not null default '',
  manager text,
  groups text[] not null default '{everyone}',
  zone text not null default 'UTC',
  locale text not null default 'en-GB'
);

-- Settings of the installation (company name, domains, group titles, demo mode), one row a name.
create table settings (
  name text primary key,
  value jsonb not null
);

create table sessions (
  id text primary key,
  channel text not null,
  conversation text not null,
  thread text not null,
  principal text not null,
  title text not null default '',
  head bigint not null default 0,
  epoch bigint not null default 0,
  -- The worker that holds the session and until when; both null when nobody works on it.
  owner text,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (channel, conversation, thread)
);
create index sessions_by_principal on sessions (principal, updated_at desc);
create index sessions_leased on sessions (lease_until) where owner is not null;

create table events (
  session_id text not null references sessions (id),
  seq bigint not null,
  turn_id text,
  type text not null,
  data jsonb not null,
  at timestamptz not null default now(),
  primary key (session_id, seq)
);
create index events_by_turn on events (turn_id, seq) where turn_id is not null;

-- Work that was accepted and that a session's worker has yet to take up, in order.
create table inbox (
  id bigint generated always as identity primary key,
  session_id text not null references sessions (id),
  -- `message`, `decide` (an approval moved), `stop`, `retry`, `undo` …
  kind text not null,
  dedupe text not null unique,
  data jsonb not null,
  -- How often a worker took it up; after three it is parked and its sender told.
  attempts int not null default 0,
  state text not null default 'new' check (state in ('new', 'done', 'parked')),
  at timestamptz not null default now()
);
create index inbox_new on inbox (session_id, id) where state = 'new';

-- Items of the log that have yet to reach a platform which cannot replay the log itself. What is sent is made from
-- the log when it is sent, so that a card shows what is true then.
create table outbox (
  id bigint generated always as identity primary key,
  session_id text not null references sessions (id),
  seq bigint not null,
  -- For whose eyes it is made.
  viewer text not null,
  channel text not null,
  conversation text not null,
  thread text not null,
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  state text not null default 'new' check (state in ('new', 'dead')),
  error text,
  at timestamptz not null default now()
);
create index outbox_due on outbox (next_at) where state = 'new';
create index outbox_order on outbox (channel, conversation, thread, id) where state = 'new';

create table actions (
  id text primary key,
  session_id text not null references sessions (id),
  turn_id text not null,
  call_id text not null,
  principal text not null,
  tool text not null,
  effect text not null,
  resource text not null,
  -- Argument name → labelled value.
  args jsonb not null,
  digest text not null,
  policy_version text not null,
  evidence jsonb not null,
  decision jsonb not null,
  preview jsonb,
  status text not null,
  key text not null,
  result jsonb,
  undo jsonb,
  undo_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  unique (session_id, turn_id, call_id)
);
create index actions_by_turn on actions (turn_id);
create index actions_by_person on actions (principal, id desc) where effect <> 'read';
create index actions_open on actions (session_id) where status in ('awaiting', 'running');

create table approvals (
  id text primary key,
  action_id text not null references actions (id),
  session_id text not null,
  requester text not null,
  digest text not null,
  policy_version text not null,
  -- Group → how many of it.
  approvers jsonb not null,
  -- Arguments as proposed and, when someone edited them before saying yes, as edited.
  proposed jsonb not null,
  edited jsonb,
  status text not null default 'pending',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  decided_at timestamptz
);
create index approvals_pending on approvals (expires_at) where status = 'pending';
create index approvals_by_action on approvals (action_id);

create table votes (
  approval_id text not null references approvals (id),
  principal text not null,
  grp text not null,
  verdict text not null check (verdict in ('approve', 'refuse')),
  reason text,
  at timestamptz not null default now(),
  primary key (approval_id, principal)
);

-- What happened, in the same transaction as the change itself. A sequencer gives each row its place in the
-- Merkle tree (RFC 6962) later; until then `idx` is null.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  type text not null,
  subject text not null,
  data jsonb not null,
  idx bigint unique
);
create index audit_unsequenced on audit (id) where idx is null;
create index audit_by_subject on audit (subject, id);

create table audit_checkpoints (
  size bigint primary key,
  root bytea not null,
  note text not null,
  at timestamptz not null default now()
);

-- Bearer tokens, by SHA-256 of the secret.
create table tokens (
  id text primary key,
  hash bytea not null unique,
  principal text not null,
  name text not null,
  is_admin boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  used_at timestamptz
);

-- Answers to writes with an Idempotency-Key, so that a repeat gets the same answer.
create table idempotency (
  principal text not null,
  key text not null,
  request_hash text not null,
  status int,
  body jsonb,
  at timestamptz not null default now(),
  primary key (principal, key)
);
create index idempotency_by_age on idempotency (at);

create table files (
  id text primary key,
  owner text not null,
  name text not null,
  media_type text not null,
  bytes int not null,
  content bytea not null,
  created_at timestamptz not null default now()
);

-- The embedded systems of record (calendar, CRM, payables).
create table records (
  kind text not null,
  id text not null,
  version int not null,
  data jsonb not null,
  primary key (kind, id)
);
create index records_by_field on records using gin (data jsonb_path_ops);

create table record_writes (
  key text primary key,
  at timestamptz not null default now()
);

create table documents (
  id text primary key,
  title text not null,
  -- Where it came from: a path or an address.
  source text not null,
  media_type text not null,
  -- SHA-256 of the content: unchanged documents are not read again.
  hash text not null,
  sensitivity text not null default 'internal',
  readers text[] not null default '{everyone}',
  integrity text not null default 'member',
  -- Which of its passages count: a new version is written beside the old one and takes its place at once.
  version text not null default '',
  updated_at timestamptz not null default now(),
  unique (source)
);

create table passages (
  id text not null,
  version text not null default '',
  document_id text not null references documents (id) on delete cascade,
  ordinal int not null,
  headings text[] not null default '{}',
  body text not null,
  -- Title, headings and body together: what keyword search reads.
  search_text text not null,
  -- The document's readers, here too: the filter must be a real column with its own index.
  readers text[] not null,
  tsv tsvector generated always as (to_tsvector('english', search_text)) stored,
  primary key (id, version)
);
create index passages_by_document on passages (document_id, ordinal);
create index passages_by_readers on passages using gin (readers);
create index passages_tsv on passages using gin (tsv);

create table policy_versions (
  version text primary key,
  text text not null,
  loaded_at timestamptz not null default now()
);
