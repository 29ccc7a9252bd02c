import type { Card } from "../../src/types/card.ts";
import type { Outbound } from "../../src/types/channel.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { IdFor } from "./blocks/button-intent.ts";
import { cardBlocks } from "./blocks/card-blocks.ts";
import { messageBlocks } from "./blocks/message-blocks.ts";
import { privateAnswerNotice } from "./blocks/notices.ts";
import { cutPlace } from "./blocks/plain.ts";
import type { Reader, SlackMessage } from "./blocks/slack-message.ts";
import { privateKey } from "./note-keys.ts";
import type { PostPlace } from "./post-place.ts";
import type { SlackContext } from "./slack-context.ts";

/** What can be shown of a thread as messages. */
export type Shown = Extract<Outbound["item"], { readonly kind: "message" | "card" }>;

const ANYBODY: Reader = { locale: "en-GB", zone: "UTC" };
/** Characters; far more than any answer has, and still a sum of messages that somebody may page through. */
const MAX_PRIVATE = 300_000;

/** An item as messages for this viewer, with its buttons. */
export async function renderItem(
  context: SlackContext,
  item: Shown,
  viewer: string,
  place: Pick<PostPlace, "team" | "user">,
  idFor: IdFor,
): Promise<readonly SlackMessage[]> {
  const { host } = context;
  if (item.kind === "card") return [await renderCard(context, item.card, viewer, place, idFor)];
  const { text, citations, note, id } = item;
  return messageBlocks(text, citations, { linkTo: host.linkTo, note, feedback: { message: id, idFor } });
}

/** A card as this viewer may see it. */
export async function renderCard(
  context: SlackContext,
  card: Card,
  viewer: string,
  { team, user }: Pick<PostPlace, "team" | "user">,
  idFor: IdFor,
): Promise<SlackMessage> {
  const reader = user === null ? ANYBODY : ((await context.people.user(team, user))?.reader ?? ANYBODY);
  return cardBlocks(card, viewer, { idFor, reader, linkTo: context.host.linkTo, now: context.host.now() });
}

/** What stands in a shared place instead; the item itself is kept for its viewer. */
export async function renderNotice(
  context: SlackContext,
  item: Shown,
  viewer: string | null,
  place: PostPlace,
  idFor: IdFor,
): Promise<readonly SlackMessage[]> {
  const at = context.host.now().getTime();
  if (item.kind === "message") {
    const { id, text, citations, note, turn } = item;
    const kept = {
      ...{ viewer, id, note, turn, at },
      text: whole(text),
      citations: citations.slice(0, 20).map((one) => ({ ...one, quote: one.quote.slice(0, 300) })),
    };
    await context.host.notes.write(privateKey(id), kept as unknown as JsonObject);
  } else {
    const kept = { viewer, id: item.id, card: item.card.id, at };
    await context.host.notes.write(privateKey(item.id), kept);
  }
  const notice = privateAnswerNotice(item.id, idFor);
  if (place.user === null) return [notice];
  return [{ text: notice.text, blocks: [section(`<@${place.user}>`), ...notice.blocks] }];
}

/** As it may be stored: well-formed, without the one character that Postgres does not take. */
function whole(text: string): string {
  const kept = text.toWellFormed().replaceAll("\0", "");
  if (kept.length <= MAX_PRIVATE) return kept;
  return `${kept.slice(0, cutPlace(kept, MAX_PRIVATE))} …\n\nThe rest is on the web.`;
}

const section = (text: string) => ({ type: "section" as const, text: { type: "mrkdwn" as const, text } });
