// Bundles src/ into dist/: app.js, app.css and the files of public/ as they are. Works in Chromium 86.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await build({
  entryPoints: { app: "src/app.ts", style: "src/css/app.css" },
  outdir: "dist",
  entryNames: "app",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome86"],
  legalComments: "none",
  logLevel: "warning",
});
// Charts stand apart: only pages that have some load them.
await build({
  entryPoints: { chart: "src/chart.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome86"],
  legalComments: "none",
  logLevel: "warning",
});
await cp("public", "dist", { recursive: true });
