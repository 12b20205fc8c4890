// Suggestions under the search box, in groups: the ARIA combobox pattern. Without it the form just works.

import { forget, recent, remember } from "./recent.js";
import { words } from "./words.js";

const MOST_RECENT_WHILE_TYPING = 2;
const PAUSE = 80; // milliseconds without a key before the server is asked

const HEADINGS = {
  recent: () => words("group-recent"),
  term: () => words("group-term"),
  title: () => words("group-title"),
  columnist: () => words("group-columnist"),
  issue: () => words("group-issue"),
};

for (const form of document.querySelectorAll("form[data-suggest]")) combobox(form);

function combobox(form) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const isComposing = () => "composing" in input.dataset; // box.js
  let options = [];
  let active = -1;
  let timer;
  let request;

  input.addEventListener("compositionstart", () => clearTimeout(timer));
  input.addEventListener("compositionend", later);
  input.addEventListener("input", () => {
    if (!isComposing()) later();
  });
  input.addEventListener("focus", begin);
  input.addEventListener("blur", close);
  form.addEventListener("submit", () => {
    remember(input.value.trim());
    close(); // the page may stay (live.js)
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || isComposing() || event.keyCode === 229) return; // 229: Safari's last key of a composition
    const count = options.length;
    if (event.key === "ArrowDown" && list.hidden) ask();
    else if (event.key === "ArrowDown") move((active + 1) % count);
    else if (event.key === "ArrowUp" && count) move((active + count - (active < 0 ? 0 : 1)) % count);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) options[active].click();
    else return;
    event.preventDefault();
  });

  begin();
  if (input.value !== input.defaultValue && !isComposing()) later(); // typed before this was there

  function begin() {
    if (!input.value) showRecent();
  }

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
      const answer = await fetch(address(input.value), { signal: request.signal });
      if (answer.ok && input.value.trim() === typed) show(withRecent(typed, (await answer.json()).suggestions));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function address(typed) {
    const url = new URL(form.dataset.suggest, location);
    url.searchParams.set("q", typed.trimStart());
    return url;
  }

  function showRecent() {
    const searches = recent().map((text) => ({ kind: "recent", text, query: text }));
    const end = { kind: "recent", text: words("forget"), label: words("kept-here"), clears: true };
    show(searches.length ? [...searches, end] : []);
  }

  // What was searched for and holds what is typed stands first, unless it is offered anyway.
  function withRecent(typed, suggestions) {
    const offered = [typed, ...suggestions.map(({ query }) => query)];
    const found = recent().flatMap((text) => {
      const start = text.toLowerCase().indexOf(typed.toLowerCase());
      return start < 0 || offered.includes(text)
        ? []
        : [{ kind: "recent", text, query: text, marks: [[start, start + typed.length]] }];
    });
    return [...found.slice(0, MOST_RECENT_WHILE_TYPING), ...suggestions];
  }

  function show(suggestions) {
    if (document.activeElement !== input || !suggestions.length) return close();
    const chosen = options[active]?.textContent;
    options = suggestions.map(option);
    const kinds = [...new Set(suggestions.map(({ kind }) => kind))];
    list.replaceChildren(...kinds.map((kind) => group(kind, options.filter((_, at) => suggestions[at].kind === kind))));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    move(options.findIndex(({ textContent }) => textContent === chosen)); // what came anew is no reason to lose it
  }

  function group(kind, members) {
    const element = document.createElement("div");
    const heading = document.createElement("div");
    heading.id = `${list.id}-${kind}`;
    heading.className = "heading";
    heading.setAttribute("role", "presentation");
    heading.textContent = HEADINGS[kind]();
    element.setAttribute("role", "group");
    element.setAttribute("aria-labelledby", heading.id);
    element.append(heading, ...members);
    return element;
  }

  function option({ text, label, url, query, count, writing, marks, writing_marks, clears }, number) {
    const element = document.createElement("div");
    element.id = `${list.id}-${number}`;
    element.setAttribute("role", "option");
    const name = document.createElement("span");
    name.append(...marked(text, marks));
    if (writing) name.append("（", ...marked(writing, writing_marks), "）");
    element.append(name);
    if (label) {
      const kind = document.createElement("small");
      // Beside filters the number of all articles is not what is found.
      const isTrue = count != null && !form.querySelector("input[type=hidden]:not([name=sort])");
      kind.textContent = isTrue ? words("articles", { label, count }) : label;
      element.append(kind);
    }
    element.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    if (clears) element.className = "clear";
    element.addEventListener("click", () => {
      if (clears) {
        forget();
        close();
      } else if (query) {
        input.value = query;
        form.requestSubmit();
      } else {
        location.assign(url);
      }
    });
    return element;
  }

  function move(number) {
    active = number;
    options.forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    clearTimeout(timer);
    request?.abort(); // what is still to come would open the list again
    list.hidden = true;
    list.replaceChildren();
    options = [];
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// The text in pieces, those from `start` to `end` of `spans` in a <mark>. They count characters, not UTF-16.
function marked(text, spans = []) {
  const characters = [...text];
  const pieces = [];
  let done = 0;
  for (const [start, end] of spans) {
    const mark = document.createElement("mark");
    mark.textContent = characters.slice(start, end).join("");
    pieces.push(characters.slice(done, start).join(""), mark);
    done = end;
  }
  return [...pieces, characters.slice(done).join("")];
}
