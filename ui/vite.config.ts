import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Every font is a file: the content policy takes none from within the styles. The style target knows light-dark().
  build: { target: "es2022", cssTarget: ["safari17.5", "chrome123"], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // State classes are tested as the browser runs them.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: { setupFiles: ["vitest.setup.ts"], include: ["src/**/*.test.ts"] },
}));
