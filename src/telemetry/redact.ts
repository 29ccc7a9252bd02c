/** Field names whose value is a secret, whatever it is. */
const SECRET_NAME =
  /authorization|token|secret|password|passphrase|cookie|api[-_]?key|credential|private[-_]?key/i;
/** Counts that only sound like one. */
const NO_SECRET = /^(input|output|max|total)_?tokens$|tokens$/i;
/** Field names that hold people's words: their length is enough for a log. */
const WORDS_NAME = /^(text|body|content|prompt|reply|message_text|args|quote)$/i;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, "$1 [redacted]"],
  [/\b(stw|sk|pk|xox[abpros]|ghp|gho|glpat)[-_][\w-]{10,}/g, "[redacted]"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, "[redacted]"],
  [/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, "$1[redacted]@"],
  [/([?&](?:token|key|secret|password|access_token|api_key)=)[^&\s]+/gi, "$1[redacted]"],
];

const MAX_DEPTH = 6;
const MAX_TEXT = 2_000;

/** A text without what looks like a secret, cut to a length that a log line can bear. */
export function redactText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), short);
}

/** A copy of log fields without secrets and without people's words. Never throws. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[…]";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 50).map((item: unknown) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, redactField(name, item, depth)]),
  );
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (SECRET_NAME.test(name) && !(NO_SECRET.test(name) && typeof value === "number")) return "[redacted]";
  if (WORDS_NAME.test(name)) {
    const length = typeof value === "string" ? value.length : (JSON.stringify(value)?.length ?? 0);
    return `[${length} characters]`;
  }
  return redact(value, depth + 1);
}

function redactError(error: Error, depth: number): unknown {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    message: redactText(error.message),
    stack: error.stack ? redactText(error.stack) : undefined,
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
