// Puts text on the clipboard, and says so where screen readers hear it.

import { words } from "./words.js";

const said = document.createElement("output");
said.className = "said";
document.body.append(said);
let timer;

// With a link to where it leads, it stays longer: one has to read it and to get there.
export function say(text, link = null) {
  said.replaceChildren(text);
  if (link) {
    const way = document.createElement("a");
    way.href = link.href;
    way.textContent = link.text;
    said.append(way);
  }
  clearTimeout(timer);
  timer = setTimeout(() => said.replaceChildren(), link ? 8000 : 4000);
}

export async function copy(text, success) {
  say((await written(text)) ? success : words("not-copied", { text }));
}

// Browsers hand the clipboard only to HTTPS pages and this machine's own; elsewhere the old command still works.
export async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    const before = document.activeElement;
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
    return done;
  }
}
