import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answer, openSlackRoom, type SlackRoom } from "./slack-room.ts";

const NORA = "nora@acme.example";

describe("who reads along in Slack", () => {
  let room: SlackRoom;
  beforeEach(async () => {
    const people = [{ name: "nora" }, { name: "ben" }, { name: "eve" }];
    const members = ["nora", "steward"];
    const channels = [
      { name: "board", members },
      { name: "vault", members, isPrivate: true },
      { name: "partners", members, isShared: true },
    ];
    room = await openSlackRoom({ teams: [{ people, channels }] });
  });
  afterEach(async () => await room.close());

  const askIn = async (channel: string) => {
    await room.nora.says(channel, "@steward what do we pay?");
    const thread = room.received.at(-1)?.thread;
    if (!thread) throw new Error("Nothing was received.");
    return thread;
  };

  it("is everybody of the workspace in a public channel, also who never joined it", async () => {
    const label = { sensitivity: "confidential", readers: ["board"] } as const;
    await room.channel.post(answer(await askIn("board"), "It is 5,000.", { viewer: NORA, label }));
    expect(room.nora.sees("board", "5,000")).toBeNull();
    expect(room.nora.sees("board", "The answer is ready")).not.toBeNull();
    await room.channel.post(answer(await askIn("vault"), "It is 6,000.", { viewer: NORA, label }));
    expect(room.nora.sees("vault", "6,000")).not.toBeNull();
    const readers = ["finance"];
    const named = { sensitivity: "internal", readers } as const;
    await room.channel.post(answer(await askIn("board"), "It is 7,000.", { viewer: NORA, label: named }));
    expect(room.nora.sees("board", "7,000")).toBeNull();
    const all = { sensitivity: "internal", readers: ["everyone"] } as const;
    await room.channel.post(answer(await askIn("board"), "Trains first.", { viewer: NORA, label: all }));
    expect(room.nora.sees("board", "Trains first.")).not.toBeNull();
  });

  it("is somebody unknown in a channel that is shared with another company", async () => {
    room.will.mayAllSee = (_label, people) => !people.includes(null);
    const label = { sensitivity: "internal", readers: ["everyone"] } as const;
    await room.channel.post(answer(await askIn("partners"), "Trains first.", { viewer: NORA, label }));
    expect(room.nora.sees("partners", "Trains first.")).toBeNull();
  });
});
