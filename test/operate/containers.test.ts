import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

/** No container engine runs where the tests do: what can be said of the files without one. */
const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

type Service = {
  build?: string;
  image?: string;
  volumes?: readonly string[];
  depends_on?: readonly string[] | Record<string, unknown>;
  environment?: Record<string, string>;
  env_file?: readonly { path: string; required: boolean }[];
  stop_grace_period?: string;
  read_only?: boolean;
  cap_drop?: readonly string[];
};
const compose = parse(read("docker-compose.yml"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const services = Object.entries(compose.services);

describe("docker-compose.yml", () => {
  test("has Postgres, NATS, two replicas and a proxy, and names only what there is", () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      "nats",
      "postgres",
      "proxy",
      "steward-1",
      "steward-2",
    ]);
    for (const [name, service] of services) {
      expect(service.build ?? service.image, name).toBeTruthy();
      if (service.build) expect(existsSync(new URL(`${service.build}/Dockerfile`, root)), name).toBe(true);
      const needed = service.depends_on ?? [];
      for (const other of Array.isArray(needed) ? needed : Object.keys(needed)) {
        expect(compose.services, name).toHaveProperty(String(other));
      }
      for (const volume of service.volumes ?? []) {
        const [from = ""] = volume.split(":");
        if (from.startsWith(".")) expect(statSync(fileURLToPath(new URL(from, root))).isFile()).toBe(true);
        else expect(compose.volumes, name).toHaveProperty(from);
      }
    }
  });

  test("gives each replica a data directory of its own, and time to hand over", () => {
    const replicas = services.filter(([name]) => name.startsWith("steward-"));
    expect(new Set(replicas.map(([, service]) => String(service.volumes))).size).toBe(2);
    for (const [, service] of replicas) {
      expect(Number.parseInt(service.stop_grace_period ?? "0", 10)).toBeGreaterThan(10);
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.environment?.STEWARD_DATABASE_URL).toContain("@postgres:5432/");
    }
  });

  test("gives every replica what the operator sets beside it, and sets nothing over it but what belongs to the file", () => {
    for (const [name, service] of services.filter(([name]) => name.startsWith("steward-"))) {
      expect(service.env_file, name).toEqual([{ path: "steward.env", required: false }]);
      // A variable of the file, even an empty one, would win over the operator's.
      expect(Object.keys(service.environment ?? {})).toEqual(["STEWARD_DATABASE_URL", "STEWARD_PUBLIC_URL"]);
    }
    expect(read(".gitignore").split("\n")).toContain("/steward.env");
  });

  test("has no password in it", () => {
    const lines = read("docker-compose.yml")
      .split("\n")
      .filter((line) => line.includes("PASSWORD"));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/\$\{POSTGRES_PASSWORD:\?|PASSWORD=…/);
  });
});

describe("the image", () => {
  const lines = read("Dockerfile").split("\n");
  const copied = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(" ") ?? []);

  test("does not run as root, and installs by the lock file without development packages", () => {
    expect(lines.findLast((line) => line.startsWith("USER "))).toBe("USER node");
    expect(read("Dockerfile")).toContain("npm ci --omit=dev");
  });

  test("gets every folder that the program reads, each let in by .dockerignore", () => {
    const ignore = read(".dockerignore").split("\n");
    for (const path of copied) {
      expect(existsSync(new URL(path, root)), path).toBe(true);
      expect(ignore, path).toContain(`!${path}`);
    }
    for (const room of ["bin", "src", "sql", "policies", "prompts", "demo", "tools", "channels"]) {
      expect(copied).toContain(room);
    }
  });
});

test("the proxy keeps a browser with its replica and asks each whether it is ready", () => {
  const caddy = read("deploy/Caddyfile");
  for (const replica of ["steward-1:3000", "steward-2:3000", "lb_policy cookie", "health_uri /readyz"]) {
    expect(caddy).toContain(replica);
  }
});
