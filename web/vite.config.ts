import { defineConfig } from "vite";

// Where a running campus listens, for `npm run dev`.
const campus = process.env["CHALKBELL_ORIGIN"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Nothing is inlined: the pages are served with a policy that allows their own origin only.
  build: { target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], assetsInlineLimit: 0 },
  server: { proxy: { "/api": campus, "/ws": { target: campus, ws: true } } },
});
