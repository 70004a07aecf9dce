// What every page may use on top of plain HTML: switches without a reload, and the popover of the evidence mark.

const root = document.documentElement;

/**
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
const all = (selector) => [...document.querySelectorAll(selector)].filter((e) => e instanceof HTMLElement);

/** The next value of a switch, and what the page looks like meanwhile. @param {HTMLButtonElement} button */
const flip = (button) => {
  if (button.name === "size") {
    root.dataset.size = button.value;
    button.setAttribute("aria-pressed", String(button.value === "large"));
    button.value = button.value === "large" ? "normal" : "large";
  } else {
    root.dataset.theme = button.value;
    button.value = button.value === "dark" ? "light" : "dark";
  }
};

for (const form of all("form[data-prefs]")) {
  const dark = form.querySelector("button[name=theme]");
  if (dark instanceof HTMLButtonElement && !root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches) {
    dark.value = "light";
  }
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement && button instanceof HTMLButtonElement) || button.name === "language") return;
    event.preventDefault();
    const body = new FormData(form);
    body.append(button.name, button.value);
    flip(button);
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => form.submit());
  });
}

const pop = document.getElementById("ev");
/** @type {HTMLElement | null} */
let opener = null;

/** @param {boolean} giveFocusBack */
const close = (giveFocusBack) => {
  if (!pop || !opener) return;
  pop.hidden = true;
  pop.replaceChildren();
  opener.setAttribute("aria-expanded", "false");
  for (const row of all("tr.hit")) row.classList.remove("hit");
  const from = opener;
  opener = null;
  if (giveFocusBack) from.focus();
};

/** Beneath the figure on a wide screen; the style sheet makes it a sheet from below on a phone. @param {HTMLElement} link */
const place = (link) => {
  if (!pop) return;
  const box = link.getBoundingClientRect();
  pop.style.top = `${box.bottom + scrollY + 6}px`;
  pop.style.left = `${Math.max(16, Math.min(box.left + scrollX, innerWidth - pop.offsetWidth - 16))}px`;
};

/**
 * @param {HTMLElement} link
 * @param {string} html
 */
const show = (link, html) => {
  if (!pop || opener !== link) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool pop-x";
  button.textContent = pop.dataset.close ?? "×";
  button.addEventListener("click", () => close(true));
  const body = document.createElement("div");
  body.innerHTML = html;
  pop.replaceChildren(button, body);
  pop.setAttribute("aria-label", body.querySelector("h1,h2,h3")?.textContent ?? link.textContent ?? "");
  pop.hidden = false;
  place(link);
  button.focus({ preventScroll: true });
};

/** @param {HTMLAnchorElement} link */
const open = async (link) => {
  close(false);
  opener = link;
  link.setAttribute("aria-expanded", "true");
  if (link.dataset.row) document.querySelector(`tr[data-row="${CSS.escape(link.dataset.row)}"]`)?.classList.add("hit");
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    show(link, await answer.text());
  } catch {
    if (opener !== link) return;
    opener = null;
    location.assign(link.href);
  }
};

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a[data-pop]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (opener === link) close(true);
    else void open(link);
  } else if (opener && !target?.closest("#ev")) close(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opener) close(true);
});

for (const link of all("a[data-pop]")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
}

// An option of a form shows that it is chosen.
for (const input of all(".opt input")) {
  input.addEventListener("change", () => {
    for (const option of all(".opt")) {
      const own = option.querySelector("input");
      option.classList.toggle("on", own instanceof HTMLInputElement && own.checked);
    }
  });
}
