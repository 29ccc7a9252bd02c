import { readFileSync } from "node:fs";
import { join } from "node:path";

export const DOMAIN = "@brightwell.example";

/** Somebody who works in the same place and whom the directory does not know. */
export const STRANGER = "walter.unknown";

type Person = { readonly name: string; readonly realName: string; readonly email: string };

/** Everybody of the demo company, by the name before the "@", and the stranger. */
export function companyPeople(): readonly Person[] {
  const { people } = JSON.parse(readFileSync(join("demo", "people.json"), "utf8")) as {
    readonly people: readonly { readonly id: string; readonly name: string }[];
  };
  return [...people, { id: `${STRANGER}${DOMAIN}`, name: "Walter Unknown" }].map(({ id, name }) => ({
    name: nameOf(id),
    realName: name,
    email: id,
  }));
}

export const nameOf = (id: string): string => id.replace(DOMAIN, "");
export const idOf = (name: string): string => `${name}${DOMAIN}`;

export const invoice = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(join("demo", "invoices", file)));
