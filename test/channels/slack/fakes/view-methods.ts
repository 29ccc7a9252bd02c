import { blocksOf, type Call, type Method, parsed, text } from "./call.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { APP_ID, type Fields, type SlackView } from "./slack-world.ts";

const MOST_METADATA = 3_000;
const MOST_TITLE = 24;

/** What a trigger is good for: one modal, for three seconds. */
export function useTrigger(call: Call): string {
  const { world, args } = call;
  const id = text(args.trigger_id) || text(args.interactivity_pointer);
  if (!id) throw new SlackApiError("invalid_arguments", metadata("missing required field: trigger_id"));
  const trigger = world.triggers.get(id);
  if (!trigger) throw new SlackApiError("invalid_trigger_id");
  if (trigger.isUsed) throw new SlackApiError("exchanged_trigger_id");
  if (world.clock() - trigger.at > call.options.triggerLifeMs) throw new SlackApiError("expired_trigger_id");
  trigger.isUsed = true;
  return trigger.user;
}

function metadata(...faults: readonly string[]): Fields {
  return { response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) } };
}

/** Checks a view as it is sent; its blocks come back under ids. */
export function checkView(call: Call, value: unknown, kind: SlackView["kind"]): Fields {
  const view = parsed(value, "invalid_arguments") as Fields | undefined;
  const faults: string[] = [];
  if (!view || typeof view !== "object")
    throw new SlackApiError("invalid_arguments", metadata("view must be given"));
  if (view.type !== kind) faults.push(`unsupported type: ${String(view.type)} [json-pointer:/view/type]`);
  const plain = (name: string, most: number, isRequired: boolean) => {
    const part = view[name] as Fields | undefined;
    if (part === undefined && !isRequired) return;
    const words = text(part?.text);
    if (part?.type !== "plain_text" || words === "")
      faults.push(`must be plain text [json-pointer:/view/${name}]`);
    if ([...words].length > most)
      faults.push(`must be less than ${most + 1} characters [json-pointer:/view/${name}]`);
  };
  if (kind === "modal") {
    plain("title", MOST_TITLE, true);
    plain("submit", MOST_TITLE, false);
    plain("close", MOST_TITLE, false);
  }
  if (text(view.private_metadata).length > MOST_METADATA)
    faults.push("private_metadata is too long [json-pointer:/view]");
  if (text(view.callback_id).length > 255) faults.push("callback_id is too long [json-pointer:/view]");
  const hasInput = Array.isArray(view.blocks) && view.blocks.some((block: Fields) => block.type === "input");
  if (kind === "modal" && hasInput && view.submit === undefined)
    faults.push("missing required field: submit [json-pointer:/view/submit]");
  if (faults.length > 0) throw new SlackApiError("invalid_arguments", metadata(...faults));
  return { ...view, blocks: blocksOf(call, view.blocks, kind) };
}

/** A view as methods answer with it and interactions carry it. */
export function formatView(call: Pick<Call, "world">, view: SlackView, values: Fields = {}): Fields {
  const team = call.world.teams.get(view.team);
  const { blocks, ...more } = view.view;
  return {
    id: view.id,
    team_id: view.team,
    title: null,
    close: null,
    submit: null,
    callback_id: "",
    private_metadata: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    ...more,
    type: view.kind,
    blocks,
    state: { values },
    hash: view.hash,
    previous_view_id: view.previous,
    root_view_id: view.previous ?? view.id,
    app_id: APP_ID,
    app_installed_team_id: view.team,
    bot_id: team?.botId,
  };
}

function show(
  call: Call,
  user: string,
  view: Fields,
  kind: SlackView["kind"],
  previous: string | null,
): SlackView {
  const { world } = call;
  const made: SlackView = {
    id: world.newId("V"),
    team: call.team.id,
    user,
    kind,
    view,
    hash: `${world.newTs()}.hash`,
    isOpen: true,
    previous,
  };
  world.views.set(made.id, made);
  return made;
}

const open: Method = (call) => {
  const view = checkView(call, call.args.view, "modal");
  const user = useTrigger(call);
  for (const one of call.world.views.values())
    if (one.user === user && one.kind === "modal") one.isOpen = false;
  return { view: formatView(call, show(call, user, view, "modal", null)) };
};

const push: Method = (call) => {
  const view = checkView(call, call.args.view, "modal");
  const user = useTrigger(call);
  const stack = [...call.world.views.values()].filter(
    (one) => one.user === user && one.kind === "modal" && one.isOpen,
  );
  if (stack.length >= 3) throw new SlackApiError("push_limit_reached");
  return { view: formatView(call, show(call, user, view, "modal", stack.at(-1)?.id ?? null)) };
};

const update: Method = (call) => {
  const { world, args } = call;
  const found = world.views.get(text(args.view_id));
  if (!found?.isOpen || found.team !== call.team.id) throw new SlackApiError("not_found");
  if (args.hash !== undefined && args.hash !== found.hash) throw new SlackApiError("hash_conflict");
  found.view = checkView(call, args.view, found.kind);
  found.hash = `${world.newTs()}.hash`;
  return { view: formatView(call, found) };
};

const publish: Method = (call) => {
  const { world, args } = call;
  const user = world.user(args.user_id);
  const view = checkView(call, args.view, "home");
  for (const one of world.views.values()) {
    if (one.user !== user.id || one.kind !== "home" || one.team !== call.team.id) continue;
    if (args.hash !== undefined && args.hash !== one.hash) throw new SlackApiError("hash_conflict");
    one.view = view;
    one.hash = `${world.newTs()}.hash`;
    return { view: formatView(call, one) };
  }
  return { view: formatView(call, show(call, user.id, view, "home", null)) };
};

export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  "views.open": open,
  "views.publish": publish,
  "views.push": push,
  "views.update": update,
};
