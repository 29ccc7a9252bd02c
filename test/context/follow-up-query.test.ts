import { describe, expect, it } from "vitest";
import { followUpQuery } from "../../src/context/follow-up-query.ts";

describe("what is searched for", () => {
  it.each([
    [["What may a hotel cost?", "and in London?"], "What may a hotel cost?\nand in London?"],
    [["How long is the warranty?", "what about Tide"], "How long is the warranty?\nwhat about Tide"],
    [["Can I work from home?", "how many days is that?"], "Can I work from home?\nhow many days is that?"],
    [["a hotel", "and in London", "and in Paris"], "a hotel\nand in London\nand in Paris"],
  ])("joins a message that goes on from the one before: %j", (texts, query) => {
    expect(followUpQuery(texts)).toBe(query);
  });

  it.each([
    [["What may a hotel cost?", "How do I reset my password?"]],
    [["What may a hotel cost?", "and who approves a purchase order over 20,000 euros"]],
    [["password", "holidays"]],
    [["and in London?"]],
  ])("leaves a message alone that says by itself what it is about: %j", (texts) => {
    expect(followUpQuery(texts)).toBe(texts.at(-1));
  });

  it("is empty when nothing was written", () => {
    expect(followUpQuery([])).toBe("");
  });
});
