import type { Card } from "../../src/types/card.ts";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { Buttons } from "./buttons.ts";
import { type ApprovalCardOptions, approvalCard } from "./cards/approval-card.ts";
import type { People, Readers } from "./people.ts";

/** A reader whose zone is not known reads UTC, and is told so. */
const NOWHERE = { locale: "en-GB", zone: "Etc/UTC" };

export type RenderCard = {
  /** A person's own copy, with their buttons. */
  forViewer(
    card: Card,
    viewer: string,
    at: { readonly conversation: string; readonly item: string; readonly refreshFor?: readonly string[] },
    more?: Pick<ApprovalCardOptions, "notice" | "record" | "isBusy">,
  ): Promise<JsonObject>;
  /** What everybody in a thread sees: the state; those who can do something are asked for by their client. */
  forAll(
    card: Card,
    at: { readonly conversation: string; readonly item: string; readonly viewer: string | null },
    readers: Readers,
  ): Promise<JsonObject>;
};

export function createRenderCard(
  host: Pick<ChannelHost, "now" | "linkTo">,
  buttons: Buttons,
  people: Pick<People, "principal">,
): RenderCard {
  return {
    async forViewer(card, viewer, { conversation, item, refreshFor = [] }, more = {}) {
      const principal = await people.principal(viewer);
      const reader = principal ? { locale: principal.locale, zone: principal.zone } : NOWHERE;
      return await buttons.card({ conversation, item, viewer, turn: card.id, kept: null }, (buttonSet) =>
        approvalCard(
          card,
          { id: viewer, reader },
          {
            buttonSet,
            now: host.now(),
            webLink: host.linkTo({ session: card.session, turn: card.id }),
            refreshFor,
            ...more,
          },
        ),
      );
    },

    async forAll(card, { conversation, item, viewer }, readers) {
      const concerned = [
        ...(viewer === null ? [] : [viewer]),
        card.requester.id,
        ...card.items.flatMap(({ approvers }) =>
          approvers.flatMap(({ candidates }) => candidates.map(({ id }) => id)),
        ),
      ];
      const refreshFor = [...new Set(concerned)].flatMap((id) => readers.userOf.get(id) ?? []);
      return await buttons.card(
        { conversation, item, viewer: null, turn: card.id, kept: null },
        (buttonSet) =>
          approvalCard(
            card,
            { id: null, reader: null },
            {
              buttonSet,
              now: host.now(),
              webLink: host.linkTo({ session: card.session, turn: card.id }),
              refreshFor,
            },
          ),
      );
    },
  };
}
