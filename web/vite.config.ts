import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The server serves what is built here: the app for every seat from index.html, the office's page
// from office.html, and plain.css for the pages it writes itself, found through the manifest.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: "/static/",
  build: {
    outDir: "../meeting/static",
    emptyOutDir: true,
    manifest: true,
    target: ["chrome95", "safari15"],
    assetsInlineLimit: 0, // a font or picture in the code could not be cached by itself
    rolldownOptions: { input: ["index.html", "office.html", "src/style/plain.css"] },
  },
  // Runes are tested as the browser runs them, not as a server would render them.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
