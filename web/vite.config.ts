import { defineConfig, type Plugin } from "vite";

/** The built page may load from and talk to its own origin only. Not while developing: Vite's own client needs inline styles. */
function contentPolicy(): Plugin {
  const policy = [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
  return {
    name: "chalkbell-content-policy",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy }, injectTo: "head-prepend" },
    ],
  };
}

// Where a running campus listens, for `npm run dev`.
const campus = process.env["CHALKBELL_ORIGIN"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [contentPolicy()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], assetsInlineLimit: 0 },
  server: { proxy: { "/api": campus, "/ws": { target: campus, ws: true } } },
});
