// The study meter: what is counted, whether it is counting now or why not, what has been seen, what waits to be sent.

/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./study.js").State} State */
/** @typedef {import("./sender.js").Answer} Answer */
/** @typedef {Record<string, string>} Words */
/**
 * @typedef {object} Page what the server tells the page
 * @property {string} user
 * @property {number} enrolment
 * @property {number} lesson
 * @property {boolean} practice
 * @property {number} duration ms
 * @property {number} credited ms
 * @property {[number, number][]} seen ms
 * @property {number} last ms
 * @property {number} frontier ms
 * @property {number | null} slack ms; null where seeking is free
 * @property {number[]} rates
 * @property {boolean} tops_up
 * @property {string} zone
 * @property {string} stopped why nothing is counted in this class now; "" where it is
 * @property {Words} words
 */

/** @param {string} id */
export const by = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @returns {Page} */
export const page = () => JSON.parse(by("player-page").textContent ?? "");

/** @param {number} ms */
export const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
};

/**
 * @param {string | undefined} words
 * @param {Record<string, string | number>} values
 */
export const fill = (words, values) => (words ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/** @param {[number, number][]} some @returns {[number, number][]} the same set, disjoint and in order */
export const united = (some) => {
  /** @type {[number, number][]} */
  const whole = [];
  for (const [a, b] of [...some].sort((x, y) => x[0] - y[0])) {
    const last = whole.at(-1);
    if (last && a <= last[1] + 350) last[1] = Math.max(last[1], b);
    else if (a < b) whole.push([a, b]);
  }
  return whole;
};

/** Changes the page only where something has changed. @param {string} id @param {string} text */
const put = (id, text) => {
  const place = by(id);
  if (place.textContent !== text) place.textContent = text;
};

/** @param {string} text */
export const say = (text) => {
  put("m-say", text);
  by("m-note").hidden = !text;
};

export class Meter {
  drawn = "";

  /** @param {Page} told */
  constructor(told) {
    this.told = told;
    this.credited = told.credited;
  }

  /** @param {Answer} answer */
  answered(answer) {
    if (answer.credited) this.credited = answer.credited.lesson;
  }

  /**
   * @param {State} state
   * @param {Study} study
   */
  show(state, study) {
    const { words, practice } = this.told;
    const cover = this.#cover(study);
    const credited = practice ? cover.reduce((sum, [a, b]) => sum + b - a, 0) : this.credited;
    put("m-total", clock(credited));
    put("m-now", clock(state.mine));
    put("m-queue", String(state.queued));
    const isAhead = !state.why && document.getElementById("seek-note")?.hidden === false; // kept, and counted once the gap is filled
    put("m-state", words[isAhead ? "beyond" : state.why] ?? words[state.why ? "stopped" : "counting"] ?? "");
    const box = by("meterbox");
    box.classList.toggle("live", !state.why);
    box.classList.toggle("held", isAhead || !["", "paused", "opening"].includes(state.why));
    const trouble = state.trouble === "offline" || state.trouble === "sign_in" ? `queue_${state.trouble}` : "";
    put("m-queued", (trouble && words[trouble]) || "");
  }

  /** The bar of what has been seen, redrawn when it has changed. @param {Study} study */
  #cover(study) {
    const waiting = study.box.mine;
    /** @type {[number, number][]} */
    const sent = [...this.told.seen];
    /** @type {[number, number][]} */
    const unsent = [];
    for (const { p0, p1, key } of study.shown) (waiting.has(key) ? unsent : sent).push([p0, p1]);
    for (const [, , p0, p1] of [...study.spans, ...(study.open ? [study.open] : [])]) {
      if (p0 >= 0) (this.told.practice ? sent : unsent).push([p0, p1]);
    }
    const seen = united(sent);
    const bar = document.getElementById("m-cover");
    const scale = 1000 / this.told.duration;
    const parts = [...seen.map((one) => [...one, 0]), ...united(unsent).map((one) => [...one, 1])];
    const now = Math.max(0, study.last.p) * scale;
    const drawing = JSON.stringify([parts.map((one) => one.map((n) => Math.round(n * scale))), Math.round(now)]);
    if (bar && this.drawn !== drawing) {
      this.drawn = drawing;
      const rects = parts.map(([a = 0, b = 0, isWaiting]) => rect(a * scale, (b - a) * scale, isWaiting ? "url(#m-hatch)" : ""));
      by("m-parts").replaceChildren(...rects, rect(now, 3, "", "at"));
    }
    return seen;
  }
}

/**
 * @param {number} x
 * @param {number} width
 * @param {string} fill
 * @param {string} [name]
 */
const rect = (x, width, fill, name) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ x, width, height: 14, ...(fill && { fill }), ...(name && { class: name }) })) {
    made.setAttribute(key, String(value));
  }
  return made;
};
