import { defineConfig } from "vitest/config";

// One screen, one window at a time. The benchmark is no test: it runs when it is asked for.
export default defineConfig({
  test: { include: [process.env.REFBOOK_BLANK ? "speed.ts" : "*.test.ts"], testTimeout: 180_000, hookTimeout: 60_000, fileParallelism: false },
});
