// Passing a page on: its text for an assistant onto the clipboard, its address as a QR code for the whole room.

import { say, written } from "./copying.js";

// Does what a link is for; `selected` is what is selected of the page. Where nothing can be copied, the link leads to
// the text, to be copied by hand.
export async function pass(link, selected) {
  if ("qr" in link.dataset) {
    show(link);
    return;
  }
  const citation = document.getElementById("citation");
  const text = selected && citation ? quoted(selected, citation) : fetched(link.href);
  if (!(await copyLater(text, link.dataset.markdown))) location.assign(link.href);
}

// Puts on the clipboard what is still being fetched, and says so; returns whether it could. The browser is told at once:
// Safari would take it for nobody's wish later.
async function copyLater(text, success) {
  try {
    const plain = text.then((fetched) => new Blob([fetched], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain })]);
  } catch {
    const fetched = await text.catch(() => "");
    if (!fetched || !(await written(fetched))) return false;
  }
  say(success);
  return true;
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

async function quoted(passage, citation) {
  const lines = passage.split(/\n+/).map((line) => `> ${line.trim()}`);
  return `${lines.join("\n>\n")}\n\n${citation.textContent.replace(/\s+/g, " ").trim()}\n`;
}

// As large as the screen allows, under the name of the page: whoever sits in the room opens it on a telephone.
function show(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "keys big-qr";
  const title = document.createElement("h2");
  title.id = "big-qr";
  title.textContent = document.querySelector("main h1").textContent.trim();
  const code = document.createElement("img");
  code.src = link.href;
  code.alt = "";
  const page = document.createElement("p");
  page.textContent = decodeURI(new URL(new URL(link.href).searchParams.get("of"), location).href);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button";
  close.textContent = link.dataset.qr;
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, code, page, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
