// The same check by the browser module and natively, side by side: `MODULE NATIVE` in nanoseconds, a line for
// every round. Usage: node speed.mjs NATIVE_PROGRAM PACKAGE_FOLDER CHAIN OPTIONS ROUNDS
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// Checks in one turn: far longer than the clock's grain, and short enough to be disturbed alike.
const TURN = 10;
const WARM_UP = 5;

const [program, packageFolder, chain, asked, rounds] = process.argv.slice(2);
const { default: init, check } = await import(pathToFileURL(`${packageFolder}/node.js`).href);
await init();
const files = [{ name: "chain.pem", bytes: new Uint8Array(readFileSync(chain)) }];
const options = JSON.parse(asked);

function module() {
  const began = process.hrtime.bigint();
  for (let turn = 0; turn < TURN; turn += 1) {
    const report = check(files, options);
    if (report.verdicts?.accepted !== "yes") throw new Error(JSON.stringify(report.error ?? report.findings));
  }
  return process.hrtime.bigint() - began;
}

const child = spawn(program, [chain, asked], { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
async function native() {
  child.stdin.write(`${TURN}\n`);
  return BigInt((await answers.next()).value);
}

for (let round = 0; round < Number(rounds) + WARM_UP; round += 1) {
  // Each is first in every other round.
  const pair = [];
  if (round % 2) pair.push(module(), await native());
  else pair.unshift(await native()), pair.unshift(module());
  if (round >= WARM_UP) console.log(pair.join(" "));
}
child.stdin.end();
