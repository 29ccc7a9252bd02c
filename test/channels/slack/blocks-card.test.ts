import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACTION_IDS } from "../../../channels/slack/blocks/action-ids.ts";
import type { ButtonIntent } from "../../../channels/slack/blocks/button-intent.ts";
import { cardBlocks } from "../../../channels/slack/blocks/card-blocks.ts";
import { homeView } from "../../../channels/slack/blocks/home-view.ts";
import type { SlackBlock } from "../../../channels/slack/blocks/slack-message.ts";
import type { Card } from "../../../src/types/card.ts";
import { anyCard, NOW, sampleCard, sampleItem } from "./card-samples.ts";
import { hostileText } from "./hostile-text.ts";
import { textOf } from "./text-of.ts";
import { messageProblems, viewProblems } from "./validate-blocks.ts";

const OWN = "https://steward.example/";
const reader = { locale: "en-GB", zone: "Europe/Berlin" };

/** A card with what its buttons stand for: label → meaning. */
function show(card: Card, viewer = "ada@x", linkTo: () => string | null = () => `${OWN}s/1`, now = NOW) {
  const intents: ButtonIntent[] = [];
  const idFor = (what: ButtonIntent) => `b_${intents.push(what) - 1}`;
  const message = cardBlocks(card, viewer, { idFor, reader, linkTo, now });
  const buttons = message.blocks
    .flatMap((block) => (block.type === "actions" ? block.elements : []))
    .filter((each) => each.type === "button");
  const said = message.blocks
    .map((block: SlackBlock) => (block.type === "actions" ? "" : textOf(block)))
    .join("\n");
  const meaning = (label: string) => {
    const found = buttons.find(({ text }) => text.text === label);
    return found?.value === undefined ? undefined : intents[Number(found.value.slice(2))];
  };
  return { message, buttons, said, meaning, labels: buttons.map(({ text }) => text.text) };
}

describe("a card for who may decide", () => {
  test("says verb first what would happen, who asks, the amount, the risk, the rule, the end and how it is undone", () => {
    const { message, said, labels } = show(sampleCard(sampleItem()));
    expect(message.blocks[0]).toEqual({
      type: "header",
      text: {
        type: "plain_text",
        text: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
        emoji: false,
      },
    });
    for (const words of [
      "Who asks: Ben",
      "→ €48,000.00",
      "Risk: high",
      "Why it asks: Deal changes over 10,000 need a sales manager.",
      "Can be undone for 10 minutes.",
      "Approvals: 0 of 1 by a sales manager. You or Cem can approve.",
    ]) {
      expect(said).toContain(words);
    }
    expect(said).toContain("Until: 23 Nov 2026, 17:30");
    expect(labels).toEqual(["Approve", "Edit", "Refuse", "Why?"]);
    expect(messageProblems(message, [OWN])).toEqual([]);
  });

  test("shows before and after, and says in words that a value came from outside and is unverified", () => {
    const { said } = show(sampleCard(sampleItem()));
    expect(said).toContain("Amount: €38,000.00 → €48,000.00 (invoice.pdf, page 1; from outside, unverified)");
    expect(said).not.toContain("Renewal 2027\n");
  });

  test("shows the end in the zone of whoever reads it", () => {
    const { message } = show(sampleCard(sampleItem()));
    expect(JSON.stringify(message.blocks)).toContain(
      JSON.stringify({
        type: "date",
        timestamp: 1_795_451_400,
        format: "{date_short_pretty}, {time}",
        fallback: "23 Nov 2026, 17:30",
      }),
    );
  });

  test("has buttons that carry only an opaque id, bound to what was shown", () => {
    const { message, meaning, buttons } = show(sampleCard(sampleItem()));
    const about = { card: "trn_1", action: "act_1", approval: "apr_1", digest: "d1" };
    expect(meaning("Approve")).toEqual({ kind: "approve", ...about });
    expect(meaning("Edit")).toEqual({ kind: "edit", ...about });
    expect(meaning("Refuse")).toEqual({ kind: "refuse", ...about });
    expect(buttons.map(({ style }) => style)).toEqual(["primary", undefined, "danger", undefined]);
    expect(JSON.stringify(message)).not.toMatch(/act_1|apr_1|"d1"/);
  });

  test("asks once more and names the amount when the risk is high, and only then", () => {
    expect(show(sampleCard(sampleItem())).buttons[0]?.confirm?.text.text).toBe(
      "Approve €48,000.00? Can be undone for 10 minutes.",
    );
    expect(show(sampleCard(sampleItem({ risk: "normal" }))).buttons[0]?.confirm).toBeUndefined();
  });

  test("has a notification that is a sentence by itself", () => {
    expect(show(sampleCard(sampleItem())).message.text).toBe(
      "Ben asks you to approve: Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000. Until 23 Nov 2026, 17:30.",
    );
  });

  test("shows a line that is longer than a header whole below it", () => {
    const line = `Send Globex the following: ${"word ".repeat(60)}end`;
    const { message, said } = show(sampleCard(sampleItem({ line })));
    expect(said).toContain(line);
    expect(messageProblems(message)).toEqual([]);
  });

  test("that does not fit says so, asks before the click and leads to the whole", () => {
    const long = "word ".repeat(4_000);
    const { message, said, buttons, labels } = show(
      sampleCard(sampleItem({ risk: "normal", changes: [{ field: "Body", before: null, after: long }] })),
    );
    expect(said).toContain("Not all of it fits here. Read the whole before you approve.");
    expect(buttons[0]?.confirm?.text.text).toContain("Not all of it was shown in Slack.");
    expect(labels).toContain("Open on the web");
    expect(messageProblems(message, [OWN])).toEqual([]);
  });

  test("shows a letter of 5,000 characters whole", () => {
    const body = Array.from({ length: 830 }, (_, i) => `w${i}`).join(" ");
    const { said } = show(
      sampleCard(sampleItem({ changes: [{ field: "Body", before: null, after: body }] })),
    );
    expect(said).toContain(body);
    expect(said).not.toContain("Not all of it fits");
  });
});

