import { inflateSync } from "node:zlib";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { z } from "zod";
import { teamsPackage } from "../../../channels/teams/package.ts";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";

const settings: TeamsSettings = {
  appId: "5d0b5d34-9a0c-4c46-8d6c-0a4f2f8b6a11",
  appPassword: "very-secret",
  tenantId: "0f6e1c7a-52b7-4a47-9e2d-3f5c6f7a8b90",
  sdk: "botbuilder",
  isLocal: false,
  endpoints: {},
  publicUrl: "https://steward.example.com",
};

/** The limits of the published manifest schema 1.19 for what is used; strict, so that nothing else creeps in. */
const https = z.url({ protocol: /^https$/ }).max(2048);
const scope = z.enum(["personal", "team", "groupChat"]);
const manifestShape = z.strictObject({
  $schema: z.literal("https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json"),
  manifestVersion: z.literal("1.19"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  id: z.guid(),
  developer: z.strictObject({
    name: z.string().min(1).max(32),
    websiteUrl: https,
    privacyUrl: https,
    termsOfUseUrl: https,
  }),
  name: z.strictObject({ short: z.string().min(1).max(30), full: z.string().max(100) }),
  description: z.strictObject({ short: z.string().min(1).max(80), full: z.string().min(1).max(4000) }),
  icons: z.strictObject({ color: z.string(), outline: z.string() }),
  accentColor: z.string().regex(/^#[0-9A-F]{6}$/i),
  defaultInstallScope: scope,
  defaultGroupCapability: z.strictObject({ team: z.literal("bot"), groupchat: z.literal("bot") }),
  bots: z
    .array(
      z.strictObject({
        botId: z.guid(),
        scopes: z.array(scope).max(3),
        supportsFiles: z.boolean(),
        isNotificationOnly: z.literal(false),
        supportsCalling: z.literal(false),
        supportsVideo: z.literal(false),
        commandLists: z
          .array(
            z.strictObject({
              scopes: z.array(scope),
              commands: z
                .array(z.strictObject({ title: z.string().max(32), description: z.string().max(128) }))
                .max(10),
            }),
          )
          .max(3),
      }),
    )
    .length(1),
  permissions: z.array(z.enum(["identity", "messageTeamMembers"])),
  validDomains: z.array(z.string().max(2048)).max(16),
  webApplicationInfo: z.strictObject({ id: z.guid(), resource: z.string().startsWith("api://") }).optional(),
});

/** Width, height and pixels (RGBA) of a PNG that this project wrote. */
function readPng(bytes: Uint8Array) {
  const file = Buffer.from(bytes);
  expect(file.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const raw = inflateSync(Buffer.concat(parts));
  expect(raw.length).toBe(height * (1 + width * 4));
  const pixel = (x: number, y: number) => [...raw.subarray(y * (1 + width * 4) + 1 + x * 4).subarray(0, 4)];
  return { width, height, pixel };
}

test("the package is what the Teams admin centre takes: manifest and both icons at its top", () => {
  const files = unzipSync(teamsPackage(settings));
  expect(Object.keys(files).sort()).toEqual(["color.png", "manifest.json", "outline.png"]);
  const manifest = manifestShape.parse(JSON.parse(strFromU8(files["manifest.json"] ?? new Uint8Array())));
  expect(manifest.bots[0]).toMatchObject({
    botId: settings.appId,
    scopes: ["personal", "team", "groupChat"],
  });
  expect(manifest.validDomains).toEqual(["steward.example.com"]);
  expect(files[manifest.icons.color]).toBeDefined();
  expect(files[manifest.icons.outline]).toBeDefined();
});

test("the icons have the sizes and colours that Teams asks for", () => {
  const files = unzipSync(teamsPackage(settings));
  const color = readPng(files["color.png"] ?? new Uint8Array());
  expect([color.width, color.height]).toEqual([192, 192]);
  expect(color.pixel(0, 0)).toEqual([0x26, 0x57, 0xb3, 255]);
  const outline = readPng(files["outline.png"] ?? new Uint8Array());
  expect([outline.width, outline.height]).toEqual([32, 32]);
  const pixels = Array.from({ length: 32 * 32 }, (_, i) => outline.pixel(i % 32, Math.floor(i / 32)));
  expect(pixels.every(([r, g, b]) => r === 255 && g === 255 && b === 255)).toBe(true);
  expect(pixels.some((one) => one[3] === 0)).toBe(true);
  expect(pixels.some((one) => one[3] === 255)).toBe(true);
});

test("two packages of one set-up are one file, and no secret is in it", () => {
  const one = teamsPackage(settings);
  expect(Buffer.compare(one, teamsPackage(settings))).toBe(0);
  const words = Object.values(unzipSync(one))
    .map((content) => strFromU8(content))
    .join();
  expect(words).not.toContain("very-secret");
});

test("the version is the product's, without what Teams does not take; what is none is refused", () => {
  const versionOf = (version?: string) =>
    JSON.parse(
      strFromU8(
        unzipSync(teamsPackage(settings, version === undefined ? {} : { version }))["manifest.json"] ??
          new Uint8Array(),
      ),
    ).version;
  expect(versionOf("0.1.0")).toBe("0.1.0");
  expect(versionOf("2.10.3-rc.1+build.7")).toBe("2.10.3");
  expect(versionOf()).toBe("1.0.0");
  for (const odd of ["", "1", "1.2", "v1.2.3", "1.2.3.4", '1.2.3","x":"'])
    expect(() => versionOf(odd)).toThrow("no version");
});

test("single sign-on is in it when its connection is set up", () => {
  const content = unzipSync(teamsPackage({ ...settings, endpoints: { SsoConnection: "entra" } }));
  const manifest = JSON.parse(strFromU8(content["manifest.json"] ?? new Uint8Array()));
  expect(manifest.webApplicationInfo.id).toBe(settings.appId);
});

test("single sign-on is only in it when it is set up", () => {
  const manifest = (hasSingleSignOn: boolean) =>
    JSON.parse(
      strFromU8(unzipSync(teamsPackage(settings, { hasSingleSignOn }))["manifest.json"] ?? new Uint8Array()),
    );
  expect(manifest(false).webApplicationInfo).toBeUndefined();
  expect(manifestShape.parse(manifest(true)).webApplicationInfo?.resource).toBe(
    `api://botid-${settings.appId}`,
  );
});

test("without an app id or an https address it says what is missing", () => {
  expect(() => teamsPackage({ ...settings, appId: null })).toThrow("TEAMS_APP_ID");
  expect(() => teamsPackage({ ...settings, publicUrl: null })).toThrow("--public-url");
  expect(() => teamsPackage({ ...settings, publicUrl: "http://steward.example.com" })).toThrow("https");
});
