import { defineConfig } from "vitest/config";

// Two screens at once, on each one window at a time: most of a story's time is waiting. The benchmark is no test: it runs when it is asked for.
export default defineConfig({
  test: { include: [process.env.REFBOOK_BLANK ? "speed.ts" : "*.test.ts"], testTimeout: 180_000, hookTimeout: 60_000, maxWorkers: 2 },
});
