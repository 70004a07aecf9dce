// A field that can be written in at once. It counts as the server counts; the formats are loaded when they are asked for.

/** Letters, digits and ideographs: core.text.count_characters. @param {string} text */
export const characters = (text) => (text.normalize("NFC").match(/[\p{L}\p{N}\u{20000}-\u{3ffff}]/gu) ?? []).length;

/** @param {string} words @param {Record<string, unknown>} values */
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));

const HTML = /^\s*<(p|h[1-6]|ul|ol|blockquote)[\s>]/i;

/** @param {HTMLElement} field */
const prepare = (field) => {
  const area = field.querySelector("textarea");
  const button = field.querySelector("[data-editor-open]");
  const counter = field.querySelector("[data-editor-count]");
  const note = field.querySelector("[data-editor-note]");
  if (!(area && button instanceof HTMLButtonElement && counter && note)) return;
  /** @type {{text: () => string, set: (html: string) => void, focus: () => void} | null} */
  let rich = null;
  let opening = false;
  const words = field.dataset;

  const count = () => {
    const text = rich ? rich.text() : area.value;
    const [now, least, limit] = [characters(text), Number(area.dataset.least ?? 0), Number(area.dataset.limit)];
    const over = [...text.trim()].length - limit;
    counter.className = `sm num ${over > 0 ? "long" : now < least ? "short" : "mut"}`;
    const say = over > 0 ? words.long : now < least ? words.short : words.count;
    counter.textContent = filled(say ?? "", { n: now, more: over > 0 ? over : least - now });
  };

  /** @param {number} images */
  const leftOut = (images) => {
    note.textContent = images ? filled(words.images ?? "", { n: images }) : "";
  };

  /** @param {string} content */
  const open = async (content) => {
    if (rich) return rich.set(content);
    if (opening) return;
    opening = true;
    button.disabled = true;
    try {
      const { start } = await import("./rich.js");
      const written = area.value; // more may have been typed while the library was on its way
      rich = await start({ field, area, content: HTML.test(content) ? content : "", plain: written, leftOut });
      button.hidden = true;
      area.addEventListener("input", count);
    } catch {
      note.textContent = words.failed ?? "";
      button.disabled = false;
    }
    opening = false;
    count();
  };

  button.hidden = false;
  button.addEventListener("click", () => void open("").then(() => rich?.focus()));
  area.addEventListener("input", count);
  area.addEventListener("restored", () => {
    if (HTML.test(area.value) || rich) void open(area.value);
    count();
  });
  area.addEventListener("paste", (event) => {
    const board = event.clipboardData;
    const html = board?.getData("text/html") ?? "";
    const images = (html.match(/<img[\s>/]/gi) ?? []).length || [...(board?.files ?? [])].length;
    leftOut(images);
    if (!images && /<(b|strong|h[1-6]|li|table)[\s>]|MsoList/i.test(html)) note.textContent = words.plain ?? "";
  });
  count();
  if (area.dataset.html) void open(area.dataset.html);
};

for (const field of document.querySelectorAll("[data-editor]")) if (field instanceof HTMLElement) prepare(field);
