import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The first Node that runs TypeScript without being asked to. */
const NEEDED = [22, 18];
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** Why there is no Node that could run Steward, in words for the person. */
export class NodeMissing extends Error {}

/** Whether a version such as `22.18.0` runs TypeScript by itself. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Where Steward keeps what it found out about this machine. */
export function cacheDirectory(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "steward");
}

/**
 * Path of a Node that is new enough: the remembered one, else Node 24 from npm (about 60 MB, once).
 * `say` gets one line when something is fetched. Throws NodeMissing when there is none to be had.
 */
export async function findNode(say, env = process.env) {
  const chosen = env.STEWARD_NODE;
  if (chosen) {
    if (versionOf(chosen) === null) {
      throw new NodeMissing(
        `STEWARD_NODE is ${chosen}, which is not Node ${NEEDED.join(".")} or newer. Correct it or unset it.`,
      );
    }
    return chosen;
  }
  const memory = join(cacheDirectory(env), "node-path");
  const remembered = recall(memory);
  if (remembered !== null) return remembered;
  say(
    `Node ${process.versions.node} is older than ${NEEDED.join(".")}: fetching Node 24 from npm to run under it (once).`,
  );
  const found = fromNpm("node@24", env) ?? fromNpm(`${platformPackage()}@24`, env);
  if (found === null) {
    throw new NodeMissing(
      `Steward needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}, and npm could not fetch one (no network?). ` +
        "Install Node 24, or set STEWARD_NODE to its path.",
    );
  }
  remember(memory, found);
  return found;
}

/** npm's package `node` fetches its binary in an install script; this one holds it, where scripts may not run. */
function platformPackage() {
  const system = process.platform === "win32" ? "win" : process.platform;
  return `node-${system}-${process.arch}`;
}

function fromNpm(spec, env) {
  // `npm start` hands its own settings down as variables; the project's must not decide where Node goes.
  const clean = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(config_(local_prefix|omit|include|package|call|workspace)|package_|lifecycle_)/i.test(name),
    ),
  );
  const npm = env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, env.npm_execpath] : ["npm"];
  const run = spawnSync(
    npm[0],
    [...npm.slice(1), "exec", "--yes", `--package=${spec}`, "--", "node", "-p", "process.execPath"],
    {
      env: clean,
      cwd: tmpdir(),
      encoding: "utf8",
      timeout: DOWNLOAD_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32" && npm.length === 1,
    },
  );
  const path = run.stdout?.trim().split("\n").at(-1) ?? "";
  // Without a binary of its own the package lets the old `node` of the PATH answer: look at the version.
  return path && versionOf(path) !== null ? path : null;
}

/** Version of a Node binary, or null when it does not run or is too old. */
function versionOf(path) {
  const run = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 });
  const version = run.status === 0 ? run.stdout.trim().replace(/^v/, "") : "";
  return /^\d+\.\d+\.\d+/.test(version) && isNewEnough(version) ? version : null;
}

/** The remembered path, if the file there is still the one whose version was seen. */
function recall(memory) {
  try {
    const { path, bytes, mtimeMs } = JSON.parse(readFileSync(memory, "utf8"));
    const now = statSync(path);
    return now.size === bytes && now.mtimeMs === mtimeMs ? path : null;
  } catch {
    return null;
  }
}

function remember(memory, path) {
  try {
    const { size, mtimeMs } = statSync(path);
    mkdirSync(dirname(memory), { recursive: true, mode: 0o700 });
    const beside = `${memory}.${process.pid}`;
    writeFileSync(beside, `${JSON.stringify({ path, bytes: size, mtimeMs })}\n`, { mode: 0o600 });
    renameSync(beside, memory);
  } catch {
    // A read-only home: it is looked for again next time.
  }
}
