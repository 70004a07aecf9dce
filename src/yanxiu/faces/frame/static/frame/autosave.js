// Writing is saved by itself: on the server a moment after the last stroke, in this browser at once until the server has it.
// The markup is described in templates/frame/_autosave.html.

import { dropDone, read, remove, write } from "./copies.js";

const QUIET_MS = 1500; // after the last stroke
const LONGEST_MS = 15000; // somebody who never pauses
const RETRY_MS = [5000, 10000, 30000, 60000];

/** @param {string} words @param {Record<string, string>} values */
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

/** @param {number} ms */
const hour = (ms) => new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/** What is typed, by name; secrets of the form and files are left out. @param {HTMLFormElement} form */
const typed = (form) => {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const one of form.elements) {
    const isText = one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement || one instanceof HTMLInputElement;
    if (!isText || !one.name || /^(hidden|file|password|radio|checkbox|submit)$/.test(one.type)) continue;
    fields[one.name] = one.value;
  }
  return fields;
};

/** @param {HTMLFormElement} form @param {Record<string, string>} fields */
const put = (form, fields) => {
  for (const [name, value] of Object.entries(fields)) {
    const one = form.elements.namedItem(name);
    if (!(one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement || one instanceof HTMLInputElement)) continue;
    one.value = value;
    one.dispatchEvent(new Event("restored"));
  }
};

