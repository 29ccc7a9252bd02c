import type { Directory, Principal } from "../types/principal.ts";
import type { ActionResult } from "../types/tool.ts";

type Unready = Exclude<ActionResult, { status: "succeeded" }>;

const MAX_OPTIONS = 8;

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The one colleague whom a name or an address means, or the question which of them; never the person themselves. */
export function findColleague(
  said: string,
  asker: Principal,
  directory: Directory,
  arg: string,
): Principal | Unready {
  const byId = directory.find(said.trim().toLowerCase());
  if (byId) return byId;
  const wanted = wordsOf(said);
  const others = directory.people.filter((person) => person.id !== asker.id);
  const exact = others.filter((person) => wordsOf(person.name).join(" ") === wanted.join(" "));
  const found =
    exact.length > 0
      ? exact
      : others.filter((person) => {
          const own = wordsOf(person.name);
          return wanted.length > 0 && wanted.every((word) => own.includes(word));
        });
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) {
    const options = found.slice(0, MAX_OPTIONS).map((person) => ({
      label: `${person.name}${person.title ? `, ${person.title}` : ""}`,
      value: person.id,
    }));
    return { status: "asks", question: `Which ${said.trim()} do you mean?`, arg, options };
  }
  return {
    status: "failed",
    code: "DIR-404",
    message: `I know nobody in the company called '${said.trim().slice(0, 80)}'. Nothing was changed.`,
  };
}