describe("a card for others", () => {
  test("shows whom it waits for and whom to ask, without buttons", () => {
    const item = sampleItem({
      mayDecide: false,
      mayNotBecause: "This needs a sales manager: ask Ada or Cem.",
      editable: [],
    });
    const { message, said, labels } = show(sampleCard(item), "eve@x");
    expect(labels).toEqual([]);
    expect(said).toContain("Waiting for a sales manager");
    expect(said).toContain("This needs a sales manager: ask Ada or Cem.");
    expect(message.text).toContain("Waiting for a sales manager: Change the deal");
  });

  test("has no buttons after its time, even when nobody has told it", () => {
    const later = new Date("2026-11-23T16:30:00.000Z");
    const { said, labels } = show(sampleCard(sampleItem()), "ada@x", () => null, later);
    expect(labels).toEqual([]);
    expect(said).toContain("Time is up, nothing was done");
  });
});

describe("a card afterwards", () => {
  const vote = {
    id: "cem@x",
    name: "Cem",
    verdict: "approve" as const,
    reason: null,
    at: "2026-11-23T08:30:00.000Z",
  };

  test("says who decided, when and what happened, with Undo while it lasts", () => {
    const done = sampleItem({
      status: "succeeded",
      decidedBy: [vote],
      outcome: "The deal is now **€48,000.00**.",
      undoUntil: "2026-11-23T09:05:00.000Z",
      expiresAt: null,
      mayDecide: false,
    });
    const { said, labels, meaning, message } = show(sampleCard(done), "ben@x");
    expect(said).toContain("Done");
    expect(said).toContain("Approved by Cem, 23 Nov 2026, 09:30");
    expect(said).toContain("The deal is now €48,000.00.");
    expect(labels).toEqual(["Undo", "Why?"]);
    expect(meaning("Undo")).toEqual({ kind: "undo", card: "trn_1", action: "act_1" });
    expect(message.text).toMatch(/^Done: /);
    expect(show(sampleCard({ ...done, undoUntil: "2026-11-23T08:59:00.000Z" }), "ben@x").labels).toEqual([
      "Why?",
    ]);
  });

  test("says who refused and why", () => {
    const refused = sampleItem({
      status: "refused",
      decidedBy: [{ ...vote, verdict: "refuse", reason: "Too <!channel> much" }],
      mayDecide: false,
    });
    expect(show(sampleCard(refused)).said).toContain(
      "Refused by Cem, 23 Nov 2026, 09:30: Too <!channel> much",
    );
  });

  test("of an unknown outcome lets the requester check, retry with the same key or give up, and nobody else", () => {
    const unknown = sampleItem({
      status: "unknown",
      outcome: "It is not known whether this took effect.",
      mayDecide: false,
    });
    const { labels, meaning } = show(sampleCard(unknown), "ben@x");
    expect(labels).toEqual(["Check", "Retry with the same key", "Give up", "Why?"]);
    expect(meaning("Give up")).toEqual({
      kind: "resolve",
      choice: "give-up",
      card: "trn_1",
      action: "act_1",
    });
    expect(show(sampleCard(unknown), "ada@x").labels).toEqual(["Why?"]);
  });
});

