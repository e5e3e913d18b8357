// The page: what was given and asked, the check, and the drawing of its answer.
import { Checker, Waiting } from "./checker.js";
import { drawChain } from "./chain.js";
import { drawClients } from "./clients.js";
import { el } from "./dom.js";
import { CLOSED, closeTheDoor } from "./door.js";
import { exampleList, warmUp } from "./examples.js";
import { Heap } from "./files.js";
import { drawFindings } from "./findings.js";
import { intake } from "./intake.js";
import { isLocked, options } from "./options.js";
import { repair } from "./repair.js";
import { drawReport } from "./report.js";
import { rooms } from "./rooms.js";
import { MADE } from "./supply.js";
import { tabs } from "./tabs.js";
import { theme } from "./theme.js";
import { timeline } from "./timeline.js";
import * as verdict from "./verdict.js";

/** The parts of an answer, as the list above them names them. */
const PARTS = [
  ["chain-panel", () => "Chain"],
  ["timeline-panel", () => "Time"],
  ["findings-panel", (report) => `Findings (${report.findings.length})`],
  ["clients-panel", () => "Clients"],
  ["repair-panel", () => "Repair"],
  ["report-panel", () => "Report"],
];

/** Where the first link of each room leads. */
const SKIPS = {
  certificates: ["#work", "Skip to the files"],
  service: ["#service-work", "Skip to the service"],
  dns: ["#dns-work", "Skip to the records"],
};

/** How long the page waits after the last change before it plans a repair, in milliseconds. */
const SETTLED = 200;

/** Findings that are drawn: none. They hold on to the very files that they are about. */
const NOTHING = { text: "", files: [] };

const at = (id) => document.getElementById(id);

theme(at("theme"));
at("policy").textContent = CLOSED;
for (const words of document.querySelectorAll("[data-made]")) words.hidden = words.dataset.made !== MADE;
verdict.draw(at("verdict"), "wait", "Loading", "The page takes its own parts together, once.");

try {
  const [checker, waiting] = await Promise.all([Checker.start(), Waiting.start()]);
  const rules = new Map((await checker.run("rules")).map((rule) => [rule.code, rule]));
  at("version").textContent = `Keyway ${await checker.run("version")}`;
  await checker.run("check", warmUp());
  closeTheDoor();
  start(checker, rules, waiting);
  document.documentElement.dataset.state = "ready";
} catch (error) {
  verdict.draw(at("verdict"), "bad", "NOT LOADED", `The page could not load its own parts (${error.message}). Nothing can be checked.`);
}

