// Passkeys. Without this script, or in a browser that knows no passkeys, the parts of the page that need it stay hidden.

/** @param {string} text base64url @returns {ArrayBuffer} */
const bytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0)).buffer;
};

/** @param {ArrayBuffer | null} buffer @returns {string | undefined} */
const text = (buffer) => {
  if (!buffer) return undefined;
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

/** @param {any[]} [list] */
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

/** @param {any} options @returns {Promise<Credential | null>} */
const create = (options) =>
  navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });

/** @param {any} options @returns {Promise<Credential | null>} */
const ask = (options) =>
  navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
  });

/** What the server reads. @param {PublicKeyCredential} made */
const told = (made) => {
  const response = /** @type {any} */ (made.response);
  /** @type {Record<string, string | undefined>} */
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    parts[name] = text(response[name] ?? null);
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response: parts, clientExtensionResults: {} };
};

/** The answer, or an error in words the server chose. @param {string} address @param {RequestInit} more */
const post = async (address, more) => {
  const answer = await fetch(address, { method: "POST", ...more });
  const held = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(held.message), { code: held.code });
  return held;
};

/** @param {FormData} fields */
const headersOf = (fields) => ({ Accept: "application/json", "X-CSRFToken": String(fields.get("csrfmiddlewaretoken")) });

/** What a passkey signs to say who is there; null where the dialogue was closed. @param {string} begin @param {FormData} fields */
const signed = async (begin, fields) => {
  const { publicKey } = await post(begin, { headers: headersOf(fields), body: fields });
  const made = await ask(publicKey);
  return made instanceof PublicKeyCredential ? JSON.stringify(told(made)) : null;
};

/** The options of a new passkey. Whoever signed in long ago says first who they are. @param {HTMLElement} place @param {FormData} fields */
const options = async (place, fields) => {
  const begin = () => post(place.dataset.begin ?? "", { headers: headersOf(fields), body: fields });
  try {
    return await begin();
  } catch (problem) {
    const { verify } = place.dataset;
    if (!verify || /** @type {any} */ (problem).code !== "stale") throw problem;
    fields.set("again_passkey", (await signed(verify, fields)) ?? "");
    return begin();
  }
};

/** The deed that was asked about, with the passkey's word for it. @param {HTMLElement} place @param {FormData} fields */
const confirm = async (place, fields) => {
  const answer = await signed(place.dataset.begin ?? "", fields);
  const deed = document.querySelector("#deed");
  const field = document.querySelector("#deed [name=again_passkey]");
  if (!answer || !(deed instanceof HTMLFormElement) || !(field instanceof HTMLInputElement)) return;
  field.value = answer;
  deed.submit();
};

/** @param {HTMLElement} place @param {HTMLFormElement} form */
const run = async (place, form) => {
  const fields = new FormData(form);
  if (place.dataset.passkey === "deed") return confirm(place, fields);
  const { publicKey } = await options(place, fields);
  const made = await (place.dataset.passkey === "add" ? create(publicKey) : ask(publicKey));
  if (!(made instanceof PublicKeyCredential)) return;
  const body = JSON.stringify({ ...told(made), label: fields.get("label") ?? undefined });
  const done = await post(place.dataset.finish ?? "", { headers: headersOf(fields), body });
  location.assign(done.next);
};

if (globalThis.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    if (!(place instanceof HTMLElement)) continue;
    const form = place.querySelector("form");
    const error = place.querySelector("[data-passkey-error]");
    place.hidden = false;
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      if (error) error.textContent = "";
      run(place, form).catch((/** @type {Error} */ problem) => {
        // Closing the browser's own dialogue is no fault worth a sentence.
        if (error && problem.name !== "NotAllowedError") error.textContent = problem.message;
      });
    });
  }
}
