/** What a method of the Web API refuses with: HTTP 200, `ok: false` and Slack's own word for it. */
export class SlackApiError extends Error {
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.name = "SlackApiError";
    this.code = code;
    this.more = more;
  }
}
