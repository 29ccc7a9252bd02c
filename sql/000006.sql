-- Votes handed to a colleague, approvals that climb to a manager, and standing consent.

-- A named colleague has the delegator's vote until then; never handed on.
create table delegations (
  id text primary key,
  -- Idempotency key of the action that made it.
  key text not null unique,
  delegator text not null,
  delegate text not null,
  until_at timestamptz not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  check (delegator <> delegate)
);
create index delegations_open on delegations (until_at) where revoked_at is null;

-- "Do not ask me again for this": one granter's yes, for one requester, tool and resource, no wider than `scope`.
create table grants (
  id text primary key,
  -- The approval that it was given with.
  approval_id text not null,
  granter text not null,
  grp text not null,
  requester text not null,
  tool text not null,
  resource text not null,
  line text not null,
  -- Rules that may ask, attributes and destinations as they were.
  scope jsonb not null,
  until_at timestamptz not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index grants_open on grants (requester, tool, resource) where revoked_at is null;

-- Whose vote it is when it is not the voter's own: the delegator's, or that of the one whose manager was asked;
-- or the standing grant that it comes from.
alter table votes
  add column on_behalf_of text,
  add column delegation_id text,
  add column escalated_from text,
  add column grant_id text;

alter table approvals
  add column reminded_at timestamptz,
  add column escalated_at timestamptz,
  -- [{"group", "from", "to"}]: whose manager may decide as well.
  add column escalations jsonb not null default '[]';
