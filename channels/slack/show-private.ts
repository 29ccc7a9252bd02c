import { z } from "zod";
import type { Citation } from "../../src/types/passage.ts";
import { messageBlocks } from "./blocks/message-blocks.ts";
import { privateKey } from "./note-keys.ts";
import type { Clicker } from "./on-click.ts";
import { say } from "./on-click.ts";
import { renderCard } from "./render-item.ts";
import type { SlackContext } from "./slack-context.ts";
import { sentence } from "./tell.ts";

/** A long answer is many messages, of which a conversation takes one a second. */
const PATIENT_MS = 60_000;

const citation = z.object({
  document: z.string(),
  title: z.string(),
  passage: z.string(),
  quote: z.string(),
});
const keptMessage = z.object({
  viewer: z.string(),
  id: z.string(),
  text: z.string(),
  citations: z.array(citation),
  note: z.string().nullable(),
});
const keptCard = z.object({ viewer: z.string(), card: z.string() });

/** Shows to its viewer what the thread could not; anybody else is told whose it is not. */
export async function showPrivate(context: SlackContext, clicker: Clicker, item: string): Promise<void> {
  const { host, sheets } = context;
  const note = await host.notes.read(privateKey(item));
  const message = keptMessage.safeParse(note);
  const card = keptCard.safeParse(note);
  const viewer = message.data?.viewer ?? card.data?.viewer ?? null;
  if (viewer === null)
    return await say(context, clicker, sentence("This answer is not kept any more. Ask again."));
  // A card in a channel of several approvers is each one's own: who may see it, and how much, the house says.
  if (viewer !== clicker.as && !card.success) {
    const words = "This answer is for the person who asked. Ask me yourself: you get what you may see.";
    return await say(context, clicker, sentence(words));
  }
  const sheet = sheets.open(clicker.team, clicker.as);
  if (message.success) {
    const { text, citations, note: small, id } = message.data;
    const shown = messageBlocks(text, citations satisfies readonly Citation[], {
      linkTo: host.linkTo,
      note: small,
      feedback: { message: id, idFor: sheet.idFor },
    });
    await sheet.save();
    for (const each of shown) await say(context, clicker, each, { maxWaitMs: PATIENT_MS });
  } else if (card.success) {
    const shown = await renderCard(
      context,
      await host.card(clicker.as, card.data.card),
      clicker.as,
      clicker,
      sheet.idFor,
    );
    await sheet.save();
    await say(context, clicker, shown);
  }
}
