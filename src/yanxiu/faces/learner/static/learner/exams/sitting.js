// Sitting an exam: every answer goes to the server as it changes, waits through an outage, and comes back on another device.
// Without this module the page is one form that saves everything at a press.

import { Clock } from "./clock.js";
import { Copies } from "./copies.js";
import { Sheet } from "./sheet.js";

/** @typedef {{num: number, fate?: string, message?: string, choice: number[], text: string, seen: string, at?: string}} Answer */
/** @typedef {{left_ms: number, answers: Answer[], state?: string}} Told */

const TYPING_PAUSE = 900;
const SLOWEST = 15_000;
const LOOK_EVERY = 30_000;

/** @param {HTMLFormElement} form */
const sit = (form) => {
  const sheet = new Sheet(form);
  const copies = new Copies(form.dataset.sitting ?? "");
  const words = form.dataset;
  let timer = 0;
  let pause = 1000;
  let isComposing = false;
  /** @type {Promise<boolean> | null} */
  let sending = null;
  let leaving = false;

  /** @param {number} wait */
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => void send(), wait);
  };

  /** @param {Answer} answer */
  const show = (answer) => sheet.fill(answer.num, answer.text ? [answer.text] : answer.choice.map(String));

  /** @param {Answer} answer @param {import("./copies.js").Copy} sent */
  const acknowledged = (answer, sent) => {
    const isLatest = copies.drop(answer.num, sent);
    const seen = sheet.seen(answer.num);
    if (answer.fate === "refused") return sheet.say(answer.num, answer.message ?? "", true);
    if (seen) seen.value = answer.seen;
    if (!isLatest) {
      const newer = copies.held.get(answer.num);
      if (newer) copies.put(answer.num, { ...newer, seen: answer.seen });
      return;
    }
    if (answer.fate === "kept") show(answer);
    const what = answer.fate === "kept" ? words.tKept : answer.fate === "replaced" ? words.tReplaced : words.tSaved;
    sheet.say(answer.num, `${what} ${answer.at ?? ""}`, false);
  };

  /** What the server would not take. @param {Response} answer */
  const turnedAway = async (answer) => {
    if (answer.status === 401) return sheet.banner(words.tSignedOut ?? "");
    if (answer.status !== 422 && answer.status !== 409) return sheet.banner(words.tOffline ?? "");
    const said = await answer.json().catch(() => ({ message: "" }));
    sheet.banner(said.message);
    if (said.code === "attempt_over" || said.code === "already_submitted") {
      leaving = true;
      location.reload();
    }
  };

  const post = async () => {
    const batch = [...copies.held].filter(([num]) => sheet.seen(num));
    if (!batch.length) return true;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", new FormData(form).get("csrfmiddlewaretoken") ?? "");
    for (const [num, copy] of batch) {
      body.append(`seen${num}`, copy.seen);
      body.append(`age${num}`, String(Math.max(0, Date.now() - copy.at)));
      sheet.append(body, num, copy.values);
    }
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(SLOWEST),
      });
      if (!answer.ok) {
        await turnedAway(answer);
        return false;
      }
      /** @type {Told} */
      const told = await answer.json();
      const sent = new Map(batch);
      for (const each of told.answers) {
        const copy = sent.get(each.num);
        if (copy) acknowledged(each, copy);
        sent.delete(each.num);
      }
      // What the server did not mention reads as it is stored.
      for (const [num, copy] of sent) if (copies.drop(num, copy)) sheet.say(num, words.tSaved ?? "", false);
      clock?.set(told.left_ms);
      sheet.banner("");
      pause = 1000;
      return true;
    } catch {
      sheet.banner(words.tOffline ?? "");
      return false;
    }
  };

  /** One POST at a time; a failed one comes again, more slowly each time. */
  const send = async () => {
    if (sending) return sending;
    sending = post();
    const done = await sending;
    sending = null;
    if (leaving) return done;
    if (!done) {
      pause = Math.min(pause * 2, SLOWEST);
      later(pause);
    } else if (copies.held.size && [...copies.held].some(([num]) => sheet.seen(num))) later(0);
    return done;
  };

  /** Another window may have answered meanwhile; the time left is the server's. */
  const look = async () => {
    if (document.hidden || sending || leaving) return;
    try {
      const answer = await fetch(words.state ?? "", { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      /** @type {Told} */
      const told = await answer.json();
      if (told.state !== "started") {
        leaving = true;
        location.reload();
        return;
      }
      clock?.set(told.left_ms);
      for (const each of told.answers) {
        const seen = sheet.seen(each.num);
        if (!seen || seen.value === each.seen || copies.held.has(each.num)) continue;
        seen.value = each.seen;
        show(each);
        sheet.say(each.num, words.tElsewhere ?? "", false);
      }
    } catch {
      // offline: the outbox says so
    }
  };

  /** @param {Event} event */
  const changed = (event) => {
    const num = sheet.numberOf(event.target);
    const seen = num ? sheet.seen(num) : null;
    if (!seen) return;
    copies.put(num, { values: sheet.values(num), at: Date.now(), seen: seen.value });
    sheet.say(num, words.tWaiting ?? "", true);
    sheet.count();
    if (!isComposing) later(event.type === "input" && sheet.text(num) ? TYPING_PAUSE : 0);
  };

  form.addEventListener("compositionstart", () => (isComposing = true));
  form.addEventListener("compositionend", (event) => {
    isComposing = false;
    changed(event);
  });
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const wantsCheck = button instanceof HTMLButtonElement && button.value === "check";
    void send().then(async (done) => {
      if (!done || (copies.held.size && !(await send()))) return sheet.banner(words.tHold ?? "");
      if (!wantsCheck) return;
      leaving = true;
      location.assign(words.confirm ?? "");
    });
  });
  addEventListener("online", () => later(0));
  addEventListener("beforeunload", (event) => {
    if (copies.held.size && !leaving) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => void look());
  setInterval(() => void look(), LOOK_EVERY);

  const face = form.querySelector("[data-clock]");
  const over = () => {
    leaving = true;
    void send().finally(() => location.reload());
  };
  const clock = face instanceof HTMLElement ? new Clock(face, Number(words.left), () => sheet.banner(words.tFive ?? ""), over) : null;

  for (const [num, copy] of copies.held) {
    if (!sheet.seen(num)) continue;
    sheet.fill(num, copy.values);
    sheet.say(num, words.tWaiting ?? "", true);
  }
  sheet.count();
  if (copies.held.size) later(0);
};

const form = document.querySelector("form[data-sitting]");
if (form instanceof HTMLFormElement) sit(form);
