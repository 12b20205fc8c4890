// What was typed survives a closed tab: it is kept in this browser and offered again. Nothing is sent anywhere.
//
// What is kept carries the version of the issue that it was typed on. Restoring puts that version back into the form,
// so that a save tells when someone else has changed the issue since.

const offer = document.getElementById("unsaved");
const form = offer?.closest("form");
const KEY = `xwk-unsaved:${offer?.dataset.key}`;
const SENT = "xwk-sent";
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "form_token", "version", "_decided"]);
const OLD_MS = 30 * 24 * 3600 * 1000;

function fields() {
  return [...form.elements].filter(
    (field) => field.name && !LEFT_OUT.has(field.name) && !["submit", "button", "file"].includes(field.type)
      && !field.name.includes("__prefix__") && !/-(id|issue)$/.test(field.name) && !field.name.endsWith("_FORMS"),
  );
}

function values() {
  const found = {};
  for (const field of fields()) {
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) found[field.name] = "on";
    } else {
      found[field.name] = field.value;
    }
  }
  return found;
}

function same(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && Date.now() - kept.at < OLD_MS ? kept : null;
  } catch {
    return null;
  }
}

function keep() {
  const now = values();
  try {
    if (same(now, start)) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), version: form.elements.version?.value || "", values: now }));
  } catch {
    // The browser keeps nothing (private window, full): then there is nothing to offer either.
  }
}

function age(at) {
  const minutes = Math.round((Date.now() - at) / 60000);
  if (minutes < 1) return "刚才";
  if (minutes < 60) return ` ${minutes} 分钟前`;
  if (minutes < 48 * 60) return ` ${Math.round(minutes / 60)} 小时前`;
  return ` ${Math.round(minutes / 1440)} 天前`;
}

function setValue(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value === "on";
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function addRows(kept) {
  const wanted = 1 + Math.max(-1, ...Object.keys(kept).map((name) => Number(/^articles-(\d+)-title$/.exec(name)?.[1] ?? -1)));
  const total = form.elements["articles-TOTAL_FORMS"];
  const add = form.querySelector("#articles-group .add-row a, #articles-group .add-row button");
  for (let tries = 0; add && total && Number(total.value) < wanted && tries < 200; tries += 1) add.click();
}

function restore(kept) {
  addRows(kept.values);
  for (const field of fields()) {
    const editor = editors.get(field);
    if (editor) editor.commands.setContent(kept.values[field.name] ?? "", { emitUpdate: true });
    if (field.name in kept.values || field.type === "checkbox") setValue(field, kept.values[field.name] ?? "");
  }
  if (form.elements.version && kept.version) form.elements.version.value = kept.version;
}

const editors = new Map();
let start = form ? values() : {};
let timer;

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, 800);
}

function listen() {
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => {
    if (timer) keep();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
    keep();
    sessionStorage.setItem(SENT, KEY);
  });
}

function offerAgain() {
  const kept = read();
  if (!kept || same(kept.values, values())) {
    if (kept) localStorage.removeItem(KEY);
    return;
  }
  offer.querySelector("[data-age]").textContent = age(kept.at);
  offer.hidden = false;
  offer.querySelector("[data-restore]").addEventListener("click", () => {
    restore(kept);
    offer.hidden = true;
  });
  offer.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    offer.hidden = true;
  });
}

// A page that says that something was saved is the end of what was sent. The page of a conflict, which does not load
// this script, leaves it to the page after the decision.
const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector(".messagelist .success, .messagelist .info")) localStorage.removeItem(sent);
sessionStorage.removeItem(SENT);

if (form) {
  window.withBodyEditors?.((editor, textarea) => {
    editors.set(textarea, editor);
    editor.on("update", later);
  });
  if (!("hasErrors" in offer.dataset)) offerAgain();
  listen();
}
