import type { SiteInfo } from "../../api/site-ports.ts";
import { type Command, UsageError } from "../command.ts";
import { plain, table } from "../format.ts";
import { readLocalFile } from "../read-files.ts";

export const sitesCommand: Command = {
  name: "sites",
  summary: "Say which sites' pages may show the widget, and how they prove who is in front of them",
  usage:
    "sites add --origin URL… [--name TEXT] [--audience TEXT] [--issuer TEXT] [--jwks URL | --public-key FILE] | sites list | sites remove ID",
  options: {
    origin: { type: "string", multiple: true },
    name: { type: "string" },
    audience: { type: "string" },
    issuer: { type: "string" },
    jwks: { type: "string" },
    "public-key": { type: "string" },
  },
  optionHelp: [
    ["--origin URL", "of its pages, such as https://intranet.example; may be given several times"],
    ["--name TEXT", "what it is; the first origin when left out"],
    ["--audience TEXT", "`aud` of its tokens (steward)"],
    ["--issuer TEXT", "`iss` of its tokens (the site's id)"],
    ["--jwks URL", "where its public keys are, for RS256 and ES256; else it gets a secret for HS256"],
    ["--public-key FILE", "its one public key, as PEM or JWK"],
  ],
  positionals: [1, 2],
  run: async (run) => {
    const [verb, subject] = run.positionals;
    if (verb === "list" && subject === undefined) {
      const sites = await (await run.connect()).listSites();
      run.answer({ sites }, () => listSites(sites));
      return 0;
    }
    if (verb === "remove" && subject !== undefined) {
      const site = await (await run.connect()).removeSite("local", subject);
      run.answer(site, () => `Removed ${site.id}: tokens of ${site.origins.join(", ")} count no more.`);
      return 0;
    }
    if (verb !== "add" || subject !== undefined) {
      throw new UsageError("It is: sites add --origin URL, sites list, or sites remove ID.");
    }
    const origins = run.texts("origin");
    if (origins.length === 0) throw new UsageError("Say which pages: --origin https://intranet.example.");
    const file = run.text("public-key");
    const publicKey =
      file === null ? null : new TextDecoder().decode(readLocalFile(run.deps.cwd, file).content);
    const site = await (await run.connect()).addSite("local", {
      name: run.text("name") ?? origins[0] ?? "",
      origins,
      issuer: run.text("issuer"),
      audience: run.text("audience") ?? "steward",
      jwksUrl: run.text("jwks"),
      publicKey,
    });
    run.answer(site, () =>
      [
        `${site.id} may show the widget on ${site.origins.join(", ")}.`,
        `Its tokens: iss "${plain(site.issuer)}", aud "${plain(site.audience)}", at most 15 minutes; see docs/widget.md.`,
        ...(site.secret === null
          ? []
          : ["", site.secret, "", "This secret signs them (HS256). It is shown once."]),
      ].join("\n"),
    );
    return 0;
  },
};

function listSites(sites: readonly SiteInfo[]): string {
  if (sites.length === 0)
    return "No site may show the widget yet. Add one with: steward sites add --origin URL";
  return table(
    ["Id", "Name", "Origins", "Issuer", "Audience", "Proof"],
    sites.map((site) => [
      site.id,
      plain(site.name),
      site.origins.join(" "),
      plain(site.issuer),
      plain(site.audience),
      site.kind === "secret" ? "HS256 secret" : site.kind === "jwks" ? (site.jwksUrl ?? "") : "public key",
    ]),
  );
}
