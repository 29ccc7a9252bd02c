const MASK = "[redacted]";
const MAX_CHARS = 1_000_000;

/** Each with bounded repeats, so that no text makes them slow; the first group, where there is one, stays. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?(?:-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /(\b(?:authorization|proxy-authorization)["']?\s{0,5}[:=]\s{0,5}["']?(?:bearer|basic|token|digest)\s{1,5})[^\s"',;]{4,4000}/gi,
  /(\bbearer\s{1,5})[A-Za-z0-9._~+/-]{12,4000}={0,2}/gi,
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,200}:)[^\s/@"']{1,400}(?=@)/gi,
  /\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,8000}\.[A-Za-z0-9_-]{0,2000}/g,
  /\b(?:sk|pk|rk)[-_](?:ant[-_]|proj[-_]|live[-_]|test[-_]|or[-_]|svcacct[-_])?[A-Za-z0-9_-]{16,300}/g,
  /\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,300}/g,
  /\b(?:gh[oprsu]|github_pat|glpat|npm|hf|shpat|dop_v1|lin_api|pypi|whsec|tok)[-_][A-Za-z0-9_-]{20,300}/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,60}/g,
  /\bya29\.[A-Za-z0-9_-]{20,2000}/g,
  /\bAccountKey=[A-Za-z0-9+/=]{20,200}/g,
  /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{10,200}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{20,100}/g,
  /([?&#](?:access_token|id_token|refresh_token|api_?key|apikey|client_secret|password|passwd|secret|sig|signature|token|code)=)[^\s&#"'<>]{1,4000}/gi,
  /((?:\b|_)(?:pass(?:word|wd|phrase)?|pwd|secret|client[_-]?secret|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|session[_-]?token|set-cookie|cookie|x-api-key)["']?\s{0,5}[:=]\s{0,5})(?!\[redacted\])(?:"[^"\n]{1,4000}"|'[^'\n]{1,4000}'|[^\s"',;}&]{3,4000})/gi,
];

/**
 * A text without its credentials: API keys, bearer and basic tokens, JWTs, private keys, passwords in URLs,
 * query strings and `password: …` pairs. For logs, prompts and events; it is a net under the rule not to put
 * secrets there, not a reason to. Text beyond a million characters is cut.
 */
export function redactSecrets(text: string): string {
  let safe = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
  for (const secret of SECRETS) {
    secret.lastIndex = 0;
    safe = safe.replace(secret, (...match: unknown[]) =>
      typeof match[1] === "string" ? `${match[1]}${MASK}` : MASK,
    );
  }
  return safe;
}
