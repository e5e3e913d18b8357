// The rooms for a service and for its DNS. What they need is loaded when one of them is first opened: it is the
// one thing that the page asks for after it is ready, and is asked for before anything is given to a room.
import { dns } from "./dns.js";
import { service } from "./service.js";
import * as verdict from "./verdict.js";

const ROOMS = ["service", "dns"];

const at = (id) => document.getElementById(id);

const say = (...words) => ROOMS.forEach((id) => verdict.draw(at(`${id}-verdict`), ...words));

/** Both rooms, for workers that wait; `key` says the pin of the certificate that is looked at. */
export function rooms(waiting, key) {
  let opening = null;

  async function build() {
    say("wait", "Loading", "This room takes its own part from where the page came from, once.");
    const checker = await waiting.open();
    const run = (job, given) => checker.run(job, given);
    const rules = new Map((await run("rules")).map((rule) => [rule.code, rule]));
    const room = await service(run, rules);
    const zones = dns(run, rules, { service: room.text, key });
    document.documentElement.dataset.rooms = "open";
    return { service: room, dns: zones };
  }

  /** Both, or null when they could not be loaded, which is tried again the next time. */
  function open() {
    opening ??= build().catch((error) => {
      opening = null;
      say("bad", "NOT LOADED", `This room could not load its own part (${error.message}). Connect, and open it again.`);
      return null;
    });
    return opening;
  }

  return {
    /** Shows a room, if it is one of these. */
    async enter(id) {
      if (!ROOMS.includes(id)) return;
      const isKnown = opening !== null;
      const built = await open();
      // What the other rooms hold may have changed since it was last here.
      if (id === "dns" && isKnown) built?.dns.look();
    },
    /** Takes what was dropped or pasted anywhere on the page while one of them is open; whether one is. */
    take(files, text) {
      const id = ROOMS.find((room) => !at(room).hidden);
      if (id) open().then((built) => built?.[id].take(files, text));
      return id !== undefined;
    },
  };
}
