/** One engine under measurement, on a database of its own. */
export type TurnSystem = {
  readonly name: string;
  /** One whole turn of one long conversation: the message is kept, the tool acts or looks, the answer is kept. */
  turn(kind: "write" | "read", text: string): Promise<void>;
  /** What the engine does by itself every few seconds, done now. */
  upkeep?(): Promise<void>;
  close(): Promise<void>;
};

/** Opens an engine on an empty database. */
export type OpenSystem = (url: string) => Promise<TurnSystem>;

/** What the tool of every engine does: one row, once a key, in a table of the same database. */
export const EFFECT_TABLE = "create table effects (key text primary key, line text not null)";
export const EFFECT_INSERT = "insert into effects (key, line) values ($1, $2) on conflict do nothing";
