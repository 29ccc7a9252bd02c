import { z } from "zod";
import {
  anyText,
  button,
  chars,
  feedbackButtons,
  iconButton,
  image,
  imageSource,
  inAccessory,
  inActions,
  inInput,
  mrkdwn,
  plain,
  slackFile,
  urlSource,
} from "./block-elements.ts";
import { BLOCK_LIMITS as L } from "./block-limits.ts";
import { richText } from "./block-rich-text.ts";

const id = { block_id: chars(L.id, 1).optional() };
const rawText = z.strictObject({ type: z.literal("raw_text"), text: z.string().min(1) });
const rawNumber = z.strictObject({
  type: z.literal("raw_number"),
  value: z.number(),
  text: z.string().min(1),
});
const cell = z.union([rawText, rawNumber, richText]);
type Rows = readonly (readonly { type: string; text?: string | undefined }[])[];
const isEven = (rows: Rows) => rows.every((row) => row.length === rows[0]?.length);

/** All that the cells say, in characters. */
function textOfRows(rows: readonly (readonly unknown[])[]): number {
  let sum = 0;
  JSON.stringify(rows, (key, value: unknown) => {
    if (key === "text" && typeof value === "string") sum += [...value].length;
    return value;
  });
  return sum;
}

const card = z.strictObject({
  type: z.literal("card"),
  ...id,
  hero_image: image.optional(),
  icon: image.optional(),
  slack_icon: z.strictObject({ type: z.literal("icon"), name: z.string() }).optional(),
  title: mrkdwn(L.card.title).optional(),
  subtitle: mrkdwn(L.card.subtitle).optional(),
  body: mrkdwn(L.card.body).optional(),
  subtext: mrkdwn(L.card.subtext).optional(),
  actions: z.array(button).max(L.card.actions).optional(),
});
const task = {
  task_id: z.string(),
  title: z.string(),
  status: z.enum(["pending", "in_progress", "complete", "error"]),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(urlSource).optional(),
};

const label = z.string().max(L.chart.label);
const series = z.strictObject({
  name: label,
  data: z
    .array(z.strictObject({ label, value: z.number() }))
    .min(1)
    .max(L.chart.points),
});
const axes = z.strictObject({
  categories: z.array(label).min(1).max(L.chart.points),
  x_label: z.string().max(L.chart.axis).optional(),
  y_label: z.string().max(L.chart.axis).optional(),
});
const axisChart = <T extends string>(type: T) =>
  z.strictObject({
    type: z.literal(type),
    series: z.array(series).min(1).max(L.chart.series),
    axis_config: axes,
  });
const pie = z.strictObject({
  type: z.literal("pie"),
  segments: z
    .array(z.strictObject({ label, value: z.number().positive() }))
    .min(1)
    .max(L.chart.segments),
});

