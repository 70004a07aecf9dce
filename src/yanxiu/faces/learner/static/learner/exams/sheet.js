// The answer sheet on the page: reads and writes the fields of a question, says what has become of its answer.

/** @param {string} selector @param {ParentNode} within @returns {HTMLElement[]} */
const all = (selector, within) => [...within.querySelectorAll(selector)].filter((e) => e instanceof HTMLElement);

export class Sheet {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.said = document.querySelector("template[data-words]");
  }

  /** @param {number} num */
  box(num) {
    return this.form.querySelector(`fieldset[data-num="${num}"]`);
  }

  /** The number of the question an event happened in. @param {EventTarget | null} target */
  numberOf(target) {
    const box = target instanceof Element ? target.closest("fieldset[data-num]") : null;
    return box instanceof HTMLElement ? Number(box.dataset.num) : 0;
  }

  /** @param {number} num @returns {HTMLInputElement | null} */
  seen(num) {
    const field = this.form.elements.namedItem(`seen${num}`);
    return field instanceof HTMLInputElement ? field : null;
  }

  /** @param {number} num */
  text(num) {
    const field = this.form.elements.namedItem(`t${num}`);
    return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
  }

  /** @param {number} num */
  choices(num) {
    const box = this.box(num);
    return box ? all(`[name="c${num}"]`, box).filter((e) => e instanceof HTMLInputElement) : [];
  }

  /** Chosen places, or the one text. @param {number} num */
  values(num) {
    const text = this.text(num);
    if (text) return [text.value];
    return this.choices(num).flatMap((field) => (field instanceof HTMLInputElement && field.checked ? [field.value] : []));
  }

  /** @param {number} num @param {string[]} values */
  fill(num, values) {
    const text = this.text(num);
    if (text) text.value = values[0] ?? "";
    for (const field of this.choices(num)) {
      if (!(field instanceof HTMLInputElement)) continue;
      field.checked = values.includes(field.value);
      field.closest(".opt")?.classList.toggle("on", field.checked);
    }
    this.count();
  }

  /** @param {FormData} body @param {number} num @param {string[]} values */
  append(body, num, values) {
    for (const value of values) body.append(this.text(num) ? `t${num}` : `c${num}`, value);
  }

  /** @param {number} num @param {string} words @param {boolean} isHeld */
  say(num, words, isHeld) {
    const line = this.box(num)?.querySelector("[data-saved]");
    if (!line) return;
    if (line.textContent !== words) line.textContent = words;
    line.classList.toggle("held", isHeld);
    this.form.querySelector(`[data-jump="${num}"]`)?.classList.toggle("held", isHeld);
  }

  /** Answered and unanswered in the navigator and the count. */
  count() {
    let answered = 0;
    for (const link of all("[data-jump]", this.form)) {
      const done = this.values(Number(link.dataset.jump)).some((value) => value.trim() !== "");
      answered += done ? 1 : 0;
      link.classList.toggle("done", done);
      const said = link.querySelector("[data-said]");
      const words = this.said instanceof HTMLElement ? this.said.dataset : {};
      if (said) said.textContent = (done ? words.done : words.open) ?? "";
    }
    const total = this.form.querySelector("[data-answered]");
    if (total) total.textContent = String(answered);
  }

  /** @param {string} words "" hides it */
  banner(words) {
    const line = this.form.querySelector("[data-banner]");
    if (!(line instanceof HTMLElement)) return;
    if (line.textContent !== words) line.textContent = words;
    line.hidden = !words;
  }
}
