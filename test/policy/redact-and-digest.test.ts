import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestAction } from "../../src/policy/digest-action.ts";
import { redactSecrets } from "../../src/policy/redact-secrets.ts";
import { canonicalJson } from "../../src/types/canonical-json.ts";
import type { JsonObject } from "../../src/types/json.ts";

/** Built here so that no scanner takes this file for a leak. */
const made = (prefix: string, length = 40) => prefix + "aB3dE5gH".repeat(10).slice(0, length);

describe("redactSecrets", () => {
  it.each([
    ["an OpenAI key", made("sk-proj-")],
    ["an Anthropic key", made("sk-ant-api03-")],
    ["a Slack token", `xoxb-${"1234567890-".repeat(2)}abc`],
    ["a GitHub token", made("ghp_", 36)],
    ["an AWS key", `AKIA${"ABCDEFGH12345678"}`],
    ["a Google key", made("AIza", 35)],
    ["a JWT", `${made("eyJ", 30)}.${made("eyJ", 30)}.${made("", 40)}`],
  ])("takes out %s and leaves the sentence", (_, secret) => {
    expect(redactSecrets(`the key ${secret} is here`)).toBe("the key [redacted] is here");
  });

  it.each([
    ["Authorization: Bearer abc.def-123456", "abc.def-123456"],
    ["curl -H 'authorization: Basic dXNlcjpwYXNz'", "dXNlcjpwYXNz"],
    ["postgres://steward:hunter2@db.internal/x", "hunter2"],
    ["https://api.example/x?api_key=hunter22&b=1", "hunter22"],
    ['{"password":"hunter2","user":"kim"}', "hunter2"],
    ["DB_PASSWORD=hunter2 npm start", "hunter2"],
    ["client_secret: 'hun ter2'", "hun ter2"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "MIIabc"],
    ["-----BEGIN PRIVATE KEY-----\nMIIabc cut off", "MIIabc"],
    ["https://hooks.slack.com/services/T000/B000/XXXXXXXX", "XXXXXXXX"],
  ])("takes the secret out of %s", (text, secret) => {
    expect(redactSecrets(text)).not.toContain(secret);
    expect(redactSecrets(text)).toContain("[redacted]");
  });

  it("leaves ordinary text as it is", () => {
    for (const text of [
      "Book a meeting with Ben at 11:30 tomorrow.",
      "task-force sk-1",
      "http://localhost:3000/a@b",
      "The password policy is in the handbook.",
      "IBAN DE02120300000000202051",
      "€12,500.00 (deal deal_01hx)",
    ]) {
      expect(redactSecrets(text)).toBe(text);
    }
  });

  it("is done with hostile text in bounded time, and redacting twice changes nothing more", () => {
    for (const text of [
      "-----BEGIN ".repeat(40_000),
      "password=".repeat(40_000),
      `${"a".repeat(300_000)}://`,
      "eyJ".repeat(100_000),
      "bearer ".repeat(50_000),
    ]) {
      const started = performance.now();
      redactSecrets(text);
      expect(performance.now() - started).toBeLessThan(2000);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = redactSecrets(`token=${text} ${text}`);
        expect(redactSecrets(once)).toBe(once);
      }),
    );
  });
});

const anyArgs = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>;

describe("digestAction", () => {
  it("follows RFC 8785 in order, numbers and escapes", () => {
    const text = canonicalJson({
      "\u20ac": 1,
      "\r": 2,
      "1": [1e30, 4.5, 2e-3, 1e-27, -0],
      "\u{1f600}": null,
      "\ufb33": true,
      a: '\u000f\n"\\\u20ac',
    });
    expect(text).toBe(
      '{"\\r":2,"1":[1e+30,4.5,0.002,1e-27,0],"a":"\\u000f\\n\\"\\\\€","€":1,"😀":null,"\ufb33":true}',
    );
  });

  it("is the same whatever the order of the keys", () => {
    expect(digestAction("t", { a: 1, b: { c: 2, d: 3 } }, "v")).toBe(
      digestAction("t", { b: { d: 3, c: 2 }, a: 1 }, "v"),
    );
    expect(digestAction("t", {}, "v")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("changes with any one argument, the tool or the policy version", () => {
    fc.assert(
      fc.property(anyArgs, fc.string(), fc.jsonValue({ maxDepth: 2 }), (args, name, value) => {
        const changed = { ...args, [name]: value as never };
        const isSame = canonicalJson(changed) === canonicalJson(args);
        expect(digestAction("t", changed, "v") === digestAction("t", args, "v")).toBe(isSame);
        expect(digestAction("u", args, "v")).not.toBe(digestAction("t", args, "v"));
        expect(digestAction("t", args, "w")).not.toBe(digestAction("t", args, "v"));
      }),
    );
  });

  it("refuses what JSON cannot say rather than digest something else", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, "\ud800"])
      expect(() => digestAction("t", { a: bad }, "v")).toThrow(RangeError);
  });
});
