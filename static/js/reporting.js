// 报错: opens the form of a paragraph over the article. Without this file the same link leads to the form's own page.

import { say } from "./copying.js";
import { words } from "./words.js";

const dialog = document.createElement("dialog");
const heading = document.createElement("h2");
const note = document.createElement("p");
let shown = "";

dialog.className = "report-dialog";
heading.id = "report-title";
dialog.setAttribute("aria-labelledby", heading.id);
dialog.setAttribute("closedby", "any");
note.className = "refusal";
note.setAttribute("role", "alert");
document.body.append(dialog);

for (const link of document.querySelectorAll("a.report")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
}

async function open(address) {
  // What was written stays when the form is closed and opened again.
  if (shown !== address) {
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || !(await show(answer))) {
      location.assign(address);
      return;
    }
    shown = address;
  }
  dialog.showModal();
  dialog.querySelector("textarea").focus();
}

// Shows the form of an answer; returns whether it has one.
async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.getElementById("report");
  if (!form) return false;
  heading.textContent = page.querySelector("h1").textContent;
  dialog.replaceChildren(heading, form);
  form.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  return true;
}

async function send(form) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  button.disabled = false;
  if (answer?.ok) {
    shown = "";
    dialog.close();
    say(words("reported"));
  } else if (answer && (await show(answer))) {
    dialog.querySelector("textarea").focus();
  } else {
    note.textContent = words("not-reported");
    form.prepend(note);
  }
}
