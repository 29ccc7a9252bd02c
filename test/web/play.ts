/** Serves the widget with the stand-in server, to look at it: `node test/web/play.ts [port] [demo|token]`. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeServer } from "./fake-server.ts";
import { playScenes } from "./scenes.ts";

const [port = "3100", mode = "demo"] = process.argv.slice(2);
const server = await createFakeServer({
  port: Number(port),
  mode: mode === "token" ? "token" : "demo",
  cacheDir: join(tmpdir(), "steward-widget"),
  reply: playScenes(),
});
console.log(server.url);
