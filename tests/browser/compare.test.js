import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytes } from "./page.js";

const page = bytes("docs/compare-browser.md").toString("utf8");

describe("the page that compares", () => {
  it("names for every cell of ours a test that is there", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (\||---)/.test(line));
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const [, what, ours] = row.split("|").map((cell) => cell.trim());
      const named = [...ours.matchAll(/\*(\w+): ([^*]+)\*/g)];
      assert.ok(named.length > 0, `${what}: no test is named`);
      for (const [, file, name] of named) {
        const source = bytes(`tests/browser/${file}.test.js`).toString("utf8");
        assert.ok(source.includes(`it("${name}"`), `${file}: ${name}`);
      }
    }
  });
});
