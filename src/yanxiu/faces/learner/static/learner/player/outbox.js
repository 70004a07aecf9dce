// Reports that the server has not acknowledged yet. They outlive reload, crash and a day without network. One database an
// account: offices share their PCs, and nobody sends what another has studied.

/** @typedef {[number, number, number, number]} Span t0, t1 in ms since the session opened; p0, p1 in ms of the media (-1 in a reading) */
/** @typedef {{seq: number, spans: Span[], rate: number, why: string, visible: boolean, focused: boolean, muted: boolean, device: number}} Beat */
/** @typedef {{id: string, t: number}} Proof */
/** @typedef {{key: string, sid: string, token: string, at: number, beat?: Beat, proof?: Proof}} Kept */

export class Outbox {
  /** @type {Map<string, Kept>} what this page has put and nobody has acknowledged; all there is where IndexedDB is refused */
  mine = new Map();

  /** @param {string} user */
  constructor(user) {
    /** @type {Promise<IDBDatabase | null>} */
    this.db = new Promise((done) => {
      const give_up = () => done(null);
      try {
        const asked = indexedDB.open(`yanxiu-${user}`, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "key" });
        asked.onsuccess = () => done(asked.result);
        asked.onerror = asked.onblocked = give_up;
        setTimeout(give_up, 3000); // iOS has been seen to hang here
      } catch {
        give_up();
      }
    });
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T> | void} work
   * @returns {Promise<T | undefined>}
   */
  async #run(mode, work) {
    const db = await this.db;
    if (!db) return undefined;
    return new Promise((done, failed) => {
      const transaction = db.transaction("kept", mode, { durability: "strict" });
      const asked = work(transaction.objectStore("kept"));
      transaction.oncomplete = () => done(asked ? asked.result : undefined);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  }

  /** @param {Kept} kept */
  async put(kept) {
    this.mine.set(kept.key, kept);
    await this.#run("readwrite", (store) => void store.put(kept)).catch(() => undefined); // a full disk: memory has it
  }

  /** Everything of this account, of earlier pages and other tabs too, oldest first. @returns {Promise<Kept[]>} */
  async all() {
    /** @type {Kept[]} */
    const stored = (await this.#run("readonly", (store) => store.getAll()).catch(() => undefined)) ?? [];
    const whole = new Map(stored.map((kept) => [kept.key, kept]));
    for (const [key, kept] of this.mine) whole.set(key, kept);
    return [...whole.values()].sort((a, b) => a.at - b.at || (a.beat?.seq ?? 0) - (b.beat?.seq ?? 0));
  }

  /** @param {Kept[]} some */
  async drop(some) {
    for (const { key } of some) this.mine.delete(key);
    await this.#run("readwrite", (store) => some.forEach(({ key }) => void store.delete(key))).catch(() => undefined);
  }
}
