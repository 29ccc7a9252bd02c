#!/usr/bin/env node
import { launch } from "./launch.js";

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write("Usage: node bin/run.js SCRIPT.ts [ARGUMENT…]\n");
  process.exitCode = 2;
} else {
  await launch(script, args);
}
