import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // Every font is a file: the content policy takes none from within the styles.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
