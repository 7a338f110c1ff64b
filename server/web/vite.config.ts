import { defineConfig } from "vite";

/** Where `npm run dev` finds a running `convscope serve`. */
const program = process.env.CONVSCOPE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    target: "es2022",
    // A policy without unsafe-inline and data: for scripts, styles and fonts: every file is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy: Object.fromEntries(["/v1", "/healthz", "/docs", "/openapi"].map((path) => [path, program])) },
});