const simple = [
  z.strictObject({ type: z.literal("divider"), ...id }),
  z.strictObject({ type: z.literal("header"), ...id, text: plain(L.header), level: z.int().optional() }),
  z
    .strictObject({
      type: z.literal("section"),
      ...id,
      text: anyText(L.section.text).optional(),
      fields: z.array(anyText(L.section.field)).min(1).max(L.section.fields).optional(),
      accessory: inAccessory.optional(),
      expand: z.boolean().optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, "text or fields"),
  z.strictObject({ type: z.literal("actions"), ...id, elements: z.array(inActions).min(1).max(L.actions) }),
  z.strictObject({
    type: z.literal("context"),
    ...id,
    elements: z
      .array(z.union([plain(), mrkdwn(), image]))
      .min(1)
      .max(L.context),
  }),
  z
    .strictObject({
      type: z.literal("image"),
      ...id,
      image_url: chars(L.image.url).optional(),
      slack_file: slackFile.optional(),
      alt_text: chars(L.image.alt),
      title: plain(L.image.title).optional(),
    })
    .refine(imageSource, "one of image_url and slack_file"),
  z.strictObject({
    type: z.literal("input"),
    ...id,
    label: plain(L.input.label),
    hint: plain(L.input.hint).optional(),
    element: inInput,
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("file"), ...id, external_id: z.string(), source: z.string() }),
  richText,
  z
    .strictObject({
      type: z.literal("table"),
      ...id,
      rows: z.array(z.array(cell).min(1).max(L.table.columns)).min(1).max(L.table.rows),
      column_settings: z
        .array(
          z.strictObject({
            align: z.enum(["left", "center", "right"]).optional(),
            is_wrapped: z.boolean().optional(),
          }),
        )
        .max(L.table.columns)
        .optional(),
    })
    .refine(({ rows }) => isEven(rows), "as many cells in each row")
    .refine(
      ({ rows, column_settings: columns }) => !columns || columns.length === rows[0]?.length,
      "one setting a column",
    )
    .refine(({ rows }) => textOfRows(rows) <= L.table.text, `${L.table.text} characters in all`),
  z.strictObject({
    type: z.literal("video"),
    ...id,
    alt_text: chars(L.video.alt, 1),
    title: plain(L.video.title),
    title_url: z.string().optional(),
    video_url: z.string(),
    thumbnail_url: z.string(),
    author_name: chars(L.video.author).optional(),
    description: plain(L.video.description).optional(),
    provider_name: chars(L.video.provider).optional(),
    provider_icon_url: z.string().optional(),
  }),
] as const;

export const anyBlock = z.union([
  ...simple,
  z.strictObject({ type: z.literal("markdown"), ...id, text: chars(L.markdown, 1) }),
  z.strictObject({
    type: z.literal("alert"),
    ...id,
    text: anyText(L.alert),
    level: z.enum(["default", "info", "warning", "error", "success"]).optional(),
  }),
  card,
  z.strictObject({ type: z.literal("carousel"), ...id, elements: z.array(card).min(1).max(L.carousel) }),
  z
    .strictObject({
      type: z.literal("container"),
      ...id,
      title: plain(L.container.title).optional(),
      rich_text_title: richText.optional(),
      subtitle: anyText(L.container.subtitle).optional(),
      child_blocks: z.array(z.union(simple)).max(L.container.blocks),
      width: z.enum(["narrow", "standard", "wide", "full"]).optional(),
      icon: image.optional(),
      is_collapsible: z.boolean().optional(),
      default_collapsed: z.boolean().optional(),
      has_header_divider: z.boolean().optional(),
    })
    .refine(({ title, rich_text_title }) => title !== undefined || rich_text_title !== undefined, "a title"),
  z.strictObject({
    type: z.literal("context_actions"),
    ...id,
    elements: z
      .array(z.union([feedbackButtons, iconButton]))
      .min(1)
      .max(L.contextActions),
  }),
  z
    .strictObject({
      type: z.literal("data_table"),
      ...id,
      rows: z.array(z.array(cell).min(1).max(L.dataTable.columns)).min(2).max(L.dataTable.rows),
      caption: z.string(),
      page_size: z.int().min(1).max(L.dataTable.page).optional(),
      row_header_column_index: z.int().min(0).optional(),
    })
    .refine(({ rows }) => isEven(rows), "as many cells in each row")
    .refine(({ rows }) => textOfRows(rows) <= L.dataTable.text, `${L.dataTable.text} characters in all`),
  z.strictObject({
    type: z.literal("data_visualization"),
    ...id,
    title: z.string().max(L.chart.title),
    chart: z.union([pie, axisChart("bar"), axisChart("line"), axisChart("area")]),
  }),
  z.strictObject({ type: z.literal("task_card"), ...id, ...task }),
  z.strictObject({
    type: z.literal("plan"),
    ...id,
    title: z.string(),
    tasks: z.array(z.strictObject({ type: z.literal("task_card").optional(), ...task })).optional(),
  }),
]);

const view = {
  callback_id: chars(L.view.callback).optional(),
  private_metadata: chars(L.view.metadata).optional(),
  external_id: chars(L.id).optional(),
  blocks: z.array(anyBlock).min(1).max(L.view.blocks),
};
export const anyView = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("home"), ...view }),
  z.strictObject({
    type: z.literal("modal"),
    ...view,
    title: plain(L.view.title),
    close: plain(L.view.button).optional(),
    submit: plain(L.view.button).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  }),
]);

export const attachment = z.strictObject({
  blocks: z.array(anyBlock).optional(),
  color: z.string().optional(),
  fallback: z.string().optional(),
});
export const message = z.strictObject({
  channel: z.string().optional(),
  user: z.string().optional(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
  mrkdwn: z.boolean().optional(),
  text: z.string().optional(),
  blocks: z.array(anyBlock).max(L.whole.blocks).optional(),
  attachments: z.array(attachment).max(100).optional(),
  response_type: z.enum(["ephemeral", "in_channel"]).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  metadata: z.looseObject({}).optional(),
});
