// "Are you there?": asked by the server, answered with one large button. Says how long there is, and what a miss has cost.

import { by, fill } from "./meter.js";

/** @typedef {import("./sender.js").Answer} Answer */

const GRACE_MS = 3000; // a miss is judged by what was reported until then

export class Presence {
  id = "";
  until = 0;
  answered = "";
  stopped = false; // by us, for a miss
  /** @type {Element | null} */
  from = null;

  /**
   * @param {import("./study.js").Study} study
   * @param {import("./meter.js").Page} told
   * @param {() => void} pause
   * @param {() => void} resume
   */
  constructor(study, told, pause, resume) {
    this.told = told;
    this.pause = () => {
      this.stopped = true;
      pause();
    };
    this.panel = by("ask");
    by("ask-here").addEventListener("click", () => {
      study.prove(this.id);
      this.answered = this.id;
      this.#close();
      if (this.stopped) resume(); // the button says so
      this.stopped = false;
    });
    this.study = study;
    setInterval(() => this.#count(), 1000);
  }

  /** @param {Answer} answer */
  heard(answer) {
    const asked = answer.challenge;
    if (!asked || asked.id === this.answered) return this.#close();
    this.until = performance.now() + asked.answer_by - answer.now;
    const isNew = asked.id !== this.id || this.panel.hidden;
    this.id = asked.id;
    if (asked.missed) this.#missed(asked.since);
    if (!isNew) return undefined;
    if (!asked.missed) this.#say("ask_title", fill(this.told.words.ask_text, { seconds: this.#left() }));
    if (document.fullscreenElement) void document.exitFullscreen(); // the question stands in the page
    const video = /** @type {{webkitDisplayingFullscreen?: boolean, webkitExitFullscreen?: () => void} | null} */ (document.querySelector("video"));
    if (video?.webkitDisplayingFullscreen) video.webkitExitFullscreen?.(); // the iPhone's own player
    this.panel.hidden = false;
    this.from = document.activeElement;
    by("ask-here").focus({ preventScroll: false });
    return undefined;
  }

  #left() {
    return Math.max(0, Math.round((this.until - performance.now()) / 1000));
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  #say(title, text) {
    by("ask-title").textContent = this.told.words[title] ?? "";
    by("ask-text").textContent = text;
  }

  /** @param {number} since */
  #missed(since) {
    const at = new Date(since).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: this.told.zone });
    this.panel.classList.add("missed");
    this.#say("missed_title", fill(this.told.words.missed_text, { at }));
    this.pause();
  }

  #count() {
    if (this.panel.hidden || this.panel.classList.contains("missed")) return;
    by("ask-left").textContent = fill(this.told.words.ask_left, { seconds: this.#left() });
    if (performance.now() < this.until + GRACE_MS) return;
    this.until = performance.now() + 10_000; // asks again where the answer does not come
    this.pause();
    void this.study.sender.ask(); // was it a miss? the server knows
  }

  #close() {
    if (this.panel.hidden) return;
    const had = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    this.panel.classList.remove("missed");
    by("ask-left").textContent = "";
    if (had && this.from instanceof HTMLElement) this.from.focus();
  }
}
