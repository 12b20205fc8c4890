// The import desk. Every operation is a plain form; this sends it without leaving the page, takes what is pasted
// with its formatting, and lets cards be dragged. Without it everything still works.

import { enhanceOpening } from "./desk-opening.js";
import { makeDraggable } from "./dragging.js";
import { imagesOf } from "./admin/images.js";
import { addPickers } from "./admin/pickers.js";

const root = () => document.getElementById("desk");
let queue = Promise.resolve();

// --- Sending a form, showing the answer ------------------------------------------------------------------

let failures = 0;

/**
 * Sends a form after those before it; typed words go first, so that nothing typed is lost by a click. When one does
 * not arrive, those behind it are not sent: their answer would take the place of what is typed and not stored.
 */
export function send(form, submitter, extra = {}) {
  const data = new FormData(form, submitter);
  for (const [name, value] of Object.entries(extra)) {
    data.delete(name);
    for (const one of [value].flat()) data.append(name, one);
  }
  const action = (submitter?.getAttribute("formaction") ?? form.getAttribute("action"));
  const known = failures;
  queue = queue.then(async () => {
    if (known === failures && await post(action, data)) return;
    if (known === failures) failures += 1;
    if (form.dataset.sent !== undefined) form.dataset.sent = ""; // it is sent with whatever is clicked next
    delete form.dataset.leaving;
  });
  return queue;
}

/** Returns whether it arrived. */
async function post(action, data) {
  root().classList.add("is-busy");
  const answer = await fetch(action, { method: "POST", body: data }).catch(() => null);
  const text = await answer?.text().catch(() => null);
  root().classList.remove("is-busy");
  const page = text && new DOMParser().parseFromString(text, "text/html");
  const fresh = page?.getElementById("desk");
  if (page?.getElementById("unstored")) {
    say("没有保存：服务器暂时存不进内容。页面上的还在，请告诉管理员，稍后再试。", "error");
    return false;
  }
  if (answer?.status === 503) {
    say("没有保存：数据库正在重启，一般几秒钟就好。页面上的还在，请过几秒再点一次。", "error");
    return false;
  }
  if (!fresh) {
    // No answer, or one without a desk: the editor was logged out. What was typed stays on the page.
    say("没有成功：网络断了，或登录已过期。请在新窗口登录，再回来重试。", "error");
    return false;
  }
  const url = new URL(answer.url);
  const isElsewhere = url.pathname !== location.pathname && !action.endsWith("/open/"); // it is stored
  if (isElsewhere) history.pushState(null, "", url);
  show(fresh, url.hash.slice(1));
  if (isElsewhere) scrollTo({ top: 0, behavior: "instant" });
  return true;
}

function say(words, kind = "success") {
  const said = root().querySelector(".desk-said");
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words;
  said.replaceChildren(line);
}

/** Puts the fresh desk in place of the old: open menus, the scrolled source and the place of the keyboard stay. */
function show(fresh, piece) {
  const old = root();
  const focused = document.activeElement;
  const focusId = old.contains(focused) ? focused.id : "";
  const focusValue = focused?.form?.id === "act" || focused?.name === "act" ? focused.value : "";
  const source = old.querySelector("[data-scroll=source]")?.scrollTop ?? 0;
  const compact = old.querySelector("[data-compact]")?.checked;
  const top = scrollY;
  const said = old.querySelector(".desk-said");
  const words = fresh.querySelector(".desk-said");
  fresh.classList.add("is-live");
  // The live region itself stays in the page: only then is what changes in it read out.
  const next = document.importNode(words, true);
  words.remove();
  for (const child of [...old.children]) if (child !== said) child.remove();
  for (const child of [...fresh.children]) old.append(document.adoptNode(child));
  old.className = fresh.className;
  said.replaceChildren(...next.childNodes);
  forgetLater(said);
  const box = old.querySelector("[data-compact]");
  if (box) box.checked = Boolean(compact);
  const pane = old.querySelector("[data-scroll=source]");
  if (pane) pane.scrollTop = source;
  scrollTo({ top, behavior: "instant" });
  enhance();
  const target = piece ? document.getElementById(piece) : null;
  if (target) {
    light(target);
    const { top: above, bottom: below } = target.getBoundingClientRect();
    if (above < 60 || above > innerHeight - 80 || below < 80) target.scrollIntoView({ block: "center" });
  }
  const again = (focusId && document.getElementById(focusId))
    || (focusValue && old.querySelector(`[name=act][value="${CSS.escape(focusValue)}"]`))
    || target?.querySelector("input:not([type=hidden]), button");
  again?.focus({ preventScroll: true });
}

let forgetting = 0;
function forgetLater(said) {
  clearTimeout(forgetting);
  if (said.querySelector(".error") || !root().classList.contains("desk-full")) return;
  forgetting = setTimeout(() => said.replaceChildren(), 6000);
}

function light(element) {
  for (const lit of root().querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  element.classList.add("is-lit");
  const line = root().querySelector(`.desk-source a[href="#${CSS.escape(element.id)}"]`)?.closest("li");
  if (!line) return;
  line.classList.add("is-lit");
  const pane = line.closest("[data-scroll]");
  const there = line.offsetTop - pane.offsetTop;
  if (there < pane.scrollTop || there > pane.scrollTop + pane.clientHeight - 60) pane.scrollTop = there - pane.clientHeight / 3;
}

// --- Events: on the document, so that they outlive what they are about -----------------------------------

document.addEventListener("submit", event => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest("#desk")) return;
  if (event.submitter?.matches("[data-leave]") && !form.dataset.leaving) {
    // Leads to another page: once all that was typed has arrived.
    event.preventDefault();
    sendTyped(form);
    const { value } = event.submitter;
    const known = failures;
    queue = queue.then(() => setTimeout(() => { // a form that is being submitted can not be submitted again
      if (known !== failures) return; // what was typed is here alone
      // The answers have put another form in this one's place.
      const button = root().querySelector(`[data-leave][value="${CSS.escape(value)}"]`);
      if (!button) return;
      button.form.dataset.leaving = "yes";
      button.form.requestSubmit(button);
    }));
  } else if ((form.matches("[data-live]") || form.id === "act") && !form.dataset.leaving) {
    event.preventDefault();
    sendTyped(form);
    send(form, event.submitter);
  }
});

