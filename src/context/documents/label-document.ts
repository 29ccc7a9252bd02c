import { EVERYONE, type Label, SENSITIVITIES, type Sensitivity } from "../../types/label.ts";
import { StewardError } from "../../types/steward-error.ts";
import { checkReaders, type FrontMatter } from "./front-matter.ts";
import type { DocumentSource } from "./ingest.ts";

/**
 * Who may read a document and how far it may travel, from what the person reading it in said and what the
 * document says of itself. Both can only narrow: neither opens what the other closes. Throws `DOC-400` for
 * names that are none, `DOC-409` when no reader is left.
 */
export function labelDocument(
  source: Pick<DocumentSource, "readers" | "sensitivity" | "integrity">,
  front: Pick<FrontMatter, "readers" | "sensitivity" | "integrity"> | null,
): Pick<Label, "readers" | "sensitivity" | "integrity"> {
  const given = source.readers ? checkReaders(source.readers) : null;
  const readers = narrow(given ?? [EVERYONE], front?.readers ?? [EVERYONE]);
  const isForAll = readers.includes(EVERYONE);
  const said = [source.sensitivity, front?.sensitivity].filter((one) => one !== undefined && one !== null);
  const sensitivity = said.length > 0 ? highest(said) : isForAll ? "internal" : "confidential";
  const isExternal = source.integrity === "external" || front?.integrity === "external";
  return { readers, sensitivity, integrity: isExternal ? "external" : "member" };
}

function narrow(given: readonly string[], own: readonly string[]): readonly string[] {
  if (given.includes(EVERYONE)) return own;
  if (own.includes(EVERYONE)) return given;
  const both = given.filter((reader) => own.includes(reader));
  if (both.length > 0) return both;
  throw new StewardError("DOC-409", `Given: ${given.join(", ")}. The document names: ${own.join(", ")}.`);
}

function highest(values: readonly Sensitivity[]): Sensitivity {
  return values.reduce((a, b) => (SENSITIVITIES.indexOf(a) >= SENSITIVITIES.indexOf(b) ? a : b));
}
