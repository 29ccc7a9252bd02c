-- A link ties an account only when the account itself says the number that was shown to whoever signed in.
alter table link_codes
  -- What the platform tells of the account, for the eyes of whoever is asked about it.
  add column name text,
  add column email text,
  add column workspace_name text,
  -- Who signed in and said that the account is theirs; null until then.
  add column principal text,
  -- The number, by scrypt with the code's hash as salt.
  add column number_hash bytea,
  add column tries integer not null default 0;
