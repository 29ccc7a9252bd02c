import pg from "pg";
import type { Statement } from "./db.ts";

export type NamedStatement = Statement & { readonly name: string | undefined };

type Message = never;
/** What pg hands a query: the connection that it is written to, and the answers of the server. Not in its types. */
type Connection = {
  sync(): void;
  stream: { destroy(): void };
  on(event: "parseComplete", heard: () => void): void;
  off(event: "parseComplete", heard: () => void): void;
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
};
type Answered = {
  callback: (error: Error | null, result?: { rows: object[] }) => void;
  _result: { _types: pg.CustomTypesConfig };
  submit(connection: Connection): Error | null;
  handleRowDescription(message: Message): void;
  handleDataRow(message: Message): void;
  handleCommandComplete(message: Message, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
};

/**
 * Statements as one query of pg: all of them and a single Sync, which makes them one transaction without a word about
 * it (PostgreSQL documentation, 55.2.4 "Pipelining"): the server undoes them all when one fails, and commits at the
 * Sync. Against `begin`, the statements and `commit`, each with a Sync of its own, it saves two statements, and the
 * answers come in one piece. `done` gets the rows of each statement, or the first failure.
 */
export function batchQuery(
  statements: readonly NamedStatement[],
  types: pg.CustomTypesConfig,
  done: (failure: Error | null, rows: readonly (readonly object[])[]) => void,
): pg.Query {
  const rows: object[][] = [];
  let failure: Error | null = null;
  const parts = statements.map(({ text, params, name }, place) => {
    // Extended also without parameters: a simple query would end the transaction.
    const part = new pg.Query({ text, values: [...params], name, queryMode: "extended" } as pg.QueryConfig);
    const answered = part as unknown as Answered;
    answered._result._types = types;
    answered.callback = (error, result) => {
      failure ??= error;
      rows[place] = result?.rows ?? [];
    };
    return answered;
  });
  /** The statement that is being answered. */
  let at = 0;
  /** Statements that the server is to parse and has not yet; after a failure it never will. */
  let parsing: readonly NamedStatement[] = [];
  let unhear = (): void => {};
  const end = (connection: Connection): void => {
    unhear();
    for (const { name } of parsing) if (name !== undefined) delete connection.submittedNamedStatements[name];
    done(failure, rows);
  };
  const answers: Omit<Answered, "callback" | "_result"> = {
    submit: (connection) => {
      const { parsedStatements: parsed, submittedNamedStatements: submitted } = connection;
      parsing = statements.filter(
        ({ name }, place) =>
          name === undefined ||
          !(name in parsed || name in submitted || statements.findIndex((one) => one.name === name) < place),
      );
      const onParsed = (): void => {
        const [{ name, text } = { name: undefined, text: "" }, ...later] = parsing;
        parsing = later;
        if (name === undefined) return;
        parsed[name] = text;
        delete submitted[name];
      };
      connection.on("parseComplete", onParsed);
      unhear = () => connection.off("parseComplete", onParsed);
      // The same connection without its Sync, which would end the transaction.
      const open = Object.create(connection, { sync: { value: () => {} } }) as Connection;
      for (const part of parts) {
        // Not `??=` at once: the call itself may set it.
        const refused = part.submit(open);
        failure ??= refused;
      }
      // A value that cannot be written: without a Sync, nothing of what was sent before it is kept.
      if (failure) connection.stream.destroy();
      else connection.sync();
      return null;
    },
    handleRowDescription: (message) => parts[at]?.handleRowDescription(message),
    handleDataRow: (message) => parts[at]?.handleDataRow(message),
    handleCommandComplete: (message, connection) => {
      parts[at]?.handleCommandComplete(message, connection);
      at += 1;
    },
    handleEmptyQuery: () => {
      at += 1;
    },
    handleError: (error, connection) => {
      failure ??= error;
      end(connection);
    },
    handleReadyForQuery: (connection) => {
      for (const part of parts) part.handleReadyForQuery(connection);
      end(connection);
    },
  };
  return Object.assign(new pg.Query("batch"), answers);
}