class Writing {
  /** @param {HTMLFormElement} form @param {HTMLElement} state */
  constructor(form, state) {
    this.form = form;
    this.state = state;
    this.address = form.dataset.autosave ?? "";
    this.key = `${state.dataset.account}:${this.address || location.pathname}`; // no address: kept here only
    this.base = Date.parse(form.dataset.saved ?? "") || 0;
    this.dirty = false;
    this.composing = false;
    this.sending = false;
    this.signedOut = false;
    this.tries = 0;
    this.since = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`writing:${this.key}`) : null;
  }

  /** @param {string} key @param {Record<string, string>} [values] @param {boolean} [warn] */
  say(key, values = {}, warn = false) {
    this.state.classList.toggle("warn", warn);
    this.state.textContent = filled(this.state.dataset[`w${key}`] ?? "", values);
  }

  /** @param {string} key @param {() => void} deed */
  offer(key, deed) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.state.dataset[`w${key}`] ?? "";
    button.addEventListener("click", deed);
    this.state.append(" ", button);
  }

  keep() {
    const token = this.form.elements.namedItem("token");
    write(this.key, { fields: typed(this.form), at: Date.now(), base: this.base, token: token instanceof HTMLInputElement ? token.value : "" });
  }

  touched() {
    if (!this.dirty) this.since = Date.now();
    this.dirty = true;
    this.tries = 0;
    if (!this.composing) this.keep();
    this.later();
  }

  later(ms = QUIET_MS) {
    clearTimeout(this.timer);
    const left = Math.max(0, this.since + LONGEST_MS - Date.now());
    this.timer = setTimeout(() => void this.save(), this.tries ? ms : Math.min(ms, left));
  }

  /** Never in the middle of a composition: what is there is not what is meant. @param {boolean} [leaving] */
  async save(leaving = false) {
    if (!this.dirty || this.sending || this.signedOut) return;
    if (this.composing && !leaving) return void this.later();
    clearTimeout(this.timer);
    if (!this.address) return this.say("Kept");
    this.sending = true;
    this.dirty = false;
    this.since = Date.now();
    const fields = typed(this.form);
    if (!leaving && !this.state.classList.contains("warn")) this.say("Saving");
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        redirect: "error",
        keepalive: leaving,
      });
      await this.answered(answer, fields);
    } catch {
      this.failed();
    } finally {
      this.sending = false;
      if (this.dirty && !this.tries) this.later();
    }
  }

  /** @param {Response} answer @param {Record<string, string>} fields */
  async answered(answer, fields) {
    const said = await answer.json();
    if (answer.ok) return this.stored(said, fields);
    if (answer.status === 401) return this.out();
    if (answer.status === 403 && said.code === "csrf") return await this.renewed();
    if (answer.status >= 500 || answer.status === 429) throw new Error(said.code);
    this.keep();
    this.say("Refused", { message: said.message ?? "" }, true);
  }

  /** The server's count of saves, where the form carries one (`edition`): by it a save on an older state is known. @param {number | undefined} count */
  counted(count) {
    const own = this.form.elements.namedItem("edition");
    if (count && own instanceof HTMLInputElement) own.value = String(count);
  }

  /** @param {{saved_at: string, edition?: number}} said @param {Record<string, string>} fields */
  stored(said, fields) {
    this.base = Date.parse(said.saved_at) || Date.now();
    this.counted(said.edition);
    this.tries = 0;
    if (this.dirty) this.keep();
    else remove(this.key);
    this.channel?.postMessage({ fields, base: this.base, edition: said.edition });
    this.say("Saved", { time: hour(this.base) });
  }

  failed() {
    this.dirty = true;
    this.keep();
    this.say("Local", {}, true);
    this.tries += 1;
    this.later(RETRY_MS[Math.min(this.tries, RETRY_MS.length) - 1]);
  }

  out() {
    this.dirty = this.signedOut = true;
    this.keep();
    this.say("SignedOut", {}, true);
    const link = document.createElement("a");
    link.href = this.state.dataset.signIn ?? "/sign-in";
    link.textContent = this.state.dataset.wSignIn ?? "";
    this.state.append(" ", link);
  }

  /** The form is older than the sign-in: a fresh one is asked for, and used only if it is the same person's. */
  async renewed() {
    const answer = await fetch(location.href, { redirect: "manual" });
    const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    const fresh = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")?.getAttribute("value");
    const account = page.querySelector("[data-autosave-state]")?.getAttribute("data-account");
    const own = this.form.elements.namedItem("csrfmiddlewaretoken");
    if (!fresh || account !== this.state.dataset.account || !(own instanceof HTMLInputElement)) return this.out();
    own.value = fresh;
    this.dirty = true;
    this.later(0);
  }

  /** What an earlier visit could not save. Where the server has something newer, it is only offered. */
  restore() {
    const copy = read(this.key);
    if (!copy) return;
    const here = typed(this.form);
    const same = Object.entries(copy.fields).every(([name, value]) => (here[name] ?? "").trim() === value.trim());
    if (same && !Object.values(here).some((value) => value.trim())) return remove(this.key);
    if (same) return void this.touched(); // refused when it was sent, say: the server's draft gets it now
    const take = () => {
      put(this.form, copy.fields);
      this.say("Restored", { time: hour(copy.at) }, true);
      this.dirty = true;
      this.since = Date.now();
      this.later();
    };
    if (!this.base || Math.abs(copy.base - this.base) < 2000) return take();
    this.say("Older", { time: hour(copy.at) }, true);
    this.offer("Take", take);
    this.offer("Drop", () => {
      remove(this.key);
      this.say("Saved", { time: hour(this.base) });
    });
  }

  /** Another window saved: the newest wins, and this one says so. @param {{fields: Record<string, string>, base: number, edition?: number}} news */
  heard({ fields, base, edition }) {
    this.base = base;
    if (this.dirty || this.composing) return this.say("Other", {}, true);
    this.counted(edition);
    put(this.form, fields);
    this.say("Taken", {}, true);
  }

  listen() {
    const { form } = this;
    form.addEventListener("compositionstart", () => (this.composing = true));
    form.addEventListener("compositionend", () => {
      this.composing = false;
      this.touched();
    });
    form.addEventListener("input", () => this.touched());
    form.addEventListener("keydown", (event) => {
      const isLine = event.target instanceof HTMLInputElement;
      if (event.key === "Enter" && isLine && (event.isComposing || event.keyCode === 229)) event.preventDefault();
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(this.timer);
      this.keep();
      if (!this.signedOut) return;
      event.preventDefault(); // it would end at the sign-in page
      this.out();
      this.state.scrollIntoView({ block: "center" });
    });
    addEventListener("online", () => void this.save());
    document.addEventListener("visibilitychange", () => document.hidden && void this.save(true));
    this.channel?.addEventListener("message", (event) => this.heard(event.data));
  }
}

dropDone(new URLSearchParams(location.search).get("done"));
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-autosave-state]");
  if (!(form instanceof HTMLFormElement && state instanceof HTMLElement && state.dataset.account)) continue;
  const writing = new Writing(form, state);
  writing.restore();
  writing.listen();
}
