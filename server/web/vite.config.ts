import { defineConfig, type Plugin } from "vite";

/** Where `npm run dev` finds a running `convscope serve`. */
const program = process.env.CONVSCOPE_URL ?? "http://127.0.0.1:8080";

/** KaTeX names each font in three formats; every browser that runs this page reads the first. */
const oneFontFormat: Plugin = {
  name: "one-font-format",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith("katex.min.css") ? code.replace(/,url\([^)]+\.(woff|ttf)\) format\("\w+"\)/g, "") : undefined,
};

export default defineConfig({
  plugins: [oneFontFormat],
  build: {
    target: "es2022",
    // A policy without unsafe-inline and data: for scripts, styles and fonts: every file is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy: Object.fromEntries(["/v1", "/healthz", "/docs", "/openapi"].map((path) => [path, program])) },
});
