-- What Steward says or does by itself later: reminders, and prompts that repeat.
create table schedules (
  id text primary key,
  -- Idempotency key of the action that made it.
  key text not null unique,
  session_id text not null references sessions (id),
  principal text not null,
  -- `remind`: say the text. `ask`: handle it as if the person had written it.
  kind text not null check (kind in ('remind', 'ask')),
  text text not null,
  -- Recurrence in local time of `zone`, null for once: {"days": [1..7], "time": "09:00"} or {"monthDay": 1, "time": …}.
  rule jsonb,
  zone text not null,
  next_at timestamptz,
  state text not null default 'active' check (state in ('active', 'done', 'cancelled')),
  created_at timestamptz not null default now()
);
create index schedules_due on schedules (next_at) where state = 'active';
create index schedules_by_person on schedules (principal) where state = 'active';
