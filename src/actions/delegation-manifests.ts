import type { OutputSpec, ToolManifest } from "../types/tool.ts";

const SYSTEM: OutputSpec = { integrity: "system", sensitivity: "internal" };
const EACH: Readonly<Record<string, OutputSpec>> = {
  "$.delegations[*].id": { ...SYSTEM, kind: "steward.delegation" },
  "$.delegations[*].from": { ...SYSTEM, kind: "email" },
  "$.delegations[*].to": { ...SYSTEM, kind: "email" },
  "$.delegations[*].until": { ...SYSTEM, kind: "time" },
};

export const DELEGATE: ToolManifest = {
  name: "steward.delegate",
  title: "hand over your approvals",
  description:
    "Lets a named colleague approve or refuse in the person's place until a given day or time, 30 days at most ('Marek approves for me until Friday'). The colleague never decides on their own requests or on the person's. It approves nothing itself.",
  effect: "write",
  // Few and plain: "let Tom know by Friday" must not read as a request to hand the vote to Tom.
  verbs: ["delegate", "approve", "decide", "deputise", "deputize"],
  args: {
    to: {
      role: "dest",
      kind: "person",
      required: true,
      label: "Colleague",
      question: "Who should decide for you?",
    },
    until: { role: "time", required: true, label: "Until", question: "Until when?" },
  },
  output: {
    "$.id": { ...SYSTEM, kind: "steward.delegation" },
    "$.to": { ...SYSTEM, kind: "email" },
    "$.until": { ...SYSTEM, kind: "time" },
  },
  idempotency: "key",
  compensate: { windowMs: 86_400_000, note: "Can be undone for a day; it can be revoked at any time." },
  examples: [
    "Marek approves for me until Friday",
    "let Sofia approve for me until next Monday",
    "delegate my approvals to Tom until 3 December",
    "Ana can decide for me until the end of the week",
    "hand my approvals over to Nora until Thursday at 5pm",
    "Tom stands in for me with approvals until Friday",
    "I'm away until Monday, Paul should approve in my place",
    "make Marek my deputy for approvals until the 12th",
    "give my vote to Julia until tomorrow evening",
    "Sofia covers my approvals until 15 January",
    "approvals for me go to Tom Becker until Friday",
    "while I am on holiday until Monday Marek decides for me",
  ],
};

export const LIST_DELEGATIONS: ToolManifest = {
  name: "steward.listDelegations",
  title: "list who decides for whom",
  description:
    "Lists to whom the person handed their approvals and for whom the person may decide, with the end of each.",
  effect: "read",
  verbs: ["list", "show"],
  args: {},
  output: EACH,
  idempotency: "key",
  compensate: null,
  examples: [
    "who approves for me",
    "who is my deputy",
    "list my delegations",
    "for whom can I approve",
    "who can decide in my place",
    "did I hand over my approvals",
    "show delegations",
    "whom do I stand in for",
    "is anybody approving on my behalf",
    "until when does Marek approve for me",
  ],
};

export const REVOKE_DELEGATION: ToolManifest = {
  name: "steward.revokeDelegation",
  title: "take your approvals back",
  description:
    "Ends a delegation of the person before its time: the colleague no longer decides in their place. Votes that the colleague gave for what is still open no longer count.",
  effect: "write",
  verbs: [
    "revoke",
    "end",
    "stop",
    "withdraw",
    "cancel",
    "take",
    "remove",
    "approve",
    "decide",
    "stand",
    "cover",
  ],
  args: {
    from: {
      role: "dest",
      kind: "person",
      label: "Colleague",
      question: "From whom should I take them back?",
    },
  },
  output: { "$.delegations[*].id": { ...SYSTEM, kind: "steward.delegation" } },
  idempotency: "key",
  compensate: { windowMs: 86_400_000, note: "Can be undone for a day, while its own time is not over." },
  examples: [
    "revoke my delegation",
    "Marek no longer approves for me",
    "take my approvals back",
    "end the delegation to Tom",
    "stop Sofia from approving for me",
    "I'm back, nobody needs to approve for me any more",
    "cancel my delegation to Ana",
    "withdraw Marek's right to decide for me",
    "remove my deputy for approvals",
    "I decide myself again",
  ],
};
