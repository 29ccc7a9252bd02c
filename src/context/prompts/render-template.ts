/**
 * Fills a prompt's template: `{{name}}` is the value, `{{#name}}…{{/name}}` stays when the value is not
 * empty, `{{^name}}…{{/name}}` when it is. Values go in as they are and are not read again, so text in them
 * cannot name other values. Throws when the template names a value that is not given, or the other way
 * round: a prompt and its code must not drift apart.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const take = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`The prompt names {{${name}}}, which nothing fills.`);
    used.add(name);
    return value;
  };
  const chosen = template.replace(
    /\{\{([#^])(\w+)\}\}(\n?)([\s\S]*?)\{\{\/\2\}\}(\n?)/g,
    (_, kind: string, name: string, before: string, inner: string, after: string) => {
      const isKept = (take(name) !== "") === (kind === "#");
      if (!isKept) return before === "" ? after : "";
      return before === "" ? inner + after : inner;
    },
  );
  const text = chosen.replace(/\{\{(\w+)\}\}/g, (_, name: string) => take(name));
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`The prompt never names ${unused.join(", ")}.`);
  return text.trim();
}
