// Starts the built binary on a free port with a database of its own, in demo mode.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const START_LIMIT_MS = 120_000;

/** The folder of the five published reports, or undefined where the machine does not have it. */
export const articles = process.env.LUODI_ARTICLES || undefined;

/** The files of a programme's reports: its own, or the published ones. */
export function reportsOf(programme) {
  const own = path.join(root, "examples", programme, "reports");
  const folder = existsSync(own) ? own : articles;
  return readdirSync(folder).sort().map((name) => path.join(folder, name));
}

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  return process.env.LUODI_BINARY ?? path.join(target, "debug", "luodi");
}

/**
 * A running server: its address and how to stop it.
 *
 * `reports: false` serves the example programmes without their reports, so that a test can add them itself.
 */
export async function startServer({ reports = true } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "luodi-e2e-"));
  const args = ["serve", "--demo", "--database", `sqlite:${path.join(folder, "luodi.sqlite")}`];
  args.push("--listen", "127.0.0.1:0", "--examples", await examples(folder, reports));
  if (reports && articles) {
    args.push("--articles", articles);
  }
  const child = spawn(binary(), args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  const url = await address(child, log).catch(async (error) => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return { url, log, stop: () => stop(child, folder) };
}

async function examples(folder, reports) {
  const given = path.join(root, "examples");
  if (reports) {
    return given;
  }
  const copy = path.join(folder, "examples");
  const isReports = (source) => path.basename(source) === "reports";
  await cp(given, copy, { recursive: true, filter: (source) => !isReports(source) });
  return copy;
}

/** Waits for the line that the binary prints once it answers. */
function address(child, log) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`luodi serve: ${why}\n${log.join("\n")}`));
    const limit = setTimeout(() => fail("does not listen"), START_LIMIT_MS);
    const read = (line) => {
      log.push(line);
      const found = line.match(/listening on (http:\/\/\S+?)\/?$/);
      if (found) {
        clearTimeout(limit);
        resolve(found[1]);
      }
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    child.on("error", (error) => fail(error.message));
    child.on("exit", (code) => fail(`ended with ${code}`));
  });
}

async function stop(child, folder) {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}
