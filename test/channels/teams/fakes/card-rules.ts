import { createRequire } from "node:module";
import type * as Cards from "adaptivecards";

/** Its module build has imports that Node cannot follow; the bundle is the same code. */
const microsoft: typeof Cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const MAX_CARD_BYTES = 28_000;
const MAX_ACTIONS = 6;

/** Where children are, and what they are; Microsoft's parser reads these by hand and so does not list them. */
const CHILDREN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AdaptiveCard: {
    body: "element",
    actions: "action",
    selectAction: "action",
    refresh: "refresh",
    authentication: "any",
    msteams: "any",
    metadata: "any",
    backgroundImage: "any",
  },
  Container: { items: "element", backgroundImage: "any" },
  Column: { items: "element", backgroundImage: "any", width: "any" },
  ColumnSet: { columns: "Column" },
  ActionSet: { actions: "action" },
  RichTextBlock: { inlines: "inline" },
  FactSet: { facts: "fact" },
  ImageSet: { images: "element" },
  Table: { rows: "TableRow", columns: "any" },
  TableRow: { cells: "TableCell" },
  TableCell: { items: "element" },
  "Input.ChoiceSet": { choices: "choice", "choices.data": "any" },
  "Input.Text": { inlineAction: "action" },
  "Action.ShowCard": { card: "element" },
  "Action.Submit": { data: "any", msteams: "any" },
  "Action.Execute": { data: "any", msteams: "any" },
  "Action.ToggleVisibility": { targetElements: "any" },
  Image: { msteams: "any" },
};
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  fact: ["title", "value"],
  choice: ["title", "value"],
  refresh: ["action", "userIds", "expires"],
};
const SHARED = ["type", "fallback", "requires"];
/** Not in the registry: they only live inside others. */
const INNER = ["AdaptiveCard", "Column", "TableRow", "TableCell"] as const;

/** What is wrong with a card of schema 1.5, by Microsoft's own parser and by its own table of properties. */
export function cardProblems(card: unknown): string[] {
  if (!isNode(card)) return ["the card is no object"];
  const problems: string[] = [];
  const context = new microsoft.SerializationContext(microsoft.Versions.v1_5);
  const parsed = new microsoft.AdaptiveCard();
  parsed.parse(card, context);
  for (let i = 0; i < context.eventCount; i++) problems.push(`parser: ${context.getEventAt(i).message}`);
  for (const { message } of parsed.validateProperties().validationEvents)
    problems.push(`validation: ${message}`);
  if (card.type !== "AdaptiveCard") problems.push("type is not AdaptiveCard");
  if (card.version !== "1.5" && card.version !== "1.4") problems.push(`version ${String(card.version)}`);
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > MAX_CARD_BYTES) problems.push(`the card has ${bytes} bytes`);
  walk(card, "AdaptiveCard", "card", problems);
  const inputs = inputIds(card);
  if (new Set(inputs).size !== inputs.length) problems.push("two inputs share an id");
  const refresh = isNode(card.refresh) ? card.refresh : null;
  if (refresh) {
    const ids = refresh.userIds;
    if (Array.isArray(ids) && ids.length > 60) problems.push("refresh for more than 60 people");
    if (!isNode(refresh.action) || refresh.action.type !== "Action.Execute")
      problems.push("refresh without Action.Execute");
  }
  return problems;
}

let known: Map<string, { readonly names: readonly string[]; readonly isAction: boolean }> | null = null;

/** Types and their properties up to 1.5, as Microsoft's parser registers them. */
function schema() {
  if (known) return known;
  const limit = microsoft.Versions.v1_5;
  const read = (one: Cards.SerializableObject): string[] => {
    const table = one.getSchema();
    return Array.from({ length: table.getCount() }, (_, i) => table.getItemAt(i))
      .filter((property) => property.targetVersion.compareTo(limit) <= 0)
      .map((property) => property.name);
  };
  known = new Map();
  for (const [registry, isAction] of [
    [microsoft.GlobalRegistry.elements, false],
    [microsoft.GlobalRegistry.actions, true],
  ] as const) {
    for (let i = 0; i < registry.getItemCount(); i++) {
      const item = registry.getItemAt(i);
      if (item.schemaVersion.compareTo(limit) > 0) continue;
      known.set(item.typeName, { names: read(new item.objectType()), isAction });
    }
  }
  const inner: Record<(typeof INNER)[number], Cards.SerializableObject> = {
    AdaptiveCard: new microsoft.AdaptiveCard(),
    Column: new microsoft.Column(),
    TableRow: new microsoft.TableRow(),
    TableCell: new microsoft.TableCell(),
  };
  for (const name of INNER) known.set(name, { names: read(inner[name]), isAction: false });
  return known;
}

function walk(node: unknown, expected: string, path: string, problems: string[]): void {
  if (Array.isArray(node)) {
    const actions = expected === "action" ? node.length : 0;
    if (actions > MAX_ACTIONS) problems.push(`${path}: ${actions} buttons, Teams shows ${MAX_ACTIONS}`);
    for (const [i, child] of node.entries()) walk(child, expected, `${path}[${i}]`, problems);
    return;
  }
  if (expected === "any" || (expected === "inline" && typeof node === "string")) return;
  if (!isNode(node)) {
    problems.push(`${path}: not an object`);
    return;
  }
  const plain = PLAIN[expected];
  if (plain) {
    for (const name of Object.keys(node))
      if (!plain.includes(name)) problems.push(`${path}: unknown property ${name}`);
    if (expected !== "refresh")
      for (const name of plain)
        if (typeof node[name] !== "string") problems.push(`${path}: ${name} is no text`);
    return;
  }
  const type = typeof node.type === "string" ? node.type : INNER.find((name) => name === expected);
  const entry = type === undefined ? undefined : schema().get(type);
  if (type === undefined || !entry) {
    problems.push(`${path}: unknown type ${String(node.type)}`);
    return;
  }
  if (entry.isAction !== (expected === "action")) problems.push(`${path}: ${type} does not belong here`);
  const children = CHILDREN[type] ?? {};
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith("$")) continue;
    const child = children[name] ?? (name === "selectAction" ? "action" : undefined);
    if (child) walk(value, child, `${path}.${name}`, problems);
    else if (![...entry.names, ...SHARED].includes(name))
      problems.push(`${path}: ${type} has no property ${name}`);
  }
  if (typeof node.fallback !== "string" && node.fallback !== undefined) {
    walk(node.fallback, entry.isAction ? "action" : "element", `${path}.fallback`, problems);
  }
  if (type === "Action.Execute") {
    const fallback = isNode(node.fallback) ? node.fallback.type : undefined;
    if (fallback !== "Action.Submit" && fallback !== "Action.OpenUrl")
      problems.push(`${path}: Action.Execute without a fallback`);
  }
  if (type === "Action.OpenUrl" && !/^(https?:|mailto:)/i.test(String(node.url)))
    problems.push(`${path}: link to ${String(node.url)}`);
  if (type === "TextBlock" && (typeof node.text !== "string" || node.text === ""))
    problems.push(`${path}: no text`);
  if (type.startsWith("Input.")) {
    if (typeof node.id !== "string" || node.id === "") problems.push(`${path}: an input without id`);
    if (typeof node.label !== "string" && typeof node.title !== "string")
      problems.push(`${path}: an input without label`);
  }
}

function inputIds(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(inputIds);
  if (!isNode(node)) return [];
  const own = typeof node.type === "string" && node.type.startsWith("Input.") ? [String(node.id)] : [];
  return [...own, ...Object.values(node).flatMap(inputIds)];
}
