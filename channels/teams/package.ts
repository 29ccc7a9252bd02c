import { strToU8, zipSync } from "fflate";
import type { TeamsSettings } from "../../src/types/channel-settings.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { colorIcon, outlineIcon } from "./icons.ts";
import { ssoConnectionOf } from "./transport/endpoints.ts";

/** learn.microsoft.com/microsoft-365/extensibility/schema */
const SCHEMA = "1.19";
/** Two packages of one content are the same file, byte for byte. A zip holds local time, whatever the zone. */
const AT = new Date(2026, 0, 1);

const COMMANDS = [
  { title: "help", description: "What Steward can do for you, with examples" },
  { title: "stop", description: "Stop what Steward is doing for you here" },
];

/**
 * The app package that is uploaded in the Teams admin centre: manifest and two icons, zipped. Throws TMS-400 when
 * there is no app id or no https address yet. `version` is the product's: it has to rise when a package replaces
 * another. Single sign-on is in it where the settings name its connection, unless told otherwise.
 */
export function teamsPackage(
  settings: TeamsSettings,
  options: { readonly version?: string; readonly hasSingleSignOn?: boolean } = {},
): Uint8Array {
  const manifest = teamsManifest(settings, options);
  const file = (content: Uint8Array) => [content, { mtime: AT }] as const;
  return zipSync({
    "manifest.json": [...file(strToU8(`${JSON.stringify(manifest, null, 2)}\n`))],
    "color.png": [...file(colorIcon())],
    "outline.png": [...file(outlineIcon())],
  });
}

/** The manifest in it; see `teamsPackage`. */
export function teamsManifest(
  settings: TeamsSettings,
  options: { readonly version?: string; readonly hasSingleSignOn?: boolean } = {},
): object {
  const { appId } = settings;
  if (!appId) throw new StewardError("TMS-400", "The package needs the app id: set TEAMS_APP_ID.");
  const url = settings.publicUrl === null ? null : URL.parse(settings.publicUrl);
  if (url?.protocol !== "https:") {
    throw new StewardError(
      "TMS-400",
      "The package needs the https address of this server: give it with --public-url.",
    );
  }
  const address = url.href.replace(/\/+$/, "");
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA}/MicrosoftTeams.schema.json`,
    manifestVersion: SCHEMA,
    version: manifestVersion(options.version),
    id: appId,
    developer: { name: "Steward", websiteUrl: address, privacyUrl: address, termsOfUseUrl: address },
    name: { short: "Steward", full: "Steward, the company's assistant" },
    description: {
      short: "Ask, see what is done in your name, and approve it, without leaving Teams.",
      full:
        "Steward answers from what your company knows and does what you ask with its systems: calendar, customers, invoices. " +
        "What is harmless happens at once; what needs somebody's word waits for the right person's click in the thread; " +
        "everything has a reason and a record. In a channel or group chat, mention Steward: it reads only what addresses it, " +
        "and shows there only what everybody there may see.",
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: "#2657B3",
    defaultInstallScope: "personal",
    defaultGroupCapability: { team: "bot", groupchat: "bot" },
    bots: [
      {
        botId: appId,
        scopes: ["personal", "team", "groupChat"],
        supportsFiles: true,
        isNotificationOnly: false,
        supportsCalling: false,
        supportsVideo: false,
        commandLists: [
          { scopes: ["personal"], commands: COMMANDS },
          { scopes: ["team", "groupChat"], commands: COMMANDS },
        ],
      },
    ],
    permissions: ["identity", "messageTeamMembers"],
    validDomains: [url.hostname],
    ...((options.hasSingleSignOn ?? ssoConnectionOf(settings) !== null)
      ? { webApplicationInfo: { id: appId, resource: `api://botid-${appId}` } }
      : {}),
  };
}

/** Teams takes three numbers and nothing behind them (semver.org, 2: without pre-release and build). */
function manifestVersion(version = "1.0.0"): string {
  const [numbers] = /^\d{1,5}\.\d{1,5}\.\d{1,5}(?=$|[-+])/.exec(version) ?? [];
  if (numbers === undefined) throw new StewardError("TMS-400", `"${version}" is no version for the package.`);
  return numbers;
}
