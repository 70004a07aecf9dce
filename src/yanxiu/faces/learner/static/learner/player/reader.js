// The page of a reading: counts while it is in front and somebody has scrolled, touched or typed in the last 90 seconds.

import { Presence } from "./challenge.js";
import { Meter, fill, page, say } from "./meter.js";
import { Study } from "./study.js";

const ACTIVE_MS = 90_000;
const told = page();
const { words } = told;
const meter = new Meter(told);
let touched = performance.now();
let paused = false;

for (const name of ["scroll", "pointermove", "pointerdown", "keydown", "touchmove", "wheel"]) {
  addEventListener(name, () => {
    touched = performance.now();
    paused = false;
  }, { passive: true, capture: true });
}

/** @returns {import("./study.js").Sense} */
const sense = () => ({
  why: told.stopped ? "stopped" : document.hidden ? "hidden" : paused || performance.now() - touched > ACTIVE_MS ? "idle"
    : meter.credited >= told.duration ? "full" : "",
  p: -1,
  rate: 1,
  muted: false,
});

const study = new Study({ ...told, csrf: /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]")).value }, sense, {
  state: (state) => meter.show(state, study),
  answer: (answer) => {
    meter.answered(answer);
    presence.heard(answer);
  },
  lost: (n, why) => say(fill(words.lost, { n, why: words[`lost_${why}`] ?? why })),
  stopped: (message) => say(message),
});
const presence = new Presence(
  study,
  told,
  () => (paused = true),
  () => (paused = false),
);
