// What the runner says: one line for each file of tests, and everything about those that fail.
import { relative } from "node:path";

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

export default async function* reporter(events) {
  const files = new Map();
  let [passed, failed, skipped] = [0, 0, 0];
  const began = Date.now();
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isSuite = data.details.type === "suite" || data.name === data.file;
    if (isSuite && data.nesting === 0 && type === "test:pass") {
      const tally = files.get(data.file) ?? 0;
      yield `    ${data.name}: ${tally} in ${seconds(data.details.duration_ms)}\n`;
      files.set(data.file, 0);
    }
    if (isSuite && type === "test:pass") continue;
    if (type === "test:pass" && data.skip !== undefined) {
      skipped += 1;
      yield `    SKIPPED ${data.name}: ${data.skip}\n`;
    } else if (type === "test:pass") {
      passed += 1;
      files.set(data.file, (files.get(data.file) ?? 0) + 1);
    } else {
      if (!isSuite) failed += 1;
      const { error } = data.details;
      const cause = error?.cause ?? error;
      yield `    FAILED ${data.name} (${relative(process.cwd(), data.file ?? "")}:${data.line ?? "?"})\n${String(cause?.stack ?? cause)}\n`;
    }
  }
  yield `    ${passed} passed, ${failed} failed, ${skipped} skipped, in ${seconds(Date.now() - began)}\n`;
}
