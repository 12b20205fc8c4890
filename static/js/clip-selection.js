// Words that are selected in a text go into the basket by a button under them. A selection over several paragraphs is a
// clipping for each. The server gets places, not words: which characters of a paragraph, white space not counted, and
// how many it had, so that it notices when they have become others (archive/basket/items.py).

import { add, holds } from "./clippings.js";
import { say } from "./copying.js";
import { words } from "./words.js";

const SOON = 150; // milliseconds in which a selection comes to rest
const button = document.createElement("button");
let timer;

button.type = "button";
button.className = "button clip-selection";
button.hidden = true;
button.textContent = words("clip-selection");
document.getElementById("main").append(button);
button.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
button.addEventListener("click", clip);
document.addEventListener("selectionchange", soon);
soon(); // the selection that had this script fetched (reading.js)

function soon() {
  clearTimeout(timer);
  timer = setTimeout(offer, SOON);
}

// The selected part of a text; null when nothing is selected, or not in a text.
function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount || !selection.toString().trim()) return null;
  const range = selection.getRangeAt(0);
  return blocks(range).length ? range : null;
}

function blocks(range) {
  return [...document.querySelectorAll(".prose > .block[id]")].filter((block) => range.intersectsNode(block));
}

function offer() {
  const range = selected();
  button.hidden = !range;
  if (!range) return;
  const lines = range.getClientRects();
  const last = lines[lines.length - 1];
  const { width, height } = button.getBoundingClientRect();
  const frame = button.offsetParent?.getBoundingClientRect() ?? { left: -scrollX, top: -scrollY };
  const left = Math.max(8, Math.min(last.right - width, document.documentElement.clientWidth - width - 8));
  const top = Math.min(last.bottom + 8, innerHeight - height - 64);
  button.style.left = `${left - frame.left}px`;
  button.style.top = `${top - frame.top}px`;
}

function clip() {
  const range = selected();
  const keys = range ? blocks(range).map((block) => key(block, range)) : [];
  const basket = { href: document.querySelector("[data-basket]").href, text: words("see-basket") };
  let said = words("clipped");
  for (const one of keys) if (one && !holds(one)) said = add(one);
  getSelection().removeAllRanges();
  button.hidden = true;
  say(said, basket);
}

// The key of what is selected of a paragraph, `97-p3.12-45.210`; of all of it, `97-p3`; of nothing that shows, null.
function key(block, range) {
  const { start, end, length } = span(block, range);
  if (start === null) return null;
  const article = block.closest("article").querySelector(".tools [data-clip]").dataset.clip;
  const paragraph = `${article}-${new URL(block.querySelector(".pilcrow").href).hash.slice(1)}`;
  return start === 0 && end === length ? paragraph : `${paragraph}.${start}-${end}.${length}`;
}

function span(block, range) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let [start, end, length] = [null, 0, 0];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let offset = 0;
    for (const character of node.data) {
      const after = offset + character.length;
      if (/\S/u.test(character)) {
        if (range.comparePoint(node, offset) === 0 && range.comparePoint(node, after) === 0) {
          start ??= length;
          end = length + 1;
        }
        length += 1;
      }
      offset = after;
    }
  }
  return { start, end, length };
}
