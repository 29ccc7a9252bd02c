import { z } from "zod";
import { BLOCK_LIMITS as L } from "./block-limits.ts";

/** A string of `min` to `max` characters, counted as Slack does. */
export const chars = (max: number, min = 0) =>
  z.string().refine((text) => {
    const length = [...text].length;
    return length >= min && length <= max;
  }, `${min} to ${max} characters`);

export const plain = (max: number = L.text) =>
  z.strictObject({ type: z.literal("plain_text"), text: chars(max, 1), emoji: z.boolean().optional() });
export const mrkdwn = (max: number = L.text) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: chars(max, 1), verbatim: z.boolean().optional() });
export const anyText = (max: number = L.text) => z.union([plain(max), mrkdwn(max)]);

export const confirm = z.strictObject({
  title: plain(L.confirm.title).optional(),
  text: anyText(L.confirm.text),
  confirm: plain(L.confirm.button).optional(),
  deny: plain(L.confirm.button).optional(),
  style: z.enum(["primary", "danger"]).optional(),
});
export const option = z.strictObject({
  text: anyText(L.option.text),
  value: chars(L.option.value).optional(),
  description: plain(L.option.description).optional(),
  url: chars(L.option.url).optional(),
});
export const optionGroup = z.strictObject({
  label: plain(L.group.label),
  options: z.array(option).min(1).max(L.group.options),
});
const parameters = z.array(z.strictObject({ name: z.string(), value: z.string() })).optional();
export const trigger = z.strictObject({ url: z.string(), customizable_input_parameters: parameters });
export const workflow = z.strictObject({ trigger });
export const conversationFilter = z.strictObject({
  include: z
    .array(z.enum(["im", "mpim", "private", "public"]))
    .min(1)
    .optional(),
  exclude_external_shared_channels: z.boolean().optional(),
  exclude_bot_users: z.boolean().optional(),
});
export const dispatchConfig = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(["on_enter_pressed", "on_character_entered"]))
    .min(1)
    .max(2),
});

const id = { action_id: chars(L.id, 1).optional() };
const asks = { confirm: confirm.optional() };
const focus = { focus_on_load: z.boolean().optional() };
const hint = { placeholder: plain(L.select.placeholder).optional() };
const dispatch = { dispatch_action_config: dispatchConfig.optional() };
const style = { style: z.enum(["primary", "danger"]).optional() };
const spoken = { accessibility_label: chars(L.button.label).optional() };

export const button = z.strictObject({
  type: z.literal("button"),
  ...id,
  ...asks,
  ...style,
  ...spoken,
  text: plain(L.button.text),
  url: chars(L.url).optional(),
  value: chars(L.button.value).optional(),
});
const workflowButton = z.strictObject({
  type: z.literal("workflow_button"),
  ...id,
  ...style,
  ...spoken,
  text: plain(L.button.text),
  workflow,
});
export const imageSource = (image: { image_url?: unknown; slack_file?: unknown }) =>
  (image.image_url === undefined) !== (image.slack_file === undefined);
export const slackFile = z.union([z.strictObject({ id: z.string() }), z.strictObject({ url: z.string() })]);
export const image = z
  .strictObject({
    type: z.literal("image"),
    image_url: chars(L.image.url).optional(),
    slack_file: slackFile.optional(),
    alt_text: chars(L.image.alt),
  })
  .refine(imageSource, "one of image_url and slack_file");

const isOneSource = (select: { options?: unknown; option_groups?: unknown }) =>
  (select.options === undefined) !== (select.option_groups === undefined);
const choices = {
  options: z.array(option).min(1).max(L.select.options).optional(),
  option_groups: z.array(optionGroup).min(1).max(L.select.groups).optional(),
};
const base = { ...id, ...asks, ...focus, ...hint };
const many = { ...base, max_selected_items: z.int().min(1).optional() };
const filter = {
  filter: conversationFilter.optional(),
  default_to_current_conversation: z.boolean().optional(),
};
const respond = { response_url_enabled: z.boolean().optional() };
const query = { min_query_length: z.int().min(0).optional() };
const ids = z.array(z.string()).optional();

