// The page of a video: native controls, and beside them rate, quality, resuming and the study meter.

import { Presence } from "./challenge.js";
import { Meter, by, clock, fill, page, say, united } from "./meter.js";
import { Study } from "./study.js";

const told = page();
const { words } = told;
const video = /** @type {HTMLVideoElement} */ (by("v"));
const meter = new Meter(told);
const top_rate = told.rates.at(-1) ?? 1;
let agreed = 1; // the rate the learner has chosen, knowing what it costs

const position = () => Math.round(video.currentTime * 1000);

/** @returns {import("./study.js").Sense} */
const sense = () => ({
  why: told.stopped ? "stopped" : video.ended ? "ended" : video.paused ? (video.played.length ? "paused" : "opening") : document.hidden ? "hidden" : video.seeking ? "stalled" : "",
  p: position(),
  rate: video.playbackRate,
  muted: video.muted || !video.volume,
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
  () => video.pause(),
  () => void video.play().catch(() => {}), // where a browser will not, the film's own button does
);

video.addEventListener("play", () => study.sample());
video.addEventListener("pause", () => study.event(video.ended ? "end" : "pause"));
video.addEventListener("ended", () => document.getElementById("after")?.classList.add("p")); // what to do now stands out
video.addEventListener("timeupdate", () => study.sample());

// Seeking: the stretch before it ends where it was last seen.
video.addEventListener("seeking", () => {
  study.cut("seek");
  study.last = { at: performance.now(), ...sense() };
});
video.addEventListener("seeked", () => {
  study.last = { at: performance.now(), ...sense() };
  if (told.slack !== null) beyond(position());
});

/** First view in order: what lies far ahead waits until the part before it has been seen. @param {number} at */
const beyond = (at) => {
  const reached = united([[0, told.frontier], ...told.seen, ...study.shown.map(({ p0, p1 }) => /** @type {[number, number]} */ ([p0, p1]))]);
  let frontier = 0;
  for (const [a, b] of reached) if (a <= frontier + (told.slack ?? 0)) frontier = Math.max(frontier, b);
  const isAhead = at > frontier + (told.slack ?? 0);
  by("seek-note").hidden = !isAhead;
  if (!isAhead) return;
  by("seek-text").textContent = fill(words.seek, { at: clock(frontier) });
  by("seek-back").onclick = () => {
    video.currentTime = frontier / 1000;
    by("seek-note").hidden = true;
  };
};

// Resuming where this learner was last, on whichever device; from the beginning once it was seen to its end.
const resume = () => {
  if (video.currentTime < 1 && told.last > 5000 && told.last < told.duration - 5000) video.currentTime = told.last / 1000;
};
if (video.readyState > 0) resume();
else video.addEventListener("loadedmetadata", resume, { once: true });

// Rates: never beyond the policy's; above 1 only after the page has said what it costs, wherever the wish came from.
const buttons = () => /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-rate]"));

/** @param {number} rate */
const set_rate = (rate) => {
  agreed = rate;
  video.playbackRate = rate;
  for (const button of buttons()) button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
};

/** @param {number} ms */
const lasting = (ms) => (ms < 120_000 ? fill(words.seconds, { n: Math.round(ms / 1000) }) : fill(words.minutes, { n: Math.round(ms / 60_000) }));

/** @param {number} rate */
const ask_rate = (rate) => {
  const left = Math.max(0, told.duration - position());
  if (left < 1000) return set_rate(rate); // nothing is left that it could cost
  const wall = left / rate;
  by("rate-text").textContent = fill(words[told.tops_up ? "rate_tops" : "rate_cost"], {
    rate, left: lasting(left), wall: lasting(wall), gap: lasting(left - wall),
  });
  by("rate-ask").hidden = false;
  const yes = by("rate-yes");
  yes.textContent = fill(words.rate_yes, { rate });
  yes.onclick = () => {
    by("rate-ask").hidden = true;
    set_rate(rate);
  };
  yes.focus({ preventScroll: true });
  by("rate-ask").scrollIntoView({ block: "center" }); // on a phone it would open behind the bar at the bottom
  return undefined;
};

for (const button of buttons()) {
  button.addEventListener("click", () => {
    const rate = Number(button.dataset.rate);
    if (rate > 1 && rate > agreed) ask_rate(rate);
    else set_rate(rate);
  });
}
by("rate-no")?.addEventListener("click", () => (by("rate-ask").hidden = true));
video.addEventListener("ratechange", () => {
  const rate = video.playbackRate;
  if (rate > 1 && rate > agreed) {
    video.playbackRate = agreed;
    if (rate <= top_rate) ask_rate(rate);
    else say(fill(words.too_fast, { rate: top_rate }));
  } else study.event("rate");
});

// Quality: the low one on phones and metered lines until somebody chooses.
const qualities = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-src]"));

/** @param {HTMLButtonElement} button */
const use = (button) => {
  for (const each of qualities) each.setAttribute("aria-pressed", String(each === button));
  const src = button.dataset.src ?? "";
  if (video.getAttribute("src") === src) return;
  const [at, wasPlaying, rate] = [video.currentTime, !video.paused, video.playbackRate];
  study.cut("leave");
  video.src = src;
  video.addEventListener("loadedmetadata", () => {
    if (at) video.currentTime = at;
    video.playbackRate = rate;
    if (wasPlaying) void video.play();
  }, { once: true });
};
const stored = () => {
  try {
    return localStorage.getItem("yanxiu-quality");
  } catch {
    return null;
  }
};
for (const button of qualities) {
  button.addEventListener("click", () => {
    try {
      localStorage.setItem("yanxiu-quality", button.value);
    } catch {
      // refused storage: it holds for this page
    }
    use(button);
  });
}
const thrifty = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection?.saveData || matchMedia("(max-width:820px)").matches;
const wanted = stored() ?? (thrifty ? "low" : "video");
for (const button of qualities) if (button.value === wanted && qualities.length > 1) use(button);

// A link that has expired (the page stood open over night): a fresh one, once, at the same place.
let renewed = 0;
video.addEventListener("error", async () => {
  if (!video.error || performance.now() - renewed < 60_000) {
    say(words.broken ?? "");
    return;
  }
  renewed = performance.now();
  const at = video.currentTime;
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html").getElementById("v");
  const src = fresh?.getAttribute("src");
  if (!src) return location.reload();
  video.src = src;
  video.currentTime = at;
  return undefined;
});
