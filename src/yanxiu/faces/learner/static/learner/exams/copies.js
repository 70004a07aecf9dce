// Answers on their way to the server, kept in this browser until it has acknowledged them: a crash or a flat battery loses none.

/**
 * @typedef {object} Copy
 * @property {string[]} values chosen places, or the one text
 * @property {number} at when it was made, by this device's clock: only the difference to now is ever sent
 * @property {string} seen what the page knew of the stored answer when it was made
 */

/** What waits for one attempt. Where the browser refuses to store, it is held in memory only. */
export class Copies {
  /** @param {string} attempt */
  constructor(attempt) {
    this.key = `exam:${attempt}`;
    /** @type {Map<number, Copy>} */
    this.held = new Map();
    try {
      /** @type {[number, Copy][]} */
      const stored = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      this.held = new Map(stored);
    } catch {
      // no storage, or something unreadable in it
    }
  }

  write() {
    try {
      if (this.held.size) localStorage.setItem(this.key, JSON.stringify([...this.held]));
      else localStorage.removeItem(this.key);
    } catch {
      // full or refused: the page still holds it
    }
  }

  /** @param {number} num @param {Copy} copy */
  put(num, copy) {
    this.held.set(num, copy);
    this.write();
  }

  /** Acknowledged: forgotten, unless the answer has changed since it was sent. @param {number} num @param {Copy} sent */
  drop(num, sent) {
    if (this.held.get(num) !== sent) return false;
    this.held.delete(num);
    this.write();
    return true;
  }
}
