/** Something wrong in a policy, schema or action file, as a person needs to see it to mend it. */
export type PolicyProblem = {
  readonly file: string;
  /** From 1; 0 when the whole file or the set is meant. */
  readonly line: number;
  /** The rule's `@id` when it has a readable one. */
  readonly rule: string | null;
  readonly message: string;
};

export type PolicyFile = { readonly path: string; readonly text: string };

/** One statement of a policy file: its text up to, and without, the closing semicolon. */
export type Statement = { readonly path: string; readonly line: number; readonly text: string };

/** Above these a statement is refused unread: the WebAssembly parser recurses, and from about 130 open
 * brackets or 3,000 chained operators its stack overflows and takes the module with it (measured, 4.13). */
const MAX_DEPTH = 40;
const MAX_OPERATORS = 500;
const MAX_STATEMENT_CHARS = 32_768;
const MAX_FILE_CHARS = 2_000_000;

/**
 * Cuts a Cedar file into its statements without understanding them: strings and `//` comments are
 * skipped, everything else ends at a semicolon. Linear in the text; never throws.
 */
export function splitStatements(file: PolicyFile): {
  readonly statements: readonly Statement[];
  readonly problems: readonly PolicyProblem[];
} {
  const { path, text } = file;
  const problem = (line: number, message: string) => ({ file: path, line, rule: null, message });
  if (text.length > MAX_FILE_CHARS) {
    const message = `The file has ${text.length} characters; ${MAX_FILE_CHARS} are allowed. Split it.`;
    return { statements: [], problems: [problem(0, message)] };
  }
  const statements: Statement[] = [];
  const problems: PolicyProblem[] = [];
  let line = 1;
  let start = -1;
  let startLine = 1;
  let depth = 0;
  let deepest = 0;
  let operators = 0;

  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") {
      line++;
      continue;
    }
    if (char === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end - 1;
      continue;
    }
    if (char === " " || char === "\t" || char === "\r") continue;
    if (start < 0) {
      start = at;
      startLine = line;
      depth = deepest = operators = 0;
    }
    if (char === '"') {
      const end = endOfString(text, at);
      if (end < 0) {
        problems.push(problem(line, "A string that begins here does not end."));
        return { statements, problems };
      }
      for (let k = at; k < end; k++) if (text[k] === "\n") line++;
      at = end;
    } else if (char === "(" || char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === ")" || char === "]" || char === "}") depth--;
    else if (char !== undefined && "&|+-*.!:".includes(char)) operators++;
    else if (char === "i" && text.startsWith("if", at) && !/\w/.test(text[at - 1] ?? " ")) operators += 5;
    else if (char === ";") {
      const source = text.slice(start, at);
      if (source.length > MAX_STATEMENT_CHARS || deepest > MAX_DEPTH || operators > MAX_OPERATORS) {
        const message = `The rule is too large: at most ${MAX_STATEMENT_CHARS} characters, ${MAX_DEPTH} open brackets and ${MAX_OPERATORS} operators. Split it into several rules.`;
        problems.push(problem(startLine, message));
      } else statements.push({ path, line: startLine, text: source });
      start = -1;
    }
  }
  if (start >= 0)
    problems.push(problem(startLine, "The rule that begins here does not end with a semicolon."));
  return { statements, problems };
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

/** The line of a file on which the character `offset` of a statement stands. */
export function lineAt(statement: Statement, offset: number): number {
  let line = statement.line;
  for (let at = 0; at < offset && at < statement.text.length; at++) if (statement.text[at] === "\n") line++;
  return line;
}
