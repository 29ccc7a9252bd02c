// Adds to package-lock.json the optional packages of other platforms that npm left out because the registry it
// asked does not hold them: `npm ci` refuses a lock file without them. Run after `npm install`:
// node .ci/complete-lock.js
import { readFileSync, writeFileSync } from "node:fs";

const PATH = new URL("../package-lock.json", import.meta.url);
const SYSTEMS = /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/;
const PROCESSORS = /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)$/;

const lock = JSON.parse(readFileSync(PATH, "utf8"));
for (const [where, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const top = `node_modules/${name}`;
    if (lock.packages[top] || lock.packages[`${where}/${top}`]) continue;
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
      console.error(`Not added: ${name} is wanted as ${version}, which is not one version.`);
      process.exitCode = 1;
      continue;
    }
    lock.packages[top] = describe(name, version, parent.dev === true);
    console.log(`${name} ${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(PATH, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);

/** A lock entry by the package's name, which says its platform: `@x/cli-linux-x64-musl`. */
function describe(name, version, isDev) {
  const words = name.split("/").at(-1).split("-");
  const cpu = words.find((word) => PROCESSORS.test(word));
  const os = words.find((word) => SYSTEMS.test(word));
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : null;
  return {
    version,
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(isDev ? { dev: true } : {}),
    ...(libc ? { libc } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
  };
}
