// The draft as it would be printed, beside the text, while somebody types. Without it the page shows the last saved draft.

const form = document.querySelector("form[data-preview]");
const pane = document.getElementById("preview");
const WAIT = 700;
let timer = 0;
/** @type {AbortController | null} */
let running = null;

const refresh = async () => {
  if (!(form instanceof HTMLFormElement) || !pane || !form.dataset.preview) return;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: running.signal });
    if (answer.ok && !answer.redirected) pane.innerHTML = await answer.text();
  } catch {
    // typed on, or offline: the next pause tries again
  }
};

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, WAIT);
});
