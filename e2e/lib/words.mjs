// The words of the interface, read from the locale files, so that a reworded label breaks no test.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { root } from "./server.mjs";

/** A function from a message's key to its text, or to a pattern where the message has arguments. */
export function words(locale) {
  const folder = path.join(root, "crates/locale/messages");
  const messages = new Map();
  for (const file of readdirSync(folder).filter((name) => `.${name}`.endsWith(`.${locale}.ftl`))) {
    for (const line of readFileSync(path.join(folder, file), "utf8").split("\n")) {
      const found = line.match(/^([a-z_]+) = (.*)$/);
      if (found) {
        messages.set(found[1], found[2]);
      }
    }
  }
  return (key) => {
    const text = messages.get(key);
    if (text === undefined) {
      throw new Error(`no file of ${locale} has the message ${key}`);
    }
    return text.includes("{") ? pattern(text) : text;
  };
}

/** Arguments and plural choices match anything. */
function pattern(text) {
  const literal = text.split(/\{[^{}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(literal.join(".*"));
}