/** Sends the forms whose words were changed and not sent yet, but for `except`. */
function sendTyped(except) {
  for (const form of root().querySelectorAll("form[data-auto]")) {
    if (form !== except && isChanged(form) && form.checkValidity()) send(form);
    if (isChanged(form)) remember(form);
  }
}

const isChanged = form => form.dataset.sent !== undefined && form.dataset.sent !== written(form);
const written = form => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
const remember = form => { form.dataset.sent = written(form); };

document.addEventListener("change", event => {
  const form = event.target.closest?.("#desk form");
  if (!form) return;
  if (form.matches("[data-auto]") && isChanged(form) && form.reportValidity()) {
    remember(form);
    send(form);
  }
  if (form.matches("[data-image]") && event.target.type === "file" && event.target.files.length) form.requestSubmit();
});

document.addEventListener("click", event => {
  const link = event.target.closest?.(".desk-source a[href^='#k']");
  const piece = event.target.closest?.(".desk-piece, .desk-card");
  if (link) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    light(target);
    target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  } else if (piece && !event.target.closest("button, a, input, textarea, summary, .desk-edit")) {
    light(piece);
  }
});

document.addEventListener("keydown", event => {
  const desk = root();
  if (!desk?.classList.contains("desk-full")) return;
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, [contenteditable=true]");
  const card = event.target.closest?.(".desk-card");
  if (event.altKey && card && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    card.querySelector(event.key === "ArrowUp" ? "[data-up]" : "[data-down]").click();
  } else if ((event.ctrlKey || event.metaKey) && !typing && event.key.toLowerCase() === "z") {
    event.preventDefault();
    const form = desk.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]");
    if (!form.querySelector("button").disabled) form.requestSubmit();
  }
});

// A text that is being edited is not left without a question.
addEventListener("beforeunload", event => {
  const form = root()?.querySelector("form[data-guard]");
  if (form && form.dataset.sent !== undefined && isChanged(form) && !form.dataset.leaving) event.preventDefault();
});

document.addEventListener("submit", event => {
  if (event.target.matches?.("[data-guard]")) event.target.dataset.leaving = "yes";
}, true);

document.addEventListener("prose-editor:ready", event => {
  const form = event.target.closest("[data-guard]");
  if (form) remember(form);
});

// --- Images pasted or dropped where one is missing, or beside a paragraph: several at once, by their names ---

document.addEventListener("paste", event => {
  const form = event.target.closest?.("#desk form[data-image]");
  const image = imagesOf(event.clipboardData);
  if (form && image.length) {
    event.preventDefault();
    send(form, undefined, { image });
  }
});

document.addEventListener("dragover", event => {
  const piece = event.target.closest?.("#desk .desk-piece");
  if (piece?.querySelector("form[data-image]") && event.dataTransfer.types.includes("Files")) {
    event.preventDefault();
    piece.classList.add("is-over");
  }
});

document.addEventListener("dragleave", event => event.target.closest?.(".desk-piece")?.classList.remove("is-over"));

document.addEventListener("drop", event => {
  const piece = event.target.closest?.("#desk .desk-piece");
  const form = piece?.querySelector("form[data-image]");
  if (!form || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  piece.classList.remove("is-over");
  const image = imagesOf(event.dataTransfer);
  if (image.length) send(form, undefined, { image });
  else say("拖进来的不是图片，没有放。请拖 PNG 或 JPG 图片。", "error");
});

// --- Cards that are dragged ------------------------------------------------------------------------------

makeDraggable("#desk .desk-card", "[data-grip]", {
  over(card, other, side) {
    unmark();
    other?.classList.add(`is-${side}`);
  },
  drop(card, other, side) {
    const others = [...root().querySelectorAll(".desk-card")].filter(one => one !== card);
    const place = others.indexOf(other) + (side === "before" ? 0 : 1);
    sendTyped();
    send(document.getElementById("act"), undefined, { act: `move ${card.dataset.card} ${place}` });
  },
  end: unmark,
});

function unmark() {
  for (const card of root().querySelectorAll(".is-before, .is-after")) card.classList.remove("is-before", "is-after");
}

addEventListener("popstate", () => {
  if (!location.hash) location.reload(); // back from the stored week
});

// --- How many words the glossary lacks: asked for beside the page, which does not wait for it ---------------

let wordCount = null;
let asking = 0;

function showWords() {
  const link = root().querySelector("[data-words]");
  if (!link) return;
  if (wordCount !== null) link.textContent = wordCount ? `${wordCount} 个新词` : "没有新词";
}

function countWords() {
  showWords();
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const link = root().querySelector("[data-words]");
    const answer = link && await fetch(link.dataset.words).catch(() => null);
    const told = answer?.ok && await answer.json().catch(() => null);
    if (!told) return; // logged out, or the network is gone: the next form says so
    wordCount = told.count;
    showWords();
  }, 400);
}

// --- Beginning -------------------------------------------------------------------------------------------

function enhance() {
  const desk = root();
  desk.classList.add("is-live");
  for (const form of desk.querySelectorAll("form[data-auto]")) remember(form);
  const opening = desk.querySelector("form[data-open]");
  if (opening) enhanceOpening(opening, send);
  addPickers(desk);
  countWords();
}

enhance();
