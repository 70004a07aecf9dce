// One lesson being studied: what was on screen becomes spans, spans become beats. The page reports; only the server counts.

import { Outbox } from "./outbox.js";
import { Sender } from "./sender.js";

/** @typedef {import("./outbox.js").Span} Span */
/** @typedef {import("./sender.js").Answer} Answer */
/** @typedef {{why: string, p: number, rate: number, muted: boolean}} Sense `why` nothing counts ("" it does); `p` position in ms, -1 in a reading */
/** @typedef {{sid: string, token: string, cadence: number, base: number, wall: number, seq: number}} Session */
/** @typedef {{user: string, enrolment: number, lesson: number, practice: boolean, csrf: string}} Told */
/** @typedef {{why: string, mine: number, queued: number, trouble: string}} State */
/**
 * @typedef {object} On
 * @property {(state: State) => void} state
 * @property {(answer: Answer) => void} answer
 * @property {(n: number, why: string) => void} lost
 * @property {(message: string) => void} stopped the server takes nothing for this lesson now, and says why
 */

const SAMPLE_MS = 250;
const STARVED_MS = 2500; // no sample for longer: the device slept or the page was frozen, and nothing is claimed for it
const DRIFT_MS = 5000;
const LONGEST_MS = 12 * 3600_000;
const STILL_MS = 1500;
const QUIET_MS = 5000;

export class Study {
  /** @type {Session | null} */
  session = null;
  /** @type {Span[]} */
  spans = [];
  /** @type {{p0: number, p1: number, key: string}[]} what of the media this page has shown, and in which report */
  shown = [];
  /** @type {Span | null} */
  open = null;
  mine = 0;
  queued = 0;
  trouble = "";
  refused = "";
  still = 0;
  since = 0;
  fails = 0;
  opening = false;
  next = 0;
  stored = 0; // position in the server's ledger of what it has last acknowledged
  counted = 0; // and up to which it has counted
  quiet = 0;

