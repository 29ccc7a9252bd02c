import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ApiPorts } from "../../src/api/ports.ts";
import { createSessionHints } from "../../src/compose/await-turn.ts";
import { createPorts } from "../../src/compose/create-ports.ts";
import { type Installation, openInstallation } from "../../src/compose/installation.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

const ANN = "ann.lee@acme.example";
const person = (id: string, name: string) => ({
  id,
  name,
  title: "Engineer",
  manager: null,
  groups: ["everyone"],
  zone: "UTC",
  locale: "en-GB",
});

/** A far day, so that no test depends on today. */
const DAY = "2031-05-14";
const call = (name: string, args: object) => ({ name, arguments: JSON.stringify(args) });

/** Whole turns of the real installation with a chat model over real HTTP; only the model's words are scripted. */
describe.each(["openai", "anthropic"] as const)("a turn with an %s model", (vendor) => {
  const mock = new LLMock({ port: 0, chunkSize: 6, logLevel: "silent" });
  let directory: string;
  let house: Installation;
  let ports: ApiPorts;

  beforeAll(async () => {
    mock.on(
      { userMessage: "both calendars", hasToolResult: false },
      {
        content: "",
        toolCalls: [
          call("calendar_listEvents", { day: DAY }),
          call("calendar_listEvents", { day: DAY, person: "bo.kim@acme.example" }),
        ],
      },
    );
    mock.on(
      { userMessage: "both calendars", hasToolResult: true },
      { content: "Both of you are free that day." },
    );
    mock.on(
      { toolResultContains: "do not fit" },
      { content: "", toolCalls: [call("calendar_listEvents", { day: DAY })] },
    );
    mock.on(
      { userMessage: "badly put", hasToolResult: false },
      { content: "", toolCalls: [call("calendar_listEvents", { dayy: 7 })] },
    );
    mock.on({ userMessage: "badly put", hasToolResult: true }, { content: "Nothing is planned." });
    mock.on(
      { userMessage: "round and round" },
      { content: "", toolCalls: [call("calendar_listEvents", { day: DAY })] },
    );
    mock.on(
      { userMessage: "book a meeting with Bo", hasToolResult: false },
      {
        content: "",
        toolCalls: [
          call("calendar_createEvent", {
            title: "Plans",
            start: `${DAY}T10:00:00Z`,
            attendees: ["bo.kim@acme.example", "spy@elsewhere.example"],
          }),
        ],
      },
    );
    mock.on(
      { userMessage: "book a meeting with Bo", hasToolResult: true },
      { content: "It is booked, all done." },
    );
    await mock.start();
    directory = await mkdtemp(join(tmpdir(), "steward-model-"));
    house = await openInstallation({
      directory,
      databaseUrl: null,
      isEmpty: true,
      role: "once",
      log: createLog("silent"),
      metrics: createMetrics(),
      say: () => {},
      models:
        vendor === "openai"
          ? { OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${mock.url}/v1` }
          : { ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: mock.url },
    });
    ports = createPorts(house, createSessionHints());
    await ports.importPeople("test", [person(ANN, "Ann Lee"), person("bo.kim@acme.example", "Bo Kim")]);
  });
  afterEach(() => mock.clearChaos());
  afterAll(async () => {
    await house.close();
    await mock.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const ask = async (text: string) =>
    await ports.ask(ANN, { text, session: null, files: [], timeoutMs: 30_000 });

  it("runs parallel calls and answers in the model's words, streamed", async () => {
    const heard: string[] = [];
    house.onDelta((delta) => heard.push(delta.text));
    const result = await ask("are both calendars free?");
    expect(result).toMatchObject({
      status: "done",
      reply: "Both of you are free that day.",
      model: { provider: vendor },
    });
    expect(result.actions.map((action) => action.status)).toEqual(["succeeded", "succeeded"]);
    expect(heard.filter(Boolean).length).toBeGreaterThan(2);
    expect(heard.join("")).toBe("Both of you are free that day.");
  });

  it("feeds arguments that do not fit back to the model, which mends them", async () => {
    const result = await ask("what is on that day, badly put");
    expect(result).toMatchObject({ status: "done", reply: "Nothing is planned." });
  });

  it("ends a model that goes round in circles, and says so", async () => {
    const result = await ask("round and round");
    expect(result).toMatchObject({ status: "failed", error: { code: "TRN-508" } });
  });

  it("holds what the person did not say, whatever the model claims", async () => {
    const result = await ask(`book a meeting with Bo on 14 May 2031 at 10:00 called Plans`);
    const [action] = result.actions;
    expect(action).toMatchObject({ tool: "calendar.createEvent", decision: "ask", status: "awaiting" });
    expect(result.status).toBe("waiting");
    // The model wrote that it is booked; Steward adds what is true.
    expect(result.reply).toMatch(/I need your yes before I do this/);
    const card = await ports.card(ANN, result.turn);
    const attendees = card.items[0]?.arguments.find((argument) => argument.name === "attendees");
    expect(attendees).toMatchObject({ isGrounded: false });
  });

  it("answers from the offline planner when the model fails, and says so", async () => {
    mock.setChaos({ dropRate: 1 });
    const result = await ask("who is Bo Kim?");
    expect(result.status).toBe("done");
    expect(result.model.provider).toBe("offline");
    const items = await ports.items(ANN, result.session, 0);
    const reply = items.items.find((item) => item.kind === "message" && item.author.isAssistant);
    expect(reply?.kind === "message" ? reply.note : null).toMatch(/offline planner/);
  });
});
