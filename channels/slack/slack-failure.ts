const TOO_SOON: ReadonlySet<string> = new Set(["busy", "rate_limited", "stopped"]);

/** A call to Slack that did not do what it should; the outbox waits `retryAfterMs`, and gives up on `isPermanent`. */
export class SlackFailure extends Error {
  /** Slack's own word (`channel_not_found`), or `rate_limited`, `http_503`, `unreachable`, `no_workspace`. */
  readonly code: string;
  readonly isPermanent: boolean;
  readonly retryAfterMs: number | undefined;
  /** The answer never came, so what was asked may have happened. */
  readonly isFateUnknown: boolean;
  /** Slack did nothing of it because it is not its turn yet: no try that counts. */
  readonly isTooSoon: boolean;

  constructor(
    code: string,
    more: {
      readonly isPermanent?: boolean;
      readonly retryAfterMs?: number;
      readonly isFateUnknown?: boolean;
    } = {},
    options?: { cause?: unknown },
  ) {
    super(`Slack: ${code}`, options);
    this.name = "SlackFailure";
    this.code = code;
    this.isPermanent = more.isPermanent ?? false;
    this.retryAfterMs = more.retryAfterMs;
    this.isFateUnknown = more.isFateUnknown ?? false;
    this.isTooSoon = TOO_SOON.has(code);
  }
}

/** The place or person is gone: no later try can succeed. */
const PERMANENT: ReadonlySet<string> = new Set([
  "cannot_dm_bot",
  "cannot_reply_to_message",
  "cant_update_message",
  "channel_not_found",
  "channel_type_not_supported",
  "invalid_arguments",
  "invalid_blocks",
  "invalid_blocks_format",
  "is_archived",
  "is_inactive",
  "message_not_found",
  "messages_tab_disabled",
  "missing_scope",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
  "not_in_channel",
  "restricted_action",
  "thread_not_found",
  "user_disabled",
  "user_not_found",
  "users_not_found",
]);

/** The app's own token is at fault: everything of the workspace waits until somebody mends it. */
const TOKEN: ReadonlySet<string> = new Set([
  "account_inactive",
  "invalid_auth",
  "not_authed",
  "org_login_required",
  "team_access_not_granted",
  "token_expired",
  "token_revoked",
]);

/** Wait before the next try while a token is refused: an operator has to act, so often is of no use. */
const TOKEN_RETRY_MS = 10 * 60_000;

/** Whether the workspace's token was refused. */
export function isTokenCode(code: string): boolean {
  return TOKEN.has(code);
}

/** What Slack answered with `ok: false`, as a failure that the outbox understands. */
export function failureOf(code: string, cause?: unknown): SlackFailure {
  if (TOKEN.has(code)) return new SlackFailure(code, { retryAfterMs: TOKEN_RETRY_MS }, { cause });
  return new SlackFailure(code, { isPermanent: PERMANENT.has(code) }, { cause });
}

/** The code of a failure; null for anything else. */
export function codeOf(error: unknown): string | null {
  return error instanceof SlackFailure ? error.code : null;
}
