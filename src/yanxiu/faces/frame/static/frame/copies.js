// Copies of what the server does not have yet, in this browser, by account and address. A refused storage means none.

const PREFIX = "yanxiu:writing:";
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** @typedef {{fields: Record<string, string>, at: number, base: number, token: string}} Copy */

/** @template T @param {() => T} deed @param {T} otherwise @returns {T} */
const tried = (deed, otherwise) => {
  try {
    return deed();
  } catch {
    return otherwise;
  }
};

/** @param {string} key @returns {Copy | null} */
export const read = (key) =>
  tried(() => {
    /** @type {Copy} */
    const copy = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return copy && typeof copy.fields === "object" && Date.now() - copy.at < KEPT_MS ? copy : null;
  }, null);

/** @param {string} key @param {Copy} copy */
export const write = (key, copy) => tried(() => localStorage.setItem(PREFIX + key, JSON.stringify(copy)), undefined);

/** @param {string} key */
export const remove = (key) => tried(() => localStorage.removeItem(PREFIX + key), undefined);

/** The writing that the server has just taken, and whatever is too old to be missed. @param {string | null} token */
export const dropDone = (token) => {
  const keys = tried(() => Object.keys(localStorage), /** @type {string[]} */ ([]));
  for (const key of keys.filter((one) => one.startsWith(PREFIX)).map((one) => one.slice(PREFIX.length))) {
    const copy = read(key);
    if (!copy || (token && copy.token === token)) remove(key);
  }
};
