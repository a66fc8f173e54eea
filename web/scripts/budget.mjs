// Says what the first page's script weighs, and fails where it passes the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 100_000;
const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(new URL(path, dist))).length, 0);
console.log(`first page's script: ${(bytes / 1000).toFixed(1)} kB gzipped of ${BUDGET / 1000} kB (${scripts.join(", ")})`);
if (scripts.length === 0 || bytes > BUDGET) process.exit(1);