function start(checker, rules, waiting) {
  let leafKey = null;
  const others = rooms(waiting, () => leafKey);
  tabs(at("rooms"), (id) => {
    [at("skip").href, at("skip").textContent] = SKIPS[id];
    others.enter(id);
  });
  const heap = new Heap();
  const asked = options(at("options"), () => check(), (root) => asked.roots.heap.give(root, heap));
  const files = intake(at("intake"), heap, async (how) => {
    await check();
    if (how === "added") showVerdict();
  }, asked.roots, trust, others.take);
  const drawTime = timeline(at("timeline"), (day) => { asked.day = day; check(); });
  const drawRepair = repair(at("repair-panel"), at("repair"), (job, settings) =>
    checker.run(job, { files: heap.files, options: asked.asked(), settings }));
  exampleList(at("examples"), (example) => {
    heap.clear();
    files.calm();
    for (const { name, bytes } of example.files) heap.add(name, bytes);
    asked.set(example);
    check().then(showVerdict);
  });
  files.draw(null);
  document.documentElement.dataset.drawn = "0";

  let wanted = 0;
  let isBusy = false;
  let drawn = NOTHING;
  let planning;

  /** Checks what is there now; of what changes meanwhile, the last state alone is checked. */
  async function check() {
    wanted += 1;
    document.documentElement.dataset.asked = String(wanted);
    files.draw(null);
    if (isBusy) return;
    isBusy = true;
    let done = 0;
    while (done !== wanted) {
      done = wanted;
      await once().catch(failed);
    }
    isBusy = false;
    document.documentElement.dataset.drawn = String(done);
  }

  /** An answer that could not be shown: a bug of the page, which ends neither it nor its next check. */
  function failed(error) {
    fail({ code: "page.failed", message: `The page could not show what was found (${error?.message}): a bug in Keyway.` });
  }

  async function once() {
    clearTimeout(planning);
    if (heap.isEmpty) {
      forgetAnswers();
      welcome();
      await checker.run("forget");
      return;
    }
    const slow = setTimeout(() => verdict.draw(at("verdict"), "wait", "Checking", "This takes longer than usual."), 400);
    const given = [...heap.files];
    const state = wanted;
    const question = asked.asked();
    const answer = await checker.run("check", { files: given, options: question }).finally(() => clearTimeout(slow));
    asked.complain(answer.error);
    if (answer.error) {
      fail(answer.error);
      return;
    }
    const isCurrent = given.every((file, index) => heap.files[index] === file);
    if (!isCurrent) return;
    show(answer, question, state === wanted);
  }

  function show(report, { purpose, passwords }, isLatest) {
    leafKey = verdict.leafOf(report)?.spki_sha256 ?? null;
    const [headline, tone] = verdict.word(report);
    verdict.draw(at("verdict"), tone, headline, verdict.sentence(report, rules, purpose), verdict.counts(report));
    asked.lock(isLocked(report, passwords.length > 0));
    files.draw(report);
    at("results").hidden = false;
    at("welcome").hidden = true;
    const hasPath = report.chain.path.length > 0;
    at("timeline-panel").hidden = !hasPath;
    if (hasPath) drawTime(report, Date.now(), isLatest);
    drawChain(at("chain"), report, purpose, { unlock: asked.askPassword, trust: asked.askRoot });
    drawClients(at("clients-panel"), at("clients"), report, purpose);
    // Findings stay as they are, opened lines and all, while only the moment moves.
    const now = JSON.stringify([report.findings, report.inputs]);
    const isDrawn = now === drawn.text && drawn.files.length === heap.files.length && heap.files.every((file, index) => file === drawn.files[index]);
    if (!isDrawn) drawFindings(at("findings"), report, rules, heap.files);
    drawn = { text: now, files: [...heap.files] };
    drawReport(at("report"), report, rules, purpose);
    drawContents(report);
    planning = setTimeout(async () => {
      const state = wanted;
      const plan = await checker.run("plan", { files: heap.files, options: asked.asked(), settings: { form: "pem" } });
      if (state === wanted) drawRepair(plan);
      document.documentElement.dataset.planned = String(state);
    }, SETTLED);
  }

  /** Trusts a file instead of judging it. */
  function trust(file) {
    heap.give(file, asked.roots.heap);
    asked.roots.draw();
    asked.open();
  }

  /** On a narrow screen the verdict is below what was just used. */
  function showVerdict() {
    at("verdict").scrollIntoView({ block: "nearest" });
  }

  function drawContents(report) {
    at("contents").replaceChildren(...PARTS
      .filter(([id]) => id === "repair-panel" || !at(id).hidden)
      .map(([id, label]) => el("li", {}, el("a", { href: `#${id}` }, label(report)))));
  }

  function fail(error) {
    forgetAnswers();
    at("welcome").hidden = true;
    const headline = error.code === "page.deadline" ? "STOPPED" : "NOT CHECKED";
    verdict.draw(at("verdict"), "caution", headline, error.message, error.code);
    if (error.code === "page.deadline") {
      at("verdict").append(el("p", {}, el("button", { type: "button", class: "small", onclick: () => check() }, "Try again")));
    }
  }

  function forgetAnswers() {
    leafKey = null;
    at("results").hidden = true;
    at("repair-panel").hidden = true;
    for (const id of ["chain", "findings", "clients", "repair", "report"]) at(id).replaceChildren();
    drawn = NOTHING;
    if (heap.isEmpty) asked.lock(false);
  }

  function welcome() {
    at("welcome").hidden = false;
    verdict.draw(at("verdict"), "wait", "Ready when you are", "Drop files, paste text or choose an example: the verdict appears here.");
  }

  // Leaving the page overwrites what it held; coming back by the history finds it empty.
  addEventListener("pagehide", () => {
    heap.clear();
    asked.forget();
    forgetAnswers();
    files.draw(null);
    welcome();
    checker.run("forget");
  });
  welcome();
}
