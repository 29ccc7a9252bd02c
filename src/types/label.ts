/** How far a value may be trusted to steer an action, lowest first (DESIGN §5). */
export const INTEGRITIES = ["external", "member", "system", "user"] as const;
export type Integrity = (typeof INTEGRITIES)[number];

/** How far a value may travel, lowest first. */
export const SENSITIVITIES = ["public", "internal", "confidential", "restricted"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** Group name that stands for everybody in the directory. */
export const EVERYONE = "everyone";

/**
 * What is known about a value. Labels join and are never dropped: the join has the lowest integrity,
 * the highest sensitivity and the intersection of the readers.
 */
export type Label = {
  readonly integrity: Integrity;
  readonly sensitivity: Sensitivity;
  /** Where it came from, in words a person understands: "your message", "invoice.pdf, page 1". */
  readonly source: string;
  /** Groups (or e-mail addresses) of those who may read it; `["everyone"]` for the whole directory. */
  readonly readers: readonly string[];
};

export type Labelled<T> = { readonly value: T; readonly label: Label };
