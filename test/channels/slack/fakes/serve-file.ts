import type { IncomingMessage, ServerResponse } from "node:http";
import type { SlackWorld } from "./slack-world.ts";

/**
 * Private files. Without a token that may see the file Slack does not refuse: it sends the caller on to a page of
 * HTML for signing in, with status 200; whoever does not look takes that page for the file.
 */
export async function serveFile(
  world: SlackWorld,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, , place = ""] = new URL(request.url ?? "/", "http://slack").pathname.split("/");
  const file = world.files.get(place.split("-")[1] ?? "");
  const token = world.tokens.get(/^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
  const bot = world.teams.get(token?.team ?? "")?.botUser ?? "";
  const channel = world.channels.get(file?.channel ?? "");
  const maySee =
    token &&
    !token.isRevoked &&
    token.scopes.includes("files:read") &&
    token.team === file?.team &&
    channel?.members.has(bot);
  if (!maySee || !file) {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end("<!DOCTYPE html><html><title>Sign in to Slack</title></html>");
    return;
  }
  if (file.isDeleted) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "Content-Type": file.mimetype, "Content-Length": file.content.length });
  response.end(file.content);
}
