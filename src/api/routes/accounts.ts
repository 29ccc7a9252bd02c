import { z } from "zod";
import { StewardError } from "../../types/steward-error.ts";
import { nothing } from "../inputs.ts";
import { defineRoute, type Route } from "../route.ts";
import { time } from "../schemas.ts";

const channel = z.enum(["slack", "teams"]);
const account = {
  channel,
  workspace: z.string().describe("Slack workspace or Entra tenant"),
  account: z.string().describe("The platform's own id of the person"),
};
const told = z.string().nullable();
const info = z.object({ ...account, proof: z.enum(["email", "link"]), linkedAt: time });
const byCode = z.strictObject({ code: z.string().regex(/^[A-Za-z0-9_-]{32}$/, "is not a code of a link") });
const given = { query: nothing } as const;

/** People's accounts on Slack and Teams. */
export const accountRoutes: readonly Route[] = [
  defineRoute({
    ...given,
    method: "get",
    path: "/api/links/:code",
    operation: "openLink",
    summary: "Whose account a one-time link would tie to me",
    access: "person",
    isWrite: false,
    params: byCode,
    body: null,
    answer: z.object({
      ...account,
      name: told.describe("As the platform tells it; people choose their own"),
      email: told.describe("That the platform vouches for"),
      workspaceName: told,
      expiresAt: time,
    }),
    handle: async (ports, { as, params }) => await ports.openLink(as, params.code),
  }),
  defineRoute({
    ...given,
    method: "post",
    path: "/api/links/:code/confirm",
    operation: "confirmLink",
    summary: "Say that the account of a one-time link is mine; it is, once that account says the number",
    access: "person",
    isWrite: true,
    params: byCode,
    body: nothing.optional(),
    answer: z.object({
      ...account,
      number: z
        .string()
        .regex(/^\d{6}$/)
        .optional()
        .describe("To type to Steward there; in this answer and nowhere else"),
      expiresAt: time,
    }),
    secretFields: ["number"],
    handle: async (ports, { as, params, caller }) => {
      // A link lasts; a site that shows the chat speaks for the person for minutes, and could tie anybody's account.
      if (caller.isSite) {
        throw new StewardError(
          "AUTH-403",
          "An account is linked on Steward's own page: open the link itself.",
        );
      }
      return await ports.confirmLink(as, params.code);
    },
  }),
  defineRoute({
    ...given,
    method: "get",
    path: "/api/accounts",
    operation: "listAccounts",
    summary: "My accounts on Slack and Teams",
    access: "person",
    isWrite: false,
    params: nothing,
    body: null,
    answer: z.object({ accounts: z.array(info) }),
    handle: async (ports, { as }) => ({ accounts: [...(await ports.accounts(as))] }),
  }),
  defineRoute({
    ...given,
    method: "post",
    path: "/api/accounts/remove",
    operation: "removeAccount",
    summary: "Take an account off that is not mine (any more)",
    access: "person",
    isWrite: true,
    params: nothing,
    body: z.strictObject({
      channel,
      workspace: z.string().min(1).max(200),
      account: z.string().min(1).max(200),
    }),
    answer: z.object({ removed: z.boolean() }),
    handle: async (ports, { as, body }) => {
      await ports.removeAccount(as, body);
      return { removed: true };
    },
  }),
  defineRoute({
    ...given,
    method: "get",
    path: "/api/channels/:channel/check",
    operation: "checkChannel",
    summary: "Ask Slack or Teams whether the set-up is well",
    access: "admin",
    isWrite: false,
    params: z.strictObject({ channel }),
    body: null,
    answer: z.object({
      ok: z.boolean(),
      checks: z.array(
        z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().nullable() }),
      ),
    }),
    handle: async (ports, { params }) => {
      const checks = await ports.checkChannel(params.channel);
      return { ok: checks.every((one) => one.ok), checks: [...checks] };
    },
  }),
];
