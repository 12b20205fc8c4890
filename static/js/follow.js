// The button that follows a search or a topic, for who has no account: this browser keeps it.

import { follows, keep, MOST, onChange } from "./follows.js";
import { words } from "./words.js";

const START = "start"; // what the button says at first, kept on it

refresh();
onChange(refresh);
document.addEventListener("answered", refresh); // by another page of results (answer.js)

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-follow]");
  if (!button) return;
  const said = toggle(button.dataset.follow);
  import("./copying.js").then(({ say }) => say(said));
  refresh();
});

function toggle(key) {
  const list = follows();
  if (list.some((one) => one.key === key)) {
    keep(list.filter((one) => one.key !== key));
    return words("follow-ended");
  }
  if (list.length >= MOST) return words("follow-full", { most: MOST });
  const isKept = keep([...list, { key, name: "", seen: null, isPaused: false }]);
  return isKept ? words("followed") : words("follow-unkept");
}

function refresh() {
  for (const button of document.querySelectorAll("[data-follow]")) {
    button.dataset[START] ??= button.textContent.trim();
    const isFollowed = follows().some((one) => one.key === button.dataset.follow);
    button.textContent = isFollowed ? button.dataset.end : button.dataset[START];
    button.hidden = false;
  }
}
