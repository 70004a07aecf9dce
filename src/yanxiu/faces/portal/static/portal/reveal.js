// "Show the password": two blind entries on a phone's keyboard are hard. Hidden again before the form is sent.

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-reveal]"))) {
  const form = place.closest("form");
  const tick = place.querySelector("input");
  if (!form || !tick) continue;
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[type=password]"));
  /** @param {boolean} isShown */
  const show = (isShown) => fields.forEach((field) => (field.type = isShown ? "text" : "password"));
  tick.checked = false;
  tick.addEventListener("change", () => show(tick.checked));
  form.addEventListener("submit", () => show(false)); // or the browser would not offer to keep it
  place.hidden = false;
}
