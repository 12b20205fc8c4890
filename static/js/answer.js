// Another answer of the search in the place of the one that is shown, without leaving the page: the server's own page,
// of which the box stays as it is, with the focus and what is being typed.

const TYPING = "X-Typing"; // search/pages/signals.py: no search yet, so nothing is logged

const addressOf = ({ pathname, search }) => pathname + search;
let shown = addressOf(new URL(performance.getEntriesByType("navigation")[0].name)); // by now, location may be another
let coming;

addEventListener("popstate", goBack);

// Shows the answer to which the browser went back or forward.
export async function goBack() {
  const address = addressOf(location);
  if (address === shown || address === coming) return;
  coming = address;
  document.dispatchEvent(new Event("leaving"));
  try {
    const page = await load(address, { isRepeated: true });
    if (address === addressOf(location)) put(page);
  } catch {
    location.reload();
  }
  coming = undefined;
}

// Fetches a page of results: for what is being typed, for one that was seen before, or as a search. Throws when there
// is none, as `fetch` does when it is aborted.
export async function load(address, { isTyping = false, isRepeated = false, signal } = {}) {
  const answer = await fetch(address, { signal, headers: isTyping || isRepeated ? { [TYPING]: "1" } : {} });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector(".answer")) throw new Error(`${answer.status} ${address}`);
  return page;
}

// Puts it in the place of what is shown. Who adds something to an answer hears `answered` on the document.
export function put(page, { isTyping = false } = {}) {
  const [old, answer] = [document, page].map((one) => one.querySelector(".answer"));
  shown = addressOf(location);
  document.title = page.title;
  old.closest(".search-page").className = answer.closest(".search-page").className;
  for (const selector of ["h1", ".kept"]) old.querySelector(selector).replaceWith(answer.querySelector(selector));
  if (!isTyping) old.querySelector("#q").value = page.getElementById("q").value;
  const rest = (one) => [...one.children].filter((child) => !child.matches("h1, .search-box, .announced"));
  rest(old).forEach((child) => child.remove());
  old.append(...rest(answer));
  const feeds = (one) => [...one.head.querySelectorAll("link[rel=alternate]")];
  feeds(document).forEach((link) => link.remove());
  document.head.append(...feeds(page));
  const restore = putPanel(page.getElementById("facets"), old);
  document.dispatchEvent(new CustomEvent("answered", { detail: { isTyping } }));
  restore();
}

// The filters stay unfolded, scrolled and, on a phone, open as they were.
function putPanel(panel, answer) {
  const old = document.getElementById("facets");
  const isOpen = old?.matches("[popover]:popover-open");
  const unfolded = [...(old?.querySelectorAll(".facet:has(details[open]) h3") ?? [])].map((one) => one.textContent);
  const top = old?.scrollTop ?? 0;
  old?.remove();
  if (!panel) return () => {};
  answer.after(panel);
  for (const heading of panel.querySelectorAll(".facet h3")) {
    if (unfolded.includes(heading.textContent)) heading.parentNode.querySelector("details")?.setAttribute("open", "");
  }
  return () => {
    if (isOpen) panel.showPopover();
    panel.scrollTop = top;
  };
}
