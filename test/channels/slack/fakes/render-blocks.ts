import type { Block, Fields } from "./slack-world.ts";

export type Button = {
  readonly label: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value: string | null;
  readonly style: string | null;
  readonly url: string | null;
  readonly confirm: { readonly title: string; readonly text: string } | null;
  /** As it stands in the block, for the payload of a click. */
  readonly element: Fields;
};

const object = (value: unknown): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
const array = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(object) : []);
const string = (value: unknown): string => (typeof value === "string" ? value : "");

export type Names = (id: string) => string;

/** Slack's markup as the reader sees it: mentions by name, links by label, the three escapes undone. */
export function readMrkdwn(text: string, names: Names): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${names(id)}`)
    .replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `#${names(id)}`)
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<!([a-z]+)(?:\|[^>]*)?>/g, "@$1")
    .replace(/<(?:https?|mailto|tel):[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<((?:https?|mailto|tel):[^|>]*)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function readText(value: unknown, names: Names): string {
  const text = object(value);
  return text.type === "mrkdwn" ? readMrkdwn(string(text.text), names) : string(text.text);
}

function readRich(element: Fields, names: Names): string {
  const inner = array(element.elements);
  switch (element.type) {
    case "rich_text_list":
      return inner
        .map((one, i) => `${element.style === "ordered" ? `${i + 1}.` : "•"} ${readRich(one, names)}`)
        .join("\n");
    case "text":
      return string(element.text);
    case "link":
      return string(element.text) || string(element.url);
    case "user":
      return `@${names(string(element.user_id))}`;
    case "channel":
      return `#${names(string(element.channel_id))}`;
    case "emoji":
      return readEmoji(element);
    case "broadcast":
      return `@${string(element.range)}`;
    case "date":
      return string(element.fallback);
    case "rich_text":
      return inner.map((one) => readRich(one, names)).join("\n");
    default:
      return inner.map((one) => readRich(one, names)).join("");
  }
}

function readEmoji(element: Fields): string {
  const code = string(element.unicode);
  if (!code) return `:${string(element.name)}:`;
  return String.fromCodePoint(...code.split("-").map((part) => Number.parseInt(part, 16)));
}

function readElement(element: Fields, names: Names): string {
  if (element.type === "mrkdwn" || element.type === "plain_text") return readText(element, names);
  if (element.type === "button" || element.type === "workflow_button")
    return `[${readText(element.text, names)}]`;
  if (element.type === "image") return string(element.alt_text);
  return [readText(element.placeholder, names)].filter(Boolean).join(" ");
}

function readCell(cell: Fields, names: Names): string {
  if (cell.type === "rich_text") return readRich(cell, names);
  return string(cell.text) || (typeof cell.value === "number" ? String(cell.value) : "");
}

/** The words of one block, top to bottom. */
export function readBlock(block: Fields, names: Names): string {
  const lines = (...parts: readonly string[]) => parts.filter((part) => part !== "").join("\n");
  switch (block.type) {
    case "header":
      return readText(block.text, names);
    case "section":
      return lines(
        readText(block.text, names),
        ...array(block.fields).map((field) => readText(field, names)),
        block.accessory ? readElement(object(block.accessory), names) : "",
      );
    case "context":
    case "actions":
    case "context_actions":
      return array(block.elements)
        .map((element) => readElement(element, names))
        .join(" ");
    case "markdown":
      return string(block.text);
    case "rich_text":
      return readRich(block, names);
    case "table":
      return (Array.isArray(block.rows) ? block.rows : [])
        .map((row) =>
          array(row)
            .map((cell) => readCell(cell, names))
            .join(" | "),
        )
        .join("\n");
    case "input":
      return lines(readText(block.label, names), readText(block.hint, names));
    case "task_card":
      return lines(
        string(block.title),
        readRich(object(block.details), names),
        readRich(object(block.output), names),
      );
    case "plan":
      return lines(string(block.title), ...array(block.tasks).map((task) => readBlock(task, names)));
    case "image":
      return lines(readText(block.title, names), string(block.alt_text));
    case "divider":
      return "";
    default:
      return lines(
        typeof block.title === "string" ? block.title : readText(block.title, names),
        readText(block.subtitle, names),
        typeof block.text === "string" ? block.text : readText(block.text, names),
        readText(block.body, names),
      );
  }
}

/** What a person reads in a message: its blocks, or the text where there are none. */
export function readBlocks(blocks: readonly Block[], names: Names): string {
  return blocks
    .map((block) => readBlock(block, names))
    .filter(Boolean)
    .join("\n");
}

/** Everything that can be clicked, in reading order; a menu's choices and both thumbs of feedback among them. */
export function buttonsOf(blocks: readonly Block[]): readonly Button[] {
  const found: Button[] = [];
  for (const block of blocks) {
    const elements = [...array(block.elements), object(block.accessory), ...array(block.actions)];
    for (const element of elements) {
      const blockId = string(block.block_id);
      if (element.type === "button") found.push(toButton(element, element, blockId));
      if (element.type === "icon_button") found.push(toButton(element, element, blockId));
      if (element.type === "overflow" || element.type === "static_select" || element.type === "radio_buttons")
        for (const option of array(element.options)) found.push(toButton(element, option, blockId));
      if (element.type === "feedback_buttons") {
        for (const side of ["positive_button", "negative_button"])
          found.push(toButton(element, object(element[side]), blockId));
      }
    }
  }
  return found;
}

function toButton(element: Fields, part: Fields, blockId: string): Button {
  const confirm = object(part.confirm ?? element.confirm);
  return {
    label: string(object(part.text).text),
    actionId: string(element.action_id),
    blockId,
    value: typeof part.value === "string" ? part.value : null,
    style: typeof part.style === "string" ? part.style : null,
    url: typeof part.url === "string" ? part.url : null,
    confirm: confirm.title
      ? { title: string(object(confirm.title).text), text: string(object(confirm.text).text) }
      : null,
    element,
  };
}
