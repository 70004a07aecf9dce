// Brings the outbox to the server: in batches, one token each; again and again, with pauses, until it says that it has them.

/** @typedef {import("./outbox.js").Kept} Kept */
/** @typedef {{id: string, answer_by: number, missed: boolean, since: number}} Challenge times on the server's clock, ms */
/** @typedef {{lesson: number, today: number, class: number, as_of: number}} Credited ms */
/** @typedef {{now: number, as_of: number, refused: {seq: number, why: string, final: boolean}[], credited?: Credited, challenge?: Challenge, proofs?: {id: string, state: string}[]}} Answer */

const BATCH = 40;
const WAIT = { why: "", final: false };
const FOR_GOOD_MS = 96 * 3600_000; // a token expires 24 h + 72 h after its session opened: nothing can take its beats any more

export class Sender {
  busy = false;
  fails = 0;
  again = 0;
  batch = BATCH;
  /** @type {{sid: string, token: string} | null} the session in front: its answers say what is counted */
  front = null;
  asking = false;

  /**
   * @param {import("./outbox.js").Outbox} box
   * @param {string} user
   * @param {{answer: (sid: string, answer: Answer) => void, lost: (n: number, why: string) => void, state: (queued: number, trouble: string) => void}} on
   */
  constructor(box, user, on) {
    this.box = box;
    this.lock = `yanxiu-${user}`;
    this.on = on;
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.again);
    let trouble = "";
    try {
      // Two tabs of one account share the outbox: one sends, the other looks again later. Sent twice would change nothing.
      trouble = navigator.locks
        ? await navigator.locks.request(this.lock, { ifAvailable: true }, (lock) => (lock ? this.#all() : "other"))
        : await this.#all();
      this.fails = 0;
    } catch (error) {
      trouble = "offline";
      const asked = error instanceof Response ? Number(error.headers.get("Retry-After")) * 1000 : 0;
      const pause = Math.min(2 ** this.fails++, 60) * 1000 * (0.5 + Math.random());
      this.again = setTimeout(() => void this.flush(), Math.max(asked, pause));
    } finally {
      this.busy = false;
      const left = await this.box.all();
      this.on.state(left.length, left.length ? trouble : "");
      if (trouble === "other" && left.length) this.again = setTimeout(() => void this.flush(), 1500);
    }
  }

  /** What is counted by now, without anything to report. */
  ask() {
    this.asking = true;
    return this.flush();
  }

  /** Every session's reports. @returns {Promise<string>} what stands in the way of those left */
  async #all() {
    /** @type {Set<string>} */
    const held = new Set();
    let trouble = "";
    for (;;) {
      const waiting = (await this.box.all()).filter((kept) => !held.has(kept.sid));
      const first = waiting[0] ?? (this.asking ? this.front : null);
      if (!first || held.has(first.sid)) return trouble;
      this.asking = false;
      const some = waiting.filter((kept) => kept.sid === first.sid).slice(0, this.batch);
      trouble = (await this.#post(first, some, held)) || trouble;
    }
  }

  /**
   * @param {{sid: string, token: string}} of
   * @param {Kept[]} some of that session
   * @param {Set<string>} held sessions that have to wait
   */
  async #post({ sid, token }, some, held) {
    const answer = await fetch("/api/beats", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: body(token, some, sid === this.front?.sid && some.length < this.batch),
      signal: AbortSignal.timeout?.(20_000) ?? null,
    });
    if (answer.ok) {
      /** @type {Answer} */
      const said = await answer.json();
      await this.#settle(some, said, held);
      this.on.answer(sid, said);
      this.batch = BATCH;
      return "";
    }
    if (answer.status === 401) {
      held.add(sid);
      const old = some.filter((kept) => Date.now() - kept.at > FOR_GOOD_MS);
      if (old.length) await this.#lose(old, "too_late");
      return "sign_in";
    }
    if (![409, 413, 422].includes(answer.status)) throw answer;
    if (some.length > 1) this.batch = Math.ceil(some.length / 2); // halve it until the one that cannot be taken stands alone
    else if (some.length) await this.#lose(some, answer.status === 409 ? "conflict" : "malformed");
    return "";
  }

  /**
   * @param {Kept[]} some
   * @param {Answer} said
   * @param {Set<string>} held
   */
  async #settle(some, said, held) {
    const refused = new Map(said.refused.map((each) => [each.seq, each]));
    const heard = new Set(said.proofs?.map((proof) => proof.id));
    /** @param {Kept} kept @returns {{why: string, final: boolean} | undefined} */
    const why = (kept) => (kept.beat ? refused.get(kept.beat.seq) : heard.has(kept.proof?.id ?? "") ? undefined : WAIT);
    for (const kept of some) {
      const no = why(kept);
      if (no?.final) await this.#lose([kept], no.why);
      else if (no) held.add(kept.sid);
    }
    await this.box.drop(some.filter((kept) => !why(kept)));
  }

  /**
   * @param {Kept[]} some
   * @param {string} why
   */
  async #lose(some, why) {
    await this.box.drop(some);
    this.on.lost(some.length, why);
  }

  /** Last words of a page that may never run again. What arrives is acknowledged to the next page. */
  beacon() {
    const mine = [...this.box.mine.values()];
    for (const sid of new Set(mine.map((kept) => kept.sid))) {
      const some = mine.filter((kept) => kept.sid === sid).slice(-BATCH);
      const text = body(/** @type {Kept} */ (some[0]).token, some);
      if (text.length < 60_000) navigator.sendBeacon?.("/api/beats", new Blob([text], { type: "text/plain" }));
    }
  }
}

/**
 * @param {string} token
 * @param {Kept[]} some
 * @param {boolean} [wanting] to know what is counted
 */
const body = (token, some, wanting) => {
  const beats = some.flatMap((kept) => kept.beat ?? []);
  const proofs = some.flatMap((kept) => kept.proof ?? []);
  return JSON.stringify({ token, sent: Date.now(), beats, ...(proofs.length && { proofs }), ...(wanting && { want: "credited" }) });
};
