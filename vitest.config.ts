import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from nowhere else.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    globalSetup: ["test/setup/global.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two by default: each file may hold an embedded database of about 200 MB.
    maxWorkers: Number(process.env.STEWARD_TEST_WORKERS) || 2,
  },
});
