import { z } from "zod";
import { chars } from "./block-elements.ts";
import { BLOCK_LIMITS as L } from "./block-limits.ts";

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
    highlight: z.boolean().optional(),
    client_highlight: z.boolean().optional(),
    unlink: z.boolean().optional(),
  })
  .optional();
const text = z.strictObject({ type: z.literal("text"), text: z.string().min(1), style });
const link = z.strictObject({
  type: z.literal("link"),
  url: chars(L.url, 1),
  text: z.string().min(1).optional(),
  unsafe: z.boolean().optional(),
  style,
});
const inline = z.discriminatedUnion("type", [
  text,
  link,
  z.strictObject({
    type: z.literal("date"),
    timestamp: z.int().min(0),
    format: z.string().includes("{"),
    url: z.string().optional(),
    fallback: z.string().min(1).optional(),
    style,
  }),
  z.strictObject({
    type: z.literal("emoji"),
    name: z.string().min(1),
    unicode: z.string().optional(),
    style,
  }),
  z.strictObject({ type: z.literal("color"), value: z.string(), style }),
  z.strictObject({ type: z.literal("user"), user_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal("usergroup"), usergroup_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal("channel"), channel_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal("team"), team_id: z.string().min(1), style }),
  z.strictObject({ type: z.literal("broadcast"), range: z.enum(["here", "channel", "everyone"]), style }),
]);
const border = z.int().min(0).optional();
const section = z.strictObject({ type: z.literal("rich_text_section"), elements: z.array(inline).min(1) });
const part = z.discriminatedUnion("type", [
  section,
  z.strictObject({
    type: z.literal("rich_text_list"),
    style: z.enum(["bullet", "ordered"]),
    elements: z.array(section).min(1),
    indent: z.int().min(0).max(8).optional(),
    offset: z.int().min(0).optional(),
    border,
  }),
  z.strictObject({ type: z.literal("rich_text_quote"), elements: z.array(inline).min(1), border }),
  z.strictObject({
    type: z.literal("rich_text_preformatted"),
    elements: z.array(z.discriminatedUnion("type", [text, link])).min(1),
    border,
  }),
]);

export const richText = z.strictObject({
  type: z.literal("rich_text"),
  block_id: chars(L.id, 1).optional(),
  elements: z.array(part).min(1),
});
/** Any part or leaf of a rich text. */
export const anyRichText = z.union([richText, part, inline]);
