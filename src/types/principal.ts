/** A person of the directory who may talk to Steward and whose rights every action runs under. */
export type Principal = {
  /** Verified e-mail address in lower case; the one identity across channels. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Id of the manager, or null at the top. */
  readonly manager: string | null;
  /** Groups, always including `everyone`. */
  readonly groups: readonly string[];
  /** IANA time zone, e.g. `Europe/Berlin`. */
  readonly zone: string;
  /** BCP 47 language tag used for dates and money, e.g. `en-GB`. */
  readonly locale: string;
};

/** A snapshot of the directory, cheap to ask; pure code gets it as a value. */
export type Directory = {
  readonly people: readonly Principal[];
  /** Domains of e-mail addresses that belong to the company. */
  readonly domains: readonly string[];
  /** People's words for groups: `sales-managers` → "a sales manager". */
  readonly groupTitles: Readonly<Record<string, string>>;
  find(id: string): Principal | null;
  inGroup(group: string): readonly Principal[];
};
