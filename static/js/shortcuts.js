// Whether keys of one letter are wanted (WCAG 2.1.4), and which key presses are meant as such.

const KEY = "xinwenku.keys";

export function keysAreOn() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true; // the browser keeps nothing (private window): nobody could have turned them off
  }
}

export function turnKeys(on) {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // As above: the choice lasts as long as nothing is kept, not at all.
  }
}

// No shortcut: what is typed into a field or with an input method, what belongs to the browser or to an open dialog.
export function isShortcut(event) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false; // 229: Safari's composition
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return false;
  return event.key.length > 1 || keysAreOn();
}
