// Bundles src/ into dist/: app.js, app.css and the files of public/ as they are. Works in Chromium 86.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
const options = {
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome86"],
  legalComments: "none",
  logLevel: "warning",
};
await build({ ...options, entryPoints: { app: "src/app.ts", style: "src/css/app.css" }, entryNames: "app" });
// Charts stand apart: only pages that have some load them.
await build({ ...options, entryPoints: { chart: "src/chart.ts" } });
await cp("public", "dist", { recursive: true });
