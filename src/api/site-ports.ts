/** A site whose pages may show the widget. */
export type SiteInfo = {
  readonly id: string;
  readonly name: string;
  readonly kind: "secret" | "jwks" | "key";
  readonly origins: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string | null;
  readonly createdAt: string;
};

export type NewSite = {
  readonly name: string;
  readonly origins: readonly string[];
  /** The site's id when null. */
  readonly issuer: string | null;
  readonly audience: string;
  /** Where its public keys are; with neither this nor `publicKey` it gets a secret. */
  readonly jwksUrl: string | null;
  readonly publicKey: string | null;
};

/** Which sites may show the widget, for administrators. */
export type SitePorts = {
  listSites(): Promise<readonly SiteInfo[]>;
  /** `secret` is shown once. Throws IDN-423 for what cannot be, IDN-422 for a key that is none. */
  addSite(by: string, site: NewSite): Promise<SiteInfo & { readonly secret: string | null }>;
  removeSite(by: string, id: string): Promise<SiteInfo>;
};
