import { EVERYONE, type Label } from "../../types/label.ts";
import type { Directory } from "../../types/principal.ts";

/**
 * Whether each of these may see what carries a label. Somebody whom the directory does not know sees only what is
 * public for everybody; what is more than internal is seen only by those whom its readers name, as a group or
 * themselves. An empty list may see everything: nobody is there to see it.
 */
export function mayAllSee(
  directory: Directory,
  { sensitivity, readers }: Pick<Label, "sensitivity" | "readers">,
  principals: readonly (string | null)[],
): boolean {
  const isForAll = readers.includes(EVERYONE);
  const named = new Set(readers.filter((reader) => reader !== EVERYONE));
  const isOpen = sensitivity === "public" || sensitivity === "internal";
  return principals.every((id) => {
    const person = id === null ? null : directory.find(id);
    if (!person) return sensitivity === "public" && isForAll;
    if (isOpen && isForAll) return true;
    return named.has(person.id) || person.groups.some((group) => group !== EVERYONE && named.has(group));
  });
}
