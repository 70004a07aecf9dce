// The time that is left, as the server said it a moment ago. Display only: the device's own clock is never asked what time it is.

const FIVE_MINUTES = 300_000;

/** @param {number} ms */
const words = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
};

/** Counts down in an element; `low` runs once when five minutes are left, `over` once at the end. */
export class Clock {
  /**
   * @param {HTMLElement} element
   * @param {number} leftMs
   * @param {() => void} low
   * @param {() => void} over
   */
  constructor(element, leftMs, low, over) {
    this.element = element;
    this.low = low;
    this.over = over;
    this.isLow = this.isOver = false;
    this.set(leftMs);
    setInterval(() => this.tick(), 500);
  }

  /** What the server says. @param {number} leftMs */
  set(leftMs) {
    this.end = performance.now() + leftMs;
    this.tick();
  }

  tick() {
    const left = (this.end ?? 0) - performance.now();
    const text = words(left);
    if (this.element.textContent !== text) this.element.textContent = text;
    this.element.parentElement?.classList.toggle("low", left < FIVE_MINUTES);
    if (left < FIVE_MINUTES && !this.isLow) {
      this.isLow = true;
      this.low();
    }
    if (left <= 0 && !this.isOver) {
      this.isOver = true;
      this.over();
    }
  }
}
