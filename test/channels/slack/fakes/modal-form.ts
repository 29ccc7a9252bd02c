import type { Fields, SlackView } from "./slack-world.ts";

type Input = {
  readonly label: string;
  readonly blockId: string;
  readonly actionId: string;
  readonly element: Fields;
  readonly isOptional: boolean;
};

const object = (value: unknown): Fields =>
  value !== null && typeof value === "object" ? (value as Fields) : {};
const string = (value: unknown): string => (typeof value === "string" ? value : "");

/** The inputs of a view in order. */
export function inputsOf(view: SlackView): readonly Input[] {
  const blocks = Array.isArray(view.view.blocks) ? (view.view.blocks as readonly Fields[]) : [];
  return blocks
    .filter((block) => block.type === "input")
    .map((block) => ({
      label: string(object(block.label).text),
      blockId: string(block.block_id),
      actionId: string(object(block.element).action_id),
      element: object(block.element),
      isOptional: block.optional === true,
    }));
}

/** What stands in an input before anybody types; option labels for menus. */
function initial(element: Fields): string {
  const option = object(element.initial_option);
  if (option.text) return string(object(option.text).text);
  if (typeof element.initial_date_time === "number") return String(element.initial_date_time);
  return string(element.initial_value) || string(element.initial_date) || string(element.initial_time);
}

export type Filled =
  | { readonly isSent: true; readonly values: Fields }
  /** Slack itself holds the form back, by label. */
  | { readonly isSent: false; readonly errors: Readonly<Record<string, string>> };

/** The state of a view when a person types what `typed` says by label and leaves the rest as it is. */
export function fill(view: SlackView, typed: Readonly<Record<string, string>>): Filled {
  const inputs = inputsOf(view);
  for (const label of Object.keys(typed)) {
    if (!inputs.some((input) => input.label === label))
      throw new Error(
        `No input "${label}": there are ${inputs.map((input) => `"${input.label}"`).join(", ")}.`,
      );
  }
  const values: Record<string, Fields> = {};
  const errors: Record<string, string> = {};
  for (const input of inputs) {
    const value = typed[input.label] ?? initial(input.element);
    const fault =
      value === ""
        ? input.isOptional
          ? null
          : "Please complete this required field."
        : faultOf(input, value);
    if (fault) errors[input.label] = fault;
    values[input.blockId] = { [input.actionId]: stateOf(input, value) };
  }
  return Object.keys(errors).length > 0 ? { isSent: false, errors } : { isSent: true, values };
}

function faultOf({ element }: Input, value: string): string | null {
  const length = [...value].length;
  if (typeof element.max_length === "number" && length > element.max_length) return "Too long.";
  if (typeof element.min_length === "number" && length < element.min_length) return "Too short.";
  if (element.type === "number_input") {
    const number = Number(value);
    if (Number.isNaN(number)) return "Please enter a number.";
    if (element.is_decimal_allowed !== true && !Number.isInteger(number))
      return "Please enter a whole number.";
    if (element.min_value !== undefined && number < Number(element.min_value)) return "Too low.";
    if (element.max_value !== undefined && number > Number(element.max_value)) return "Too high.";
  }
  if (element.type === "email_text_input" && !/^\S+@\S+$/.test(value))
    return "Please enter an email address.";
  return null;
}

function stateOf({ element, label }: Input, value: string): Fields {
  const type = string(element.type);
  if (type === "static_select" || type === "radio_buttons") {
    if (value === "") return { type, selected_option: null };
    const groups = Array.isArray(element.option_groups) ? (element.option_groups as Fields[]) : [];
    const options = [element.options, ...groups.map((group) => group.options)].flatMap((one) =>
      Array.isArray(one) ? (one as Fields[]) : [],
    );
    const found = options.find((option) => string(object(option.text).text) === value);
    if (!found) throw new Error(`"${label}" has no choice "${value}".`);
    return { type, selected_option: found };
  }
  if (type === "datepicker") return { type, selected_date: value || null };
  if (type === "timepicker") return { type, selected_time: value || null };
  if (type === "datetimepicker") return { type, selected_date_time: value === "" ? null : Number(value) };
  return { type, value: value === "" ? null : value };
}
