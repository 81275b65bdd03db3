// Runs ruff over Python files with the options of scripts/pyproject.toml, where only npm brings ruff: it is not in Debian.
// usage: node .ci/ruff.mjs FOLDER-OF-node_modules FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const { Workspace, PositionEncoding } = createRequire(resolve(folder) + "/")("@astral-sh/ruff-wasm-nodejs");

// Of TOML this knows what that file has: [tables], and values that JSON has too.
const options = {};
let table = options;
for (const line of readFileSync(new URL("../scripts/pyproject.toml", import.meta.url), "utf8").split("\n")) {
  const [, name] = line.match(/^\[tool\.ruff\.?(.*)\]$/) ?? [];
  if (name !== undefined) table = name ? name.split(".").reduce((above, part) => (above[part] ??= {}), options) : options;
  else if (line.startsWith("[")) table = {};
  const [, key, value] = line.match(/^([a-z-]+) = (.*)$/) ?? [];
  if (key) table[key] = JSON.parse(value);
}

const workspace = new Workspace(options, PositionEncoding.Utf32);
let found = 0;
for (const file of files)
  for (const { code, message, start_location: at } of workspace.check(readFileSync(file, "utf8"))) {
    console.log(`${file}:${at.row}:${at.column}: ${code} ${message}`);
    found = 1;
  }
process.exit(found);