  /**
   * @param {Told} told
   * @param {() => Sense} sense
   * @param {On} on
   */
  constructor(told, sense, on) {
    this.told = told;
    this.sense = sense;
    this.on = on;
    this.box = new Outbox(told.user);
    this.sender = new Sender(this.box, told.user, {
      answer: (sid, answer) => {
        this.stored = Math.max(this.stored, answer.as_of);
        if (answer.credited) this.counted = answer.credited.as_of;
        if (sid === this.session?.sid) on.answer(answer);
      },
      lost: on.lost,
      state: (queued, trouble) => {
        Object.assign(this, { queued, trouble });
        this.tell();
      },
    });
    this.last = { at: performance.now(), ...sense() };
    setInterval(() => this.sample(), SAMPLE_MS);
    addEventListener("pagehide", () => this.leave("leave"));
    document.addEventListener("freeze", () => this.leave("leave"));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave("hide") : this.flush()));
    addEventListener("pageshow", (event) => event.persisted && this.renew());
    addEventListener("online", () => this.flush());
    this.flush(); // of an earlier page, another tab, a day without network
  }

  /** Why nothing counts now; "" when it does. */
  why() {
    if (this.last.why) return this.last.why;
    if (this.refused) return this.refused;
    if (this.still > STILL_MS) return "stalled";
    return this.session ? "" : this.fails ? "offline" : "opening";
  }

  tell() {
    this.on.state({ why: this.why(), mine: this.mine, queued: this.queued, trouble: this.trouble });
  }

  /** Four times a second and at every event: lengthens the open span, or ends it. */
  sample() {
    const before = this.last;
    const now = (this.last = { at: performance.now(), ...this.sense() });
    const dt = now.at - before.at;
    const moved = now.p - before.p;
    const reading = now.p < 0;
    const playing = !before.why && !now.why;
    this.still = playing && !reading && moved < 1 ? this.still + dt : 0;
    const believable = reading || (moved >= 1 && moved <= dt * before.rate * 1.25 + 300);
    if (playing && dt > 0 && dt <= STARVED_MS && believable && this.#ready()) this.#lengthen(before, now);
    else this.close();
    const session = this.session;
    if (session && now.at - this.since >= session.cadence) this.cut("tick") && this.flush();
    if (this.open) this.quiet = now.at + QUIET_MS;
    else if (session && this.counted < this.stored && now.at > this.quiet) {
      this.quiet = now.at + QUIET_MS; // a page gone quiet shows what the ledger says
      void this.sender.ask();
    }
    this.tell();
  }

  /** Is there a session to report to? Asks for one at the first moment that could count. */
  #ready() {
    const session = this.session;
    if (!session) {
      if (!this.opening && !this.refused && performance.now() >= this.next) void this.#begin();
      return false;
    }
    const lived = performance.now() - session.base;
    if (Math.abs(Date.now() - session.wall - lived) > DRIFT_MS || lived > LONGEST_MS) {
      this.renew(); // the device slept, or its clock was set
      return false;
    }
    return true;
  }

  /**
   * @param {{at: number, p: number, rate: number}} from
   * @param {{at: number, p: number}} to
   */
  #lengthen(from, to) {
    const { base } = /** @type {Session} */ (this.session);
    const t0 = Math.round(from.at - base);
    const t1 = Math.round(to.at - base);
    if (t0 < 0 || t1 <= t0) return;
    const open = this.open;
    const linear = open && (to.p < 0 || Math.abs(to.p - open[2] - (t1 - open[0]) * from.rate) < 400);
    if (!open || !linear) {
      this.close();
      this.open = [t0, t1, from.p, to.p];
    } else {
      open[1] = t1;
      open[3] = to.p;
    }
    this.mine += t1 - t0;
  }

  close() {
    if (this.open && this.spans.push(this.open) >= 50) this.cut("tick");
    this.open = null;
  }

  /** One report of what was gathered since the last one. @param {string} why @returns {boolean} was there anything? */
  cut(why) {
    const session = this.session;
    if (this.open) this.spans.push(this.open);
    const spans = this.spans;
    this.open = null;
    this.spans = [];
    this.since = performance.now();
    if (!session || !spans.length) return false;
    const seq = session.seq++;
    const key = `${session.sid}:${String(seq).padStart(6, "0")}`;
    for (const [, , p0, p1] of spans) if (p0 >= 0) this.shown.push({ p0, p1, key: this.told.practice ? "" : key });
    if (this.told.practice) return false;
    const { rate, muted } = this.last;
    const beat = { seq, spans, rate, why, visible: !document.hidden, focused: document.hasFocus(), muted, device: Date.now() };
    this.queued++;
    void this.box.put({ key, sid: session.sid, token: session.token, at: Date.now(), beat });
    return true;
  }

  /** Something happened (pause, seek …): report, and send. @param {string} why */
  event(why) {
    this.sample();
    this.cut(why);
    this.tell();
    this.flush();
  }

  flush() {
    void this.sender.flush();
  }

  /** The page may never run again. @param {string} why */
  leave(why) {
    this.sample();
    this.cut(why);
    if (!this.told.practice) this.sender.beacon();
  }

  /** The next stretch belongs to a new session. */
  renew() {
    this.cut("leave");
    this.session = null;
    this.refused = "";
    this.flush();
  }

  /** A proof of presence, sent like a beat. @param {string} id */
  prove(id) {
    const session = this.session;
    if (!session) return;
    const proof = { id, t: Math.round(performance.now() - session.base) };
    this.queued++;
    this.tell();
    void this.box
      .put({ key: `${session.sid}:p${id}`, sid: session.sid, token: session.token, at: Date.now(), proof })
      .then(() => this.flush());
  }

  async #begin() {
    this.opening = true;
    try {
      const given = this.told.practice ? { sid: "", token: "", cadence_ms: 5000 } : await this.#ask();
      if (given) {
        this.session = {
          sid: given.sid, token: given.token, cadence: given.cadence_ms, base: performance.now(), wall: Date.now(), seq: 0,
        };
        this.sender.front = this.told.practice ? null : this.session;
        this.since = performance.now();
        this.fails = 0;
      }
    } catch {
      this.next = performance.now() + Math.min(2 ** this.fails++, 30) * 1000 * (0.5 + Math.random());
    } finally {
      this.opening = false;
    }
  }

  /** @returns {Promise<{sid: string, token: string, cadence_ms: number} | null>} */
  async #ask() {
    const { enrolment, lesson, csrf } = this.told;
    const answer = await fetch("/api/sessions", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ enrolment, lesson }),
    });
    if (answer.status === 201) return answer.json();
    if (answer.status >= 500) throw answer;
    this.refused = answer.status === 401 || answer.status === 403 ? "sign_in" : "stopped";
    this.on.stopped(this.refused === "stopped" ? (await answer.json()).message : "");
    return null;
  }
}
