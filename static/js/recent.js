// Recent searches. They stay in this browser.

const KEY = "xinwenku.recent";
const MOST = 6;

export function recent() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

export function remember(text) {
  if (!text) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([text, ...recent().filter((other) => other !== text)].slice(0, MOST)));
  } catch {
    // The browser keeps nothing (private window): then there are no recent searches.
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above: nothing was kept.
  }
}
