import { defineConfig } from "vitest/config";

// One screen, one window at a time.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false } });
