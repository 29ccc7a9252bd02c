import type { ZodType } from "zod";
import type { Files } from "./file-ref.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Integrity, Sensitivity } from "./label.ts";
import type { Directory, Principal } from "./principal.ts";
import type { RecordRef, Records } from "./record.ts";

export type Effect = "read" | "egress" | "draft" | "write" | "destructive";

/**
 * What an argument is for; the gate grounds by it, the planner fills by it, the card shows by it.
 * dest: who receives (e-mail) · url · amount: money in minor units · rid: id of a record · name: who or what
 * by name · path · time: ISO date-time or date · title · value: enumerated or typed value · body: free text
 * that others will read · flag · free: free text only the tool reads (a query).
 */
export type ArgRole =
  | "dest"
  | "url"
  | "amount"
  | "rid"
  | "name"
  | "path"
  | "time"
  | "title"
  | "value"
  | "body"
  | "flag"
  | "free";

export type ArgSpec = {
  readonly role: ArgRole;
  /** For `rid` and `name`: the record kind meant (`person`, `calendar.event`, `crm.deal`, `crm.account`, `file` …). */
  readonly kind?: string;
  /** True when the value is a list of such. */
  readonly many?: boolean;
  readonly required?: boolean;
  /** For `value`: the values allowed, and the words people use for each. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** For `time`: what it is (`start`, `end`, `day`, `range`), so that one phrase can fill two. */
  readonly part?: "start" | "end" | "day" | "range" | "duration";
  /** For `amount`: the unit of the figure; minor (cents) when left out. */
  readonly unit?: "minor" | "major";
  /** What the tool assumes when the argument is left out; the same value given needs no evidence. */
  readonly default?: Json;
  /** People's word for the argument on cards: "Start", "Amount". */
  readonly label: string;
  /** The question to ask when it is missing: "When should it start?" */
  readonly question?: string;
};

export type OutputSpec = {
  readonly integrity: Exclude<Integrity, "user">;
  readonly sensitivity: Sensitivity;
  /**
   * Kind of value: `email`, `iban`, `money`, `number`, `time`, `url`, `phone`, `path`, `text`, `title` (what people
   * call the record), or a record kind (`person`, `calendar.event` …) for its id.
   */
  readonly kind?: string;
};

/** Declares a tool once for the gate, the planner, the approval card, the prompts and the docs. */
export type ToolManifest = {
  /** `domain.verbObject`, e.g. `crm.updateDeal`. */
  readonly name: string;
  /** Verb phrase for people: "change a deal". */
  readonly title: string;
  /** For the model: what it does, when to use it, what it does not do. */
  readonly description: string;
  readonly effect: Effect;
  /** Words a user would say for it; verbs only, base form. A write without one of them in the request is held. */
  readonly verbs: readonly string[];
  readonly args: Readonly<Record<string, ArgSpec>>;
  /** JSON path (`$.events[*].title`) → label of what stands there. What is not declared is external and internal. */
  readonly output: Readonly<Record<string, OutputSpec>>;
  /** `key`: safe to call again with the same key. `none`: a crash in the middle leaves an unknown outcome. */
  readonly idempotency: "key" | "none";
  /** How it is undone: for how long, and what a person should know; null when it cannot be undone. */
  readonly compensate: { readonly windowMs: number; readonly note: string } | null;
  /** Utterances that mean this tool, at least ten different ones for a tool the planner should find. */
  readonly examples: readonly string[];
  readonly timeoutMs?: number;
};

export type ToolContext = {
  readonly principal: Principal;
  readonly directory: Directory;
  readonly now: Date;
  /** The conversation it works for, for tools that come back to it later. */
  readonly session?: string;
  /** Idempotency key of the action; the same at every retry. Empty for reads and previews. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly records: Records;
  readonly files: Files;
};

export type ActionResult =
  | {
      readonly status: "succeeded";
      /** What happened or was found, in markdown, answer first; for a write in the past tense. */
      readonly summary: string;
      /** Structured result; labelled by the manifest's `output` paths. */
      readonly data: JsonObject;
      /** What it showed or changed, most important first, so that "it" can be resolved. */
      readonly records: readonly RecordRef[];
      /** Handed back to `undo`; left out when this one cannot be undone. */
      readonly undo?: JsonObject;
    }
  | {
      readonly status: "failed";
      readonly code: string;
      /** What happened, what it means, what to do. */
      readonly message: string;
    }
  | {
      /** Something the person must say first: an ambiguous name, a missing time. Nothing was done. */
      readonly status: "asks";
      readonly question: string;
      /** The argument it is about, and the answers that would do. */
      readonly arg: string;
      readonly options: readonly { readonly label: string; readonly value: Json }[];
    };

export type Change = { readonly field: string; readonly before: string | null; readonly after: string };

/** What an action would do, said before it is done: for policy and for the approval card. */
export type Preview =
  | {
      readonly status: "ready";
      /** One line, verb first: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000". */
      readonly line: string;
      readonly changes: readonly Change[];
      /** Cedar resource `Steward::Resource::"<id>"` with attributes from the system of record. */
      readonly resource: {
        readonly id: string;
        readonly title: string;
        readonly attributes: PolicyAttributes;
      };
      /** Cedar context for this action; money in minor units. */
      readonly context: PolicyAttributes;
      readonly risk: "normal" | "high";
      /** ISO 4217 code of the amounts among the arguments. */
      readonly currency?: string;
      /** The amount to name in a second question, with currency. */
      readonly amountText?: string;
    }
  | Exclude<ActionResult, { status: "succeeded" }>;

export type PolicyAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export type Tool<A = JsonObject> = {
  readonly name: string;
  readonly manifest: ToolManifest;
  /** Validates and types the arguments; unknown keys are refused. Also gives models the JSON Schema. */
  readonly schema: ZodType<A>;
  /** Must honour `signal`. May throw: that becomes `failed` (`none` and already started: `unknown`). */
  run(args: A, context: ToolContext): Promise<ActionResult>;
  /** Required unless the effect is `read`. Reads only. */
  preview?(args: A, context: ToolContext): Promise<Preview>;
  /** After a crash: what became of the call with this key; null when it never arrived. */
  reconcile?(args: A, context: ToolContext): Promise<ActionResult | null>;
  undo?(done: JsonObject, context: ToolContext): Promise<ActionResult>;
};

/** A tool of any arguments, as registries hold it; `bindTool` makes one by validating before the call. */
export type AnyTool = Tool<JsonObject>;
