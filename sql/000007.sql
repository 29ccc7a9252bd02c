--! breaking
-- A turn writes less: one row a commit instead of one an event, packed; work that is done leaves the inbox; places in
-- the audit tree stand beside the entries. Measured with bench:turns.

-- The log: one row for the events of one commit.
create table event_log (
  session_id text not null,
  -- Sequence number of the last event in it.
  seq bigint not null,
  count int not null,
  -- The turn that begins in it, if one does.
  turn_id text,
  at timestamptz not null default now(),
  -- Events in order as packed JSON (src/store/packed-json.ts); the first byte says how.
  body bytea not null,
  primary key (session_id, seq)
);
insert into event_log (session_id, seq, count, turn_id, at, body)
select session_id, seq, 1, case when type = 'turn.started' then turn_id end, at,
  '\x00'::bytea || convert_to(jsonb_build_array(jsonb_build_object(
    'type', type,
    'data', case when turn_id is null then data else data || jsonb_build_object('turn', turn_id) end
  ))::text, 'UTF8')
from events;
create index event_log_turns on event_log (turn_id) where turn_id is not null;
drop table events;

-- Work leaves the inbox with the commit that ends it. What arrived is remembered apart, so that a second arrival
-- changes nothing: the first 16 bytes of the SHA-256 of its key.
create table accepted (
  key bytea primary key
);
insert into accepted (key) select substring(sha256(convert_to(dedupe, 'UTF8')) for 16) from inbox;
-- A session that is held may be in the middle of work whose row counts as done already: it is looked at once more.
insert into inbox (session_id, kind, dedupe, data)
select id, 'resume', 'resume:' || id, '{}' from sessions
where owner is not null and not exists (select 1 from inbox where session_id = sessions.id and state = 'new');
delete from inbox where state = 'done';
alter table inbox
  drop constraint inbox_session_id_fkey,
  drop constraint inbox_dedupe_key,
  drop constraint inbox_state_check,
  drop constraint inbox_pkey,
  add check (state in ('new', 'parked'));
drop index inbox_new;
create unique index inbox_order on inbox (session_id, id);

-- Who holds a session changes with every turn: without an index on it the row stays where it is.
drop index sessions_leased;
alter table sessions set (fillfactor = 60);

-- Actions keep what only people read packed together; what queries read stays in columns, what changes at the end.
alter table approvals drop constraint approvals_action_id_fkey;
alter table actions rename to actions_before;
create table actions (
  id text primary key,
  session_id text not null,
  turn_id text not null,
  call_id text not null,
  principal text not null,
  tool text not null,
  effect text not null,
  resource text not null,
  -- Idempotency key; null for the usual one, `turn:call`.
  key text,
  created_at timestamptz not null default now(),
  -- Arguments, evidence, decision, preview and policy version as packed JSON.
  body bytea not null,
  -- SHA-256 that an approval binds to.
  digest bytea not null,
  started_at timestamptz,
  status text not null,
  finished_at timestamptz,
  undo_until timestamptz,
  -- Result and undo as packed JSON, once it is over.
  outcome bytea
);
insert into actions
select id, session_id, turn_id, call_id, principal, tool, effect, resource, key, created_at,
  '\x00'::bytea || convert_to(jsonb_build_object('args', args, 'evidence', evidence, 'decision', decision,
    'preview', preview, 'policyVersion', policy_version)::text, 'UTF8'),
  decode(digest, 'hex'), started_at, status, finished_at, undo_until,
  case when result is null and undo is null then null else
    '\x00'::bytea || convert_to(jsonb_build_object('result', result, 'undo', undo)::text, 'UTF8') end
from actions_before;
drop table actions_before;
create unique index actions_by_turn on actions (turn_id, call_id);
create index actions_by_person on actions (principal, id) where effect <> 'read';
alter table approvals add foreign key (action_id) references actions (id);

-- An entry's place in the tree; the entry itself is never touched again.
create table audit_places (
  idx bigint primary key,
  entry bigint not null unique
);
insert into audit_places (idx, entry) select idx, id from audit where idx is not null;
drop index audit_unsequenced;
drop index audit_idx;
alter table audit drop column idx;
