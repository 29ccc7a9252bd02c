// Plain JavaScript for Node 20: it runs before there is a Node that reads TypeScript.
import { spawn } from "node:child_process";
import * as nodeModule from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheDirectory, findNode, isNewEnough, NodeMissing } from "./find-node.js";

const compileCache = () => join(cacheDirectory(), "compiled");

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"]);

/** Runs a TypeScript file with these arguments: here when this Node can, else in a newer one. */
export async function launch(script, args) {
  const file = resolve(script);
  if (isNewEnough(process.versions.node)) {
    hideTypeStrippingWarning();
    // Keeps what was compiled between starts: a quarter of a warm start otherwise goes into that.
    if (!process.env.NODE_COMPILE_CACHE) nodeModule.enableCompileCache?.(compileCache());
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  let node;
  try {
    node = await findNode((line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof NodeMissing)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  runUnder(node, file, args);
}

/** Node 22 says once that type stripping is an experiment; it is told nowhere else and helps nobody here. */
function hideTypeStrippingWarning() {
  const emit = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("Type Stripping")) emit.call(process, warning, ...rest);
  };
}

/** Runs a file under another Node: same streams, signals forwarded, its exit code or signal handed on. */
export function runUnder(node, file, args) {
  const env = { NODE_COMPILE_CACHE: compileCache(), ...process.env };
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", file, ...args], {
    stdio: "inherit",
    env,
  });
  // A terminal sends Ctrl+C to both processes itself; forwarding it too would look like a second one.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const handlers = SIGNALS.map((signal) => {
    const forward = () => {
      if (!(hasTerminal && (signal === "SIGINT" || signal === "SIGQUIT"))) child.kill(signal);
    };
    process.on(signal, forward);
    return { signal, forward };
  });
  child.on("error", (error) => {
    process.stderr.write(`Steward could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    for (const { signal: name, forward } of handlers) process.off(name, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
