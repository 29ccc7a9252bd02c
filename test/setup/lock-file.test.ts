import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Locked = {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")) as unknown;
const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, Locked>> };

test("the lock file holds every platform's packages, so that npm ci takes it anywhere", () => {
  const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${where}/node_modules/${name}`],
    ),
  );
  expect(missing, "run: node .ci/complete-lock.js").toEqual([]);
});

test("the lock file names no registry of its own and each package by one version", () => {
  const text = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");
  const hosts = [...text.matchAll(/"resolved": "(https?:\/\/[^/]+)/g)].map((match) => match[1]);
  expect([...new Set(hosts)].filter((host) => host !== "https://registry.npmjs.org")).toEqual([]);
  for (const [where, { version }] of Object.entries(packages))
    expect(version, where).toMatch(/^\d+\.\d+\.\d+/);
});

test("package.json asks for exact versions, and the lock file agrees", () => {
  const own = read("package.json") as Locked;
  const root = packages[""];
  for (const kind of ["dependencies", "devDependencies"] as const) {
    expect(root?.[kind]).toEqual(own[kind]);
    for (const version of Object.values(own[kind] ?? {})) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
