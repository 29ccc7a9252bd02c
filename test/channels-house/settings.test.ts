import { describe, expect, it } from "vitest";
import {
  draftSlack,
  draftTeams,
  type Place,
  readChannelSettings,
} from "../../src/compose/channels/settings.ts";

const HERE = { host: "127.0.0.1", publicUrl: null };
const ID = "11111111-2222-3333-4444-555555555555";
const SLACK = {
  STEWARD_SLACK_WORKSPACES: "T0ACME, T0OTHER",
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
};
const TEAMS = { TEAMS_APP_ID: ID, TEAMS_APP_PASSWORD: "password", TEAMS_TENANT_ID: ID };

const wrong = (env: Record<string, string>, place: Place = HERE): string => {
  try {
    readChannelSettings(env, place);
    return "";
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
};

describe("the settings of the platforms", () => {
  it("are none when nothing is set, also when it is set to nothing", () => {
    expect(readChannelSettings({}, HERE)).toMatchObject({ slack: null, teams: null });
    expect(readChannelSettings({ SLACK_BOT_TOKEN: " ", TEAMS_APP_ID: "" }, HERE)).toMatchObject({
      slack: null,
      teams: null,
    });
  });

  it("are whole when all of a platform is set", () => {
    const { slack, teams, allowed } = readChannelSettings(
      { ...SLACK, ...TEAMS },
      { host: "0.0.0.0", publicUrl: "https://steward.acme.example/" },
    );
    expect(slack).toMatchObject({ mode: "socket", publicUrl: "https://steward.acme.example" });
    expect(teams).toMatchObject({ sdk: "botbuilder", isLocal: false });
    expect(allowed).toEqual({ slack: ["T0ACME", "T0OTHER"], teams: [ID] });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, ["STEWARD_SLACK_WORKSPACES", "SLACK_APP_TOKEN"]],
    [{ ...SLACK, STEWARD_SLACK_MODE: "http" }, ["SLACK_SIGNING_SECRET"]],
    [{ ...SLACK, SLACK_BOT_TOKEN: "" }, ["SLACK_BOT_TOKEN"]],
    [{ ...SLACK, SLACK_CLIENT_ID: "1" }, ["SLACK_CLIENT_SECRET"]],
    [{ TEAMS_APP_ID: ID }, ["TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID"]],
    [{ STEWARD_TEAMS_SDK: "agents" }, ["TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID"]],
  ])("that are halfway there say what is missing: %j", (env, missing) => {
    const said = wrong(env as Record<string, string>);
    expect(said).toMatch(/^CHN-400 /);
    for (const name of missing) expect(said).toContain(name);
  });

  it.each([
    [{ ...SLACK, STEWARD_SLACK_MODE: "webhook" }, "STEWARD_SLACK_MODE"],
    [{ ...SLACK, STEWARD_SLACK_WORKSPACES: "acme.slack.com" }, "STEWARD_SLACK_WORKSPACES"],
    [{ ...SLACK, SLACK_API_URL: "slack.com" }, "SLACK_API_URL"],
    [{ ...TEAMS, TEAMS_APP_ID: "my-app" }, "TEAMS_APP_ID"],
    [{ ...TEAMS, STEWARD_TEAMS_ENDPOINTS: "{" }, "STEWARD_TEAMS_ENDPOINTS"],
    [{ ...TEAMS, STEWARD_TEAMS_LOCAL: "1" }, "TEAMS_APP_ID"],
    [{ ...SLACK, SLACK_CLIENT_ID: "1", SLACK_CLIENT_SECRET: "2" }, "--public-url"],
  ])("that are wrong say which: %j", (env, name) => {
    expect(wrong(env as Record<string, string>)).toContain(name);
  });

  it("never repeat a secret", () => {
    const said = wrong({ ...SLACK, SLACK_BOT_TOKEN: "very-secret-token", SLACK_APP_TOKEN: "another-secret" });
    expect(said).toContain("SLACK_BOT_TOKEN");
    expect(said).not.toContain("secret");
  });

  it("let Teams go without an app id on this machine alone, then for any tenant or those named", () => {
    const local = { STEWARD_TEAMS_LOCAL: "1" };
    expect(readChannelSettings(local, HERE)).toMatchObject({
      teams: { isLocal: true },
      allowed: { teams: null },
    });
    expect(readChannelSettings({ ...local, STEWARD_TEAMS_TENANTS: ID }, HERE).allowed.teams).toEqual([ID]);
    expect(wrong(local, { host: "0.0.0.0", publicUrl: null })).toMatch(/^CHN-403/);
    expect(wrong(local, { host: "127.0.0.1", publicUrl: "https://steward.acme.example" })).toMatch(
      /^CHN-403/,
    );
  });

  it("can be drafted before there are tokens, for the manifest and the package", () => {
    expect(draftSlack({}, "https://steward.acme.example")).toMatchObject({ mode: "socket", botToken: null });
    expect(draftSlack({ SLACK_SIGNING_SECRET: "s" }, null).mode).toBe("http");
    expect(draftTeams({}, null)).toMatchObject({ appId: null, sdk: "botbuilder" });
  });
});
