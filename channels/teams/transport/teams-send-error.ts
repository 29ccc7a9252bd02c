import { StewardError } from "../../../src/types/steward-error.ts";

/** Why Teams did not take something. The outbox reads `retryAfterMs`; what is permanent is not worth another try. */
export class TeamsSendError extends StewardError {
  /** HTTP status of Teams; null when it did not answer. */
  readonly teamsStatus: number | null;
  /** Teams' own code, such as `BotNotInConversationRoster`; null when it gave none. */
  readonly teamsCode: string | null;
  readonly isPermanent: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    detail: string,
    about: {
      readonly status: number | null;
      readonly teamsCode?: string | null;
      readonly isPermanent?: boolean;
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    },
  ) {
    super(about.isPermanent ? "TMS-410" : "TMS-503", detail, { cause: about.cause });
    this.name = "TeamsSendError";
    this.teamsStatus = about.status;
    this.teamsCode = about.teamsCode ?? null;
    this.isPermanent = about.isPermanent ?? false;
    this.retryAfterMs = about.retryAfterMs;
  }
}
