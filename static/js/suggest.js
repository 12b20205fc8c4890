// Suggestions under the search box: the ARIA combobox pattern. Without it the form just works.

import { words } from "./words.js";

const RECENT_KEY = "xinwenku.recent";
const MOST_RECENT = 6;
const PAUSE = 80; // milliseconds without a key before the server is asked

for (const form of document.querySelectorAll("form[data-suggest]")) combobox(form);

function combobox(form) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  let isComposing = false; // a Chinese input method is at work: what is in the box are half-typed letters
  let active = -1;
  let timer;
  let request;

  const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(aria)) input.setAttribute(name, value);

  input.addEventListener("compositionstart", () => {
    isComposing = true;
    clearTimeout(timer);
  });
  input.addEventListener("compositionend", () => {
    isComposing = false;
    later();
  });
  input.addEventListener("input", () => {
    if (!isComposing) later();
  });
  input.addEventListener("focus", () => {
    if (!input.value) showRecent();
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", () => remember(input.value.trim()));

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || isComposing || event.keyCode === 229) return; // 229: Safari's last key of a composition
    const options = list.children.length;
    if (event.key === "ArrowDown" && list.hidden) ask();
    else if (event.key === "ArrowDown") move((active + 1) % options);
    else if (event.key === "ArrowUp" && options) move((active + options - (active < 0 ? 0 : 1)) % options);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) list.children[active].click();
    else return;
    event.preventDefault();
  });

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  async function ask() {
    request?.abort();
    const typed = input.value.trim();
    if (!typed) return showRecent();
    request = new AbortController();
    try {
      const answer = await fetch(address(typed), { signal: request.signal });
      if (answer.ok && input.value.trim() === typed) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function address(typed) {
    const url = new URL(form.dataset.suggest, location);
    url.searchParams.set("q", typed);
    return url;
  }

  function showRecent() {
    const searches = recent().map((text) => ({ text, label: words("searched") }));
    show(searches.length ? [...searches, { text: words("forget"), label: words("kept-here"), clears: true }] : []);
  }

  function show(suggestions) {
    if (document.activeElement !== input || !suggestions.length) return close();
    list.replaceChildren(...suggestions.map(option));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    move(-1);
  }

  function option({ text, label, url, count, writing, clears }, number) {
    const element = document.createElement("li");
    element.id = `${list.id}-${number}`;
    element.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = writing ? `${text}（${writing}）` : text;
    const kind = document.createElement("small");
    kind.textContent = count == null ? label : words("articles", { label, count });
    element.append(name, kind);
    element.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    if (clears) element.className = "clear";
    element.addEventListener("click", () => {
      if (clears) {
        forget();
        close();
      } else if (url) {
        if (count != null) remember(text); // a term; an article is no search
        location.assign(url);
      } else {
        input.value = text;
        form.requestSubmit();
      }
    });
    return element;
  }

  function move(number) {
    active = number;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    clearTimeout(timer);
    request?.abort(); // what is still to come would open the list again
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// Recent searches stay in this browser.
function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT_KEY)) ?? [];
  } catch {
    return [];
  }
}

function remember(text) {
  if (!text) return;
  try {
    const kept = [text, ...recent().filter((other) => other !== text)].slice(0, MOST_RECENT);
    localStorage.setItem(RECENT_KEY, JSON.stringify(kept));
  } catch {
    // The browser keeps nothing (private window): then there are no recent searches.
  }
}

function forget() {
  try {
    localStorage.removeItem(RECENT_KEY);
  } catch {
    // As above: nothing was kept.
  }
}
