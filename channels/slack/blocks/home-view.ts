import type { Card } from "../../../src/types/card.ts";
import type { ApprovalPlace, RequestLine, ScheduleLine } from "../../../src/types/channel-host.ts";
import { header } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import type { HomeView, LinkTo, Reader } from "./slack-message.ts";

export type HomeOptions = {
  readonly approvals: readonly Card[];
  readonly requests: readonly RequestLine[];
  readonly schedules: readonly ScheduleLine[];
  readonly place: ApprovalPlace;
  readonly suggestions: readonly string[];
  /** Principal whose home it is. */
  readonly viewer: string;
  readonly idFor: IdFor;
  readonly reader: Reader;
  readonly linkTo: LinkTo;
  readonly now: Date;
};

/** App Home: what waits for me, what I asked, my schedules, and where approvals are shown. */
export function homeView(options: HomeOptions): HomeView {
  void options;
  return { type: "home", blocks: [header("Waiting for you")] };
}