describe("a card of several actions", () => {
  const several = (count: number, more = {}) =>
    sampleCard(
      ...Array.from({ length: count }, (_, i) =>
        sampleItem({
          action: `act_${i}`,
          approval: `apr_${i}`,
          digest: `d${i}`,
          line: `Pay invoice ${i}`,
          ...more,
        }),
      ),
    );

  test("can be approved with one click, each by the digest that was seen", () => {
    const { meaning, message, buttons } = show(several(3));
    expect(meaning("Approve all 3")).toEqual({
      kind: "approve-all",
      card: "trn_1",
      approvals: [0, 1, 2].map((i) => ({ approval: `apr_${i}`, digest: `d${i}` })),
    });
    const all = buttons.find(({ action_id }) => action_id === ACTION_IDS.approveAll);
    expect(all?.confirm?.text.text).toContain("€48,000.00, €48,000.00, €48,000.00");
    expect(messageProblems(message, [OWN])).toEqual([]);
    expect(message.text).toMatch(
      /^Ben asks you to approve 3 things: Pay invoice 0; Pay invoice 1; Pay invoice 2\.$/,
    );
  });

  test("offers no click for all when only one is the viewer's, and puts that one first", () => {
    const other = sampleItem({ action: "act_9", line: "Pay invoice 9", mayDecide: false });
    const { labels, said } = show(sampleCard(other, sampleItem({ line: "Pay invoice 1" })));
    expect(labels.filter((label) => label.startsWith("Approve"))).toEqual(["Approve"]);
    expect(said.indexOf("Pay invoice 1")).toBeLessThan(said.indexOf("Pay invoice 9"));
  });

  test("too many for a message says how many more there are and where, and a click for all takes only what was seen", () => {
    const { message, said, meaning, labels } = show(several(40));
    const shown = said.match(/Pay invoice \d+/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(3);
    expect(said).toContain(`and ${40 - shown} more: open the conversation on the web to see the rest.`);
    expect(labels).toContain("Open on the web");
    const all = meaning(`Approve all ${shown}`);
    expect(all?.kind === "approve-all" && all.approvals.length).toBe(shown);
    expect(messageProblems(message, [OWN])).toEqual([]);
    expect(show(several(40), "ada@x", () => null).said).toContain(
      "the rest follows here when these are decided.",
    );
  });
});

describe("any card", () => {
  test("becomes a message that Slack accepts, and in which nothing acts", () => {
    fc.assert(
      fc.property(
        anyCard,
        fc.constantFrom("ada@x", "ben@x"),
        fc.constantFrom("en-GB", "de", "ar-EG", "no locale"),
        (card, viewer, locale) => {
          const idFor = () => "x".repeat(60);
          const message = cardBlocks(card, viewer, {
            idFor,
            reader: { locale, zone: "Europe/Berlin" },
            linkTo: () => OWN,
            now: NOW,
          });
          expect(messageProblems(message, [OWN])).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  test("has a button for exactly those who may decide it now", () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const asked: string[] = [];
        const idFor = (what: ButtonIntent) => {
          if (what.kind === "approve" || what.kind === "refuse" || what.kind === "edit")
            asked.push(what.approval);
          if (what.kind === "approve-all") asked.push(...what.approvals.map(({ approval }) => approval));
          return "b";
        };
        cardBlocks(card, "ada@x", { idFor, reader, linkTo: () => null, now: NOW });
        const open = card.items
          .filter((item) => item.status === "awaiting" && item.mayDecide)
          .map(({ approval }) => approval);
        for (const approval of asked) expect(open).toContain(approval);
      }),
      { numRuns: 60 },
    );
  });

  test("fits the Home tab, with anything else there", () => {
    const line = hostileText(6);
    fc.assert(
      fc.property(
        fc.array(anyCard, { maxLength: 30 }),
        fc.array(line, { maxLength: 40 }),
        (approvals, lines) => {
          const at = "2026-11-23T08:00:00.000Z";
          const view = homeView({
            approvals,
            requests: lines.map((each, i) => ({ turn: `trn_${i}`, line: each, status: each, at })),
            schedules: lines.map((each, i) => ({ id: `s${i}`, line: each, nextAt: i % 2 ? at : null })),
            place: { kind: "direct" },
            suggestions: lines,
            viewer: "ada@x",
            idFor: () => "b",
            reader,
            linkTo: () => OWN,
            now: NOW,
          });
          expect(viewProblems(view, [OWN])).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});
