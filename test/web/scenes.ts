import { newId } from "../../src/types/ids.ts";
import { dealItem, meetingItem, paymentItem } from "./cards.ts";
import type { FakeReply, FakeServer } from "./fake-server.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const LEAVE_ANSWER = [
  "You have **25 days of leave** in your first year, and one more after each full year up to 30 [1].",
  "",
  "| Years | Days |",
  "| --- | ---: |",
  "| First | 25 |",
  "| Third | 27 |",
  "| Sixth and later | 30 |",
  "",
  "Ask your manager at least two weeks before; up to five days carry over until 31 March [2].",
].join("\n");

/** Documents that the answers cite. */
export function addDocuments(server: FakeServer): void {
  server.documents.set("doc_leave", {
    title: "Leave and absence",
    passages: [
      {
        id: "p1",
        headings: ["Leave and absence"],
        text: "This page applies to everyone at Brightwell in Germany and the United Kingdom.",
      },
      {
        id: "p2",
        headings: ["Leave and absence", "How much"],
        text: "Everyone has 25 days of paid leave in the first calendar year. After each full year one day is added, up to 30 days.\nPart-time contracts count in proportion.",
      },
      {
        id: "p3",
        headings: ["Leave and absence", "Carrying over"],
        text: "Up to five days may be taken until 31 March of the next year.\n\n- Ask your manager.\n- Enter it in the calendar.",
      },
    ],
  });
}

/** Plays Steward: a few words of a message choose what happens. `paceMs` is the time between words. */
export const playScenes =
  (paceMs = 15): FakeReply =>
  async (server, session, text) => {
    const turn = newId("trn");
    addDocuments(server);
    const stream = async (words: string) => {
      for (const piece of words.match(/\S+\s*/g) ?? []) {
        server.stream(session, turn, piece);
        await wait(paceMs);
      }
    };
    await server.turn(session, turn, "running", "Reading your message");
    if (/leave/i.test(text)) {
      await server.turn(session, turn, "running", "Looking in the handbook");
      await wait(paceMs * 20);
      await stream(LEAVE_ANSWER);
      await server.say(session, turn, LEAVE_ANSWER, {
        citations: [
          {
            document: "doc_leave",
            title: "Leave and absence",
            passage: "p2",
            quote: "25 days of paid leave in the first calendar year",
          },
          {
            document: "doc_leave",
            title: "Leave and absence: carrying over",
            passage: "p3",
            quote: "Up to five days may be taken until 31 March",
          },
        ],
      });
      return server.turn(session, turn, "done");
    }
    if (/48,000|deal/i.test(text)) {
      await server.card(session, turn, text, [dealItem()]);
      await server.say(
        session,
        turn,
        "This changes the deal by more than €10,000, so a sales manager has to agree. I have asked **Sofia Marin** and **Tom Becker**; nothing has been changed yet.",
      );
      return server.turn(session, turn, "waiting");
    }
    if (/pay/i.test(text)) {
      await server.card(session, turn, text, [paymentItem()]);
      return server.turn(session, turn, "waiting");
    }
    if (/book|free/i.test(text)) {
      await server.card(session, turn, text, [meetingItem()]);
      await server.say(session, turn, "Booked: tomorrow 14:00 to 14:30, with Sofia Marin.");
      return server.turn(session, turn, "done");
    }
    if (/fail/i.test(text)) {
      return server.turn(session, turn, "failed", null, {
        code: "CAL-502",
        message:
          "I couldn't reach the calendar. Nothing was booked. Try again, or ask IT and mention CAL-502.",
      });
    }
    if (/slow/i.test(text)) return server.turn(session, turn, "running", "Looking at Sofia's calendar");
    await server.say(
      session,
      turn,
      "I found nothing about that in what you may read. Try other words, or ask the people team.",
    );
    return server.turn(session, turn, "done");
  };
