import type { ToolManifest } from "../../src/types/tool.ts";

const SYSTEM = { integrity: "system", sensitivity: "internal" } as const;

export const findPeopleManifest: ToolManifest = {
  name: "people.find",
  title: "look someone up",
  description:
    "Looks up colleagues in the directory: who someone is, their title, e-mail address, manager and where they sit; who has a job title; who works in a department; who reports to whom. Put names or titles into `person`; put a whole question into `query` when it is about a department or cannot be split.",
  effect: "read",
  verbs: ["find", "show", "look", "tell", "list", "get", "give", "know", "work", "run", "lead", "report"],
  args: {
    person: { role: "name", kind: "person", label: "Person" },
    relation: {
      role: "value",
      label: "Relation",
      choices: {
        manager: ["manager", "boss", "line manager", "supervisor", "reports to", "report to"],
        reports: ["direct reports", "reports", "team of", "who reports to"],
      },
    },
    query: { role: "free", label: "Question" },
  },
  output: {
    "$.people[*].id": { ...SYSTEM, kind: "email" },
    "$.people[*].name": { ...SYSTEM, kind: "person" },
    "$.people[*].title": SYSTEM,
    "$.people[*].manager": { ...SYSTEM, kind: "email" },
    "$.people[*].managerName": { ...SYSTEM, kind: "person" },
    "$.people[*].zone": SYSTEM,
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "Who is Sofia Marin?",
    "who is the head of sales",
    "who works in finance",
    "Who is Ben Okafor's manager?",
    "what's Marek's e-mail address",
    "who does Priya report to",
    "list everyone in operations",
    "who reports to Ana Costa",
    "which people are in the IT team",
    "who runs HR",
    "find the office manager",
    "what is Omar's job",
    "who are the sales managers",
    "how do I reach Lena Fischer",
    "who is my boss",
    "which time zone is Helen in",
    "what's Tom's number",
    "contact details of Omar",
    "is there an office manager here",
    "is there a people partner",
    "Grace's phone number please",
    "tell me who sits in sales",
    "whom do I ask about laptops in IT",
    "how can I contact David",
  ],
};
