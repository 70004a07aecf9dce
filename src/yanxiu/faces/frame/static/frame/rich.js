// The formats of a field: Tiptap from its package, our toolbar in words, and what Word leaves behind taken out at paste.

/** Paragraphs of plain text as HTML. @param {string} text */
const paragraphs = (text) => {
  const holder = document.createElement("div");
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    holder.append(Object.assign(document.createElement("p"), { textContent: line.trim() }));
  }
  return holder.innerHTML;
};

/** Word writes its lists as paragraphs with a hand-made mark before them. @param {Document} page */
const listsOfWord = (page) => {
  for (const line of [...page.querySelectorAll("p[class*=MsoList], p[style*=mso-list]")]) {
    const mark = line.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']");
    const kind = /[0-9a-z一二三四五六七八九十]+[.、)）]/i.test(mark?.textContent ?? "") ? "OL" : "UL";
    mark?.remove();
    const before = line.previousElementSibling;
    const list = before?.nodeName === kind && before.hasAttribute("data-word") ? before : page.createElement(kind);
    list.setAttribute("data-word", "");
    const item = page.createElement("li");
    item.append(...line.childNodes);
    list.append(item);
    if (list !== before) line.replaceWith(list);
    else line.remove();
  }
};

/**
 * What is pasted, without Word's comments, styles and pictures; the server cleans again.
 * @param {string} html
 * @returns {{html: string, images: number}}
 */
export const cleaned = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const images = page.querySelectorAll("img, picture, svg, v\\:imagedata").length;
  listsOfWord(page);
  for (const gone of page.querySelectorAll("style, script, xml, meta, link, title, img, picture, svg, iframe, object")) {
    gone.remove();
  }
  const comments = page.createNodeIterator(page, NodeFilter.SHOW_COMMENT);
  for (let node = comments.nextNode(); node; node = comments.nextNode()) node.parentNode?.removeChild(node);
  for (const element of page.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (name !== "href" && name !== "style") element.removeAttribute(name);
  }
  return { html: page.body.innerHTML, images };
};

/** What a button does, and when it is pressed in. @type {Record<string, [string, string, object?]>} */
const DEEDS = {
  Bold: ["toggleBold", "bold"],
  Italic: ["toggleItalic", "italic"],
  Underline: ["toggleUnderline", "underline"],
  heading3: ["toggleHeading", "heading", { level: 3 }],
  heading4: ["toggleHeading", "heading", { level: 4 }],
  BulletList: ["toggleBulletList", "bulletList"],
  OrderedList: ["toggleOrderedList", "orderedList"],
  Blockquote: ["toggleBlockquote", "blockquote"],
  undo: ["undo", ""],
};

/** @param {any} editor @param {HTMLElement} tools */
const wire = (editor, tools) => {
  const buttons = [...tools.querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => {
      const [deed, , more] = DEEDS[button.dataset.do ?? ""] ?? ["undo", ""];
      editor.chain().focus()[deed](more).run();
    });
  }
  const show = () => {
    for (const button of buttons) {
      const [, name, more] = DEEDS[button.dataset.do ?? ""] ?? ["", ""];
      if (name) button.setAttribute("aria-pressed", String(editor.isActive(name, more)));
    }
  };
  editor.on("transaction", show);
  show();
};

/**
 * Puts the editor in the textarea's place; the textarea goes on holding what is sent.
 * @param {{field: HTMLElement, area: HTMLTextAreaElement, content: string, plain: string, leftOut: (images: number) => void}} given
 */
export const start = async ({ field, area, content, plain, leftOut }) => {
  /** @type {any} */
  const kit = await import(field.dataset.library ?? "");
  const extensions = [
    kit.Document, kit.Paragraph, kit.Text, kit.HardBreak, kit.Bold, kit.Italic, kit.Underline, kit.Strike, kit.BulletList,
    kit.OrderedList, kit.ListItem, kit.Blockquote, kit.History, kit.Gapcursor, kit.Dropcursor,
    kit.Heading.configure({ levels: [3, 4] }),
    kit.Link.configure({ openOnClick: false, autolink: true, protocols: ["http", "https", "mailto"] }),
  ]; // prettier-ignore
  const tools = field.querySelector("template")?.content.firstElementChild?.cloneNode(true);
  if (!(tools instanceof HTMLElement)) throw new Error("no toolbar");
  const box = document.createElement("div");
  const editor = new kit.Editor({
    element: box,
    injectCSS: false, // the policy refuses inline style sheets: editor.css has it
    extensions,
    content: content || paragraphs(area.value || plain),
    editorProps: {
      attributes: {
        class: "rt", role: "textbox", "aria-multiline": "true",
        "aria-labelledby": field.querySelector("label")?.id ?? "",
      }, // prettier-ignore
      /** @param {string} html */
      transformPastedHTML: (html) => {
        const made = cleaned(html);
        leftOut(made.images);
        return made.html;
      },
      /** @param {unknown} _view @param {ClipboardEvent} event */
      handlePaste: (_view, event) => {
        const pictures = [...(event.clipboardData?.files ?? [])].length;
        if (!pictures || event.clipboardData?.getData("text/html")) return false;
        leftOut(pictures);
        return true;
      },
    },
  });
  const hold = () => {
    area.value = editor.isEmpty ? "" : editor.getHTML();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.on("update", hold);
  area.before(tools);
  tools.after(editor.view.dom);
  area.hidden = true;
  area.required = false; // a hidden field cannot say that it is empty; the server does
  wire(editor, tools);
  area.value = editor.isEmpty ? "" : editor.getHTML();
  return {
    text: () => String(editor.getText({ blockSeparator: "\n" })),
    /** @param {string} html */
    set: (html) => editor.commands.setContent(/^\s*</.test(html) ? html : paragraphs(html)),
    focus: () => editor.commands.focus("end"),
  };
};
