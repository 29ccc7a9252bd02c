import type { Json } from "../types/json.ts";
import type { OutputSpec } from "../types/tool.ts";

/** A manifest's output paths as a tree, so that a result is walked once however many paths there are. */
export type PathTree = {
  readonly names: Map<string, PathTree>;
  /** For `[*]` and `.*`. */
  any: PathTree | null;
  /** What stands here. */
  spec: OutputSpec | null;
  /** What the property names of the object here are (`$.prices.*~`). */
  keys: OutputSpec | null;
};

const STEP = /\.([^.[\]]+)|\[(\*|\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
const trees = new WeakMap<object, PathTree>();

/**
 * The tree of `manifest.output`: `$`, `.name`, `['name']`, `[3]`, `[*]`, `.*`, and `~` at the end for
 * property names that are data. A path that cannot be read is left out, so what it meant is external.
 */
export function readOutputPaths(output: Readonly<Record<string, OutputSpec>>): PathTree {
  const known = trees.get(output);
  if (known) return known;
  const root = emptyTree();
  for (const [path, spec] of Object.entries(output)) addPath(root, path, spec);
  trees.set(output, root);
  return root;
}

function emptyTree(): PathTree {
  return { names: new Map(), any: null, spec: null, keys: null };
}

function addPath(root: PathTree, path: string, spec: OutputSpec): void {
  const isKeys = path.endsWith("~");
  const text = isKeys ? path.slice(0, -1).replace(/(\.\*|\[\*\])$/, "") : path;
  if (!text.startsWith("$")) return;
  const steps: string[] = [];
  let at = 1;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) return;
    steps.push(match[1] ?? match[2] ?? (match[3] ?? match[4] ?? "").replace(/\\(.)/g, "$1"));
    at = STEP.lastIndex;
  }
  let node = root;
  for (const step of steps) {
    if (step === "*") {
      node.any ??= emptyTree();
      node = node.any;
    } else {
      const next = node.names.get(step) ?? emptyTree();
      node.names.set(step, next);
      node = next;
    }
  }
  if (isKeys) node.keys = spec;
  else node.spec = spec;
}

/** Where one step of a result leads in the tree: the named branches and, where there is one, `*`. */
export function stepInto(nodes: readonly PathTree[], name: string): readonly PathTree[] {
  const next: PathTree[] = [];
  for (const node of nodes) {
    const named = node.names.get(name);
    if (named) next.push(named);
    if (node.any) next.push(node.any);
  }
  return next;
}

/**
 * The tree as it fits this result. People who write a manifest from a description alone take one record for a
 * list of one, or give a list a name that it does not have: `$.events[*].id` for `[{ id }]`, `$[*].id` for
 * `{ id }` or `{ events: [{ id }] }`. Only such an outer wrapping is forgiven, never a field's own name.
 */
export function fitToResult(tree: PathTree, data: Json): PathTree {
  if (typeof data !== "object" || data === null) return tree;
  if (Array.isArray(data)) {
    if (tree.any || tree.names.size === 0) return tree;
    const [only, ...others] = [...tree.names.values()];
    if (only?.any && others.length === 0) return only;
    return { ...emptyTree(), any: tree };
  }
  const keys = Object.keys(data);
  if (tree.names.size > 0 && !tree.any) {
    // `$.event.id` for `{ id }`.
    const [only, ...others] = [...tree.names];
    const inner = only && others.length === 0 && !keys.includes(only[0]) ? (only[1].any ?? only[1]) : null;
    return inner && keys.some((key) => inner.names.has(key)) ? inner : tree;
  }
  const item = tree.names.size === 0 ? tree.any : null;
  if (!item || item.names.size === 0) return tree;
  if (keys.some((key) => item.names.has(key))) return item;
  const lists = keys.filter((key) => Array.isArray((data as Record<string, Json>)[key]));
  const [list, ...more] = lists;
  return list !== undefined && more.length === 0
    ? { ...emptyTree(), names: new Map([[list, tree]]), any: tree.any }
    : tree;
}