export const selects = [
  z
    .strictObject({
      type: z.literal("static_select"),
      ...base,
      ...choices,
      initial_option: option.optional(),
    })
    .refine(isOneSource, "one of options and option_groups")
    .refine(
      ({ initial_option, options, option_groups }) =>
        initial_option === undefined ||
        [...(options ?? []), ...(option_groups ?? []).flatMap((group) => group.options)].some(
          (each) => JSON.stringify(each) === JSON.stringify(initial_option),
        ),
      "initial_option is one of the options",
    ),
  z
    .strictObject({
      type: z.literal("multi_static_select"),
      ...many,
      ...choices,
      initial_options: z.array(option).optional(),
    })
    .refine(isOneSource, "one of options and option_groups"),
  z.strictObject({
    type: z.literal("external_select"),
    ...base,
    ...query,
    initial_option: option.optional(),
  }),
  z.strictObject({
    type: z.literal("multi_external_select"),
    ...many,
    ...query,
    initial_options: z.array(option).optional(),
  }),
  z.strictObject({ type: z.literal("users_select"), ...base, initial_user: z.string().optional() }),
  z.strictObject({ type: z.literal("multi_users_select"), ...many, initial_users: ids }),
  z.strictObject({
    type: z.literal("channels_select"),
    ...base,
    ...respond,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("multi_channels_select"), ...many, initial_channels: ids }),
  z.strictObject({
    type: z.literal("conversations_select"),
    ...base,
    ...respond,
    ...filter,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("multi_conversations_select"),
    ...many,
    ...filter,
    initial_conversations: ids,
  }),
] as const;

const checkboxes = z.strictObject({
  type: z.literal("checkboxes"),
  ...id,
  ...asks,
  ...focus,
  options: z.array(option).min(1).max(L.checkboxes),
  initial_options: z.array(option).min(1).optional(),
});
const radio = z.strictObject({
  type: z.literal("radio_buttons"),
  ...id,
  ...asks,
  ...focus,
  options: z.array(option).min(1).max(L.radio),
  initial_option: option.optional(),
});
const overflow = z.strictObject({
  type: z.literal("overflow"),
  ...id,
  ...asks,
  options: z.array(option).min(1).max(L.overflow),
});
const datepicker = z.strictObject({
  type: z.literal("datepicker"),
  ...base,
  initial_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});
const timepicker = z.strictObject({
  type: z.literal("timepicker"),
  ...base,
  initial_time: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .optional(),
  timezone: z.string().optional(),
});
const datetimepicker = z.strictObject({
  type: z.literal("datetimepicker"),
  ...id,
  ...asks,
  ...focus,
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});

const typed = { ...id, ...focus, ...hint, ...dispatch };
const inputsOfText = [
  z.strictObject({
    type: z.literal("plain_text_input"),
    ...typed,
    initial_value: chars(L.input.text).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(L.input.text).optional(),
    max_length: z.int().min(1).max(L.input.text).optional(),
  }),
  z.strictObject({ type: z.literal("email_text_input"), ...typed, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal("url_text_input"), ...typed, initial_value: z.string().optional() }),
  z
    .strictObject({
      type: z.literal("number_input"),
      ...typed,
      is_decimal_allowed: z.boolean(),
      initial_value: z
        .string()
        .regex(/^-?\d+(?:\.\d+)?$/)
        .optional(),
      min_value: z.string().optional(),
      max_value: z.string().optional(),
    })
    .refine(
      ({ min_value, max_value }) =>
        min_value === undefined || max_value === undefined || Number(min_value) <= Number(max_value),
      "min_value is at most max_value",
    ),
  z.strictObject({
    type: z.literal("rich_text_input"),
    ...typed,
    initial_value: z.looseObject({ type: z.string() }).optional(),
    min_lines: z.int().optional(),
    max_lines: z.int().optional(),
  }),
] as const;
const fileInput = z.strictObject({
  type: z.literal("file_input"),
  ...id,
  filetypes: z.array(z.string()).optional(),
  max_files: z.int().min(1).max(L.input.files).optional(),
});

const feedbackButton = z.strictObject({
  text: plain(L.button.text),
  value: chars(L.button.value),
  ...spoken,
});
export const feedbackButtons = z.strictObject({
  type: z.literal("feedback_buttons"),
  ...id,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
});
export const iconButton = z.strictObject({
  type: z.literal("icon_button"),
  ...id,
  ...asks,
  ...spoken,
  icon: z.string(),
  text: plain(L.button.text),
  value: chars(L.button.value).optional(),
  visible_to_user_ids: z.array(z.string()).max(L.iconButtonUsers).optional(),
});
export const urlSource = z.strictObject({ type: z.literal("url"), url: chars(L.url, 1), text: z.string() });

const shared = [
  ...selects,
  checkboxes,
  radio,
  overflow,
  datepicker,
  timepicker,
  button,
  workflowButton,
] as const;
export const inActions = z.union([...shared, datetimepicker, inputsOfText[4]]);
export const inAccessory = z.union([...shared, datetimepicker, image]);
export const inInput = z.union([
  ...selects,
  checkboxes,
  radio,
  datepicker,
  timepicker,
  datetimepicker,
  ...inputsOfText,
  fileInput,
]);
/** Any element, wherever it may stand. */
export const anyElement = z.union([
  inActions,
  inAccessory,
  inInput,
  overflow,
  image,
  feedbackButtons,
  iconButton,
  urlSource,
]);
