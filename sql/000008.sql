-- Platform channels: who is who there, where copies of items stand, what channels note, and secrets sealed at rest.

-- An account of a platform and the person of the directory that it is.
create table platform_identities (
  channel text not null check (channel in ('slack', 'teams')),
  -- Slack workspace or Entra tenant.
  workspace text not null,
  account text not null,
  principal text not null,
  -- `email`: the platform vouches for the address. `link`: the person signed in here and said so.
  proof text not null check (proof in ('email', 'link')),
  linked_at timestamptz not null default now(),
  primary key (channel, workspace, account)
);
create index platform_identities_by_principal on platform_identities (principal, channel);

-- One-time codes that tie an account to whoever signs in with them, by SHA-256.
create table link_codes (
  hash bytea primary key,
  channel text not null,
  workspace text not null,
  account text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index link_codes_by_account on link_codes (channel, workspace, account, created_at);

create table channel_notes (
  channel text not null,
  -- Compared byte by byte, so that a prefix is a range of the index.
  key text collate "C" not null check (length(key) <= 300),
  value jsonb not null,
  at timestamptz not null default now(),
  primary key (channel, key)
);

-- Where a copy of an item stands on a platform; the next one is shown in its place.
create table channel_posts (
  channel text not null,
  conversation text not null,
  thread text not null,
  item text not null,
  viewer text not null,
  ref jsonb not null,
  at timestamptz not null default now(),
  primary key (channel, conversation, thread, item)
);
create index channel_posts_by_item on channel_posts (item);

create table feedback (
  message text not null,
  principal text not null,
  verdict text not null check (verdict in ('up', 'down')),
  comment text,
  at timestamptz not null default now(),
  primary key (message, principal)
);

-- Where a person wants cards that wait for their decision; without a row, as a direct message.
create table approval_places (
  principal text primary key,
  place jsonb not null
);

-- Secrets under AES-256-GCM; the key is never here.
create table vault (
  name text primary key,
  -- Tells which key sealed it, and nothing of the key.
  key_id text not null,
  nonce bytea not null,
  sealed bytea not null,
  at timestamptz not null default now()
);
