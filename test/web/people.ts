import type { Principal } from "../../src/types/principal.ts";

const person = (id: string, name: string, title: string, groups: readonly string[]): Principal => ({
  id: `${id}@brightwell.example`,
  name,
  title,
  manager: null,
  groups: ["everyone", ...groups],
  zone: "Europe/Berlin",
  locale: "en-GB",
});

/** A few people for the widget's tests. */
export const PEOPLE: readonly Principal[] = [
  person("ben.okafor", "Ben Okafor", "Account executive", ["sales"]),
  person("sofia.marin", "Sofia Marin", "Head of sales", ["sales", "sales-managers", "management"]),
  person("tom.becker", "Tom Becker", "Sales manager, United Kingdom", ["sales", "sales-managers"]),
  person("ines.duarte", "Inês Duarte", "Finance lead", ["finance"]),
];
export const [BEN, SOFIA, TOM, INES] = PEOPLE as readonly [Principal, Principal, Principal, Principal];
