import {
  type DetailedError,
  policyToJson,
  type SchemaJson,
  schemaToJson,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import type { Approvers } from "../types/decision.ts";
import type { Json } from "../types/json.ts";
import type { ActionSchema } from "./action-schema.ts";
import { type RuleAnnotations, readAnnotations } from "./annotations.ts";
import { buildSchema } from "./build-schema.ts";
import { compilePolicies } from "./compile-policies.ts";
import {
  lineAt,
  type PolicyFile,
  type PolicyProblem,
  type Statement,
  splitStatements,
} from "./policy-text.ts";

/** One rule as people and the audit see it. */
export type Rule = RuleAnnotations & {
  readonly effect: "permit" | "forbid";
  readonly file: string;
  readonly line: number;
  /** Ids of the actions or action groups in its scope; null when it is about any action. */
  readonly actions: readonly string[] | null;
  /** As it is written, without the closing semicolon. */
  readonly source: string;
};

/** A tool's action, ready to be decided on. */
export type CompiledAction = ActionSchema & {
  readonly resourceType: string;
  /** Name of its precompiled policies and schema. */
  readonly slice: string;
};

/** Everything `decide` needs; made whole by `loadPolicies`, never changed afterwards. */
export type PolicySet = {
  /** SHA-256 (hex) of the canonical policies and schema; comments and layout do not count. */
  readonly version: string;
  readonly actions: ReadonlyMap<string, CompiledAction>;
  readonly approveSlice: string;
  readonly rules: ReadonlyMap<string, Rule>;
};

export type LoadResult =
  | { readonly ok: true; readonly policies: PolicySet }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const MAX_RULES = 10_000;
const MAX_PROBLEMS = 100;

/** A rule with its text as Cedar gets it, approval condition included, and that text parsed. */
export type ParsedRule = {
  readonly statement: Statement;
  readonly rule: Rule;
  readonly text: string;
  readonly json: Json;
};

/**
 * Compiles Cedar files into a policy set, one precompiled slice an action so that a decision costs the
 * same however many rules there are. Anything doubtful is a problem and nothing is loaded: an error or
 * warning of Cedar's strict validation, a rule without `@id`, a malformed annotation, an `@approval` on a
 * permit. Never throws; bounded by the size of the files.
 */
export function loadPolicies(
  files: readonly PolicyFile[],
  schemaFile: PolicyFile,
  actions: readonly ActionSchema[],
): LoadResult {
  const problems: PolicyProblem[] = [];
  try {
    const schema = readSchema(schemaFile, actions, problems);
    const parsed = readRules(files, problems);
    if (!schema || problems.length > 0) return failed(problems);
    validateRules(schema.json, parsed, problems);
    if (problems.length > 0) return failed(problems);
    return { ok: true, policies: compilePolicies(schema.json, schema.places, actions, parsed) };
  } catch (error) {
    const message = `Cedar could not read the policies: ${error instanceof Error ? error.message : String(error)}`;
    return failed([...problems, { file: schemaFile.path, line: 0, rule: null, message }]);
  }
}

function failed(problems: readonly PolicyProblem[]): LoadResult {
  return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
}

function readSchema(file: PolicyFile, actions: readonly ActionSchema[], problems: PolicyProblem[]) {
  const whole = { path: file.path, line: 1, text: file.text };
  // Checked only for size and depth; the schema's own grammar is Cedar's to read.
  const { problems: unsafe } = splitStatements(file);
  const tooLarge = unsafe.filter((problem) => /too large|characters/.test(problem.message));
  if (tooLarge.length > 0) {
    problems.push(...tooLarge);
    return null;
  }
  const answer = schemaToJson(file.text);
  const errors = answer.type === "failure" ? answer.errors : answer.warnings;
  problems.push(...errors.map((error) => problemOf(whole, null, error)));
  if (answer.type === "failure") return null;
  const built = buildSchema(answer.json, actions);
  if (!built.ok) {
    problems.push(...built.problems.map((message) => ({ file: file.path, line: 0, rule: null, message })));
    return null;
  }
  return { json: built.schema, places: built.places };
}

function readRules(files: readonly PolicyFile[], problems: PolicyProblem[]): readonly ParsedRule[] {
  const parsed = new Map<string, ParsedRule>();
  for (const file of files) {
    const split = splitStatements(file);
    problems.push(...split.problems);
    for (const statement of split.statements) {
      if (problems.length >= MAX_PROBLEMS) return [];
      const rule = readRule(statement, problems);
      if (!rule) continue;
      const twin = parsed.get(rule.rule.id);
      if (twin) {
        const message = `@id "${rule.rule.id}" is taken: ${twin.rule.file}, line ${twin.rule.line}.`;
        problems.push({ file: statement.path, line: statement.line, rule: rule.rule.id, message });
      } else parsed.set(rule.rule.id, rule);
    }
  }
  if (parsed.size > MAX_RULES) {
    const message = `There are ${parsed.size} rules; ${MAX_RULES} are allowed.`;
    problems.push({ file: "", line: 0, rule: null, message });
  }
  return [...parsed.values()].sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

function readRule(statement: Statement, problems: PolicyProblem[]): ParsedRule | null {
  const answer = policyToJson(`${statement.text};`);
  if (answer.type === "failure") {
    problems.push(...answer.errors.map((error) => problemOf(statement, null, error)));
    return null;
  }
  const { effect, annotations, action } = answer.json;
  const read = readAnnotations(annotations ?? {}, effect);
  if (!read.ok) {
    const rule = annotations?.id ?? null;
    const at = { file: statement.path, line: statement.line, rule };
    problems.push(...read.problems.map((message) => ({ ...at, message })));
    return null;
  }
  const rule: Rule = {
    ...read.value,
    effect,
    file: statement.path,
    line: statement.line,
    source: statement.text,
    actions: action.op === "All" ? null : entitiesOf(action).map((entity) => idOf(entity)),
  };
  const text = rule.approvals ? withApprovals(statement.text, rule.approvals) : `${statement.text};`;
  const rewritten = policyToJson(text);
  if (
    rewritten.type === "failure" ||
    rewritten.json.conditions.length !== answer.json.conditions.length + Number(rule.approvals !== null)
  ) {
    const message = "The approval condition could not be added to the rule.";
    problems.push({ file: statement.path, line: statement.line, rule: rule.id, message });
    return null;
  }
  return { statement, rule, text, json: rewritten.json as unknown as Json };
}

/**
 * The forbid, lifted once each group's approvals suffice. Added to the text, not the syntax tree, because
 * the tree's JSON form has a far lower nesting limit than the text.
 */
function withApprovals(text: string, approvals: Approvers): string {
  const enough = Object.entries(approvals).map(
    ([group, count]) =>
      `context.approvals.hasTag("${group}") && context.approvals.getTag("${group}") >= ${count}`,
  );
  return `${text}\nunless { ${enough.join(" && ")} };`;
}

type EntityJson = { type: string; id: string } | { __entity: { type: string; id: string } };

function entitiesOf(
  action: { entity: EntityJson } | { entities: EntityJson[] } | object,
): readonly EntityJson[] {
  if ("entities" in action) return action.entities;
  return "entity" in action ? [action.entity] : [];
}

function idOf(entity: EntityJson): string {
  return "__entity" in entity ? entity.__entity.id : entity.id;
}

function validateRules(
  schema: SchemaJson<string>,
  parsed: readonly ParsedRule[],
  problems: PolicyProblem[],
): void {
  const byId = new Map(parsed.map((item) => [item.rule.id, item]));
  const staticPolicies = Object.fromEntries(parsed.map((item) => [item.rule.id, item.text]));
  const answer = validate({ schema, policies: { staticPolicies } });
  const nowhere: Statement = { path: "", line: 0, text: "" };
  if (answer.type === "failure") {
    problems.push(...answer.errors.map((error) => problemOf(nowhere, null, error)));
    return;
  }
  for (const { policyId, error } of [...answer.validationErrors, ...answer.validationWarnings]) {
    problems.push(problemOf(byId.get(policyId)?.statement ?? nowhere, policyId, error));
  }
  problems.push(...answer.otherWarnings.map((error) => problemOf(nowhere, null, error)));
}

function problemOf(statement: Statement, rule: string | null, error: DetailedError): PolicyProblem {
  const at = error.sourceLocations?.[0]?.start ?? 0;
  const message = error.help ? `${error.message} (${error.help})` : error.message;
  return { file: statement.path, line: lineAt(statement, at), rule, message };
}
