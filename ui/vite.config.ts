import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  // Every font is a file: the content policy takes none from within the styles. The style target knows light-dark().
  build: { target: "es2022", cssTarget: ["safari17.5", "chrome123"], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
