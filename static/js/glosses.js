// What a term in the text means, beside it: on hover, on focus, at the first tap. The second tap follows the link, as
// does the link in the gloss. Escape closes it; the pointer may go into it; it stays as long as it is wanted (WCAG 1.4.13).
// Without this file, or popovers, the gloss is the link's title.

const gloss = document.getElementById("gloss");
const more = gloss?.querySelector("a");
const PAUSE = 250; // milliseconds in which the pointer gets from the term to its gloss
let shown = null; // the link that is explained
let timer;

if (gloss?.showPopover) {
  document.querySelectorAll("a.term[title]").forEach(explain);
  gloss.addEventListener("pointerenter", () => clearTimeout(timer));
  gloss.addEventListener("pointerleave", hideSoon);
  addEventListener("resize", hide);
  document.addEventListener("pointerdown", ({ target }) => {
    if (!gloss.contains(target) && !shown?.contains(target)) hide();
  });
  // Before all others: the first Escape is for the gloss, the next for the marks of a search.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    event.preventDefault();
    hide();
  }, true);
}

function explain(link) {
  const text = link.title;
  link.removeAttribute("title");
  link.setAttribute("aria-description", text);
  link.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") show(link, text);
  });
  link.addEventListener("pointerleave", hideSoon);
  link.addEventListener("focus", () => {
    if (link.matches(":focus-visible")) show(link, text);
  });
  link.addEventListener("blur", hideSoon);
  link.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || shown === link) return;
    event.preventDefault();
    show(link, text);
    more.hidden = false;
  });
}

function show(link, text) {
  clearTimeout(timer);
  if (shown === link) return;
  shown = link;
  gloss.firstElementChild.textContent = text;
  more.href = link.href;
  more.hidden = true;
  gloss.showPopover();
  const lines = link.getClientRects();
  const last = lines[lines.length - 1];
  const { width, height } = gloss.getBoundingClientRect();
  const below = last.bottom + height < innerHeight;
  const left = Math.max(8, Math.min(last.left, document.documentElement.clientWidth - width - 8));
  gloss.style.left = `${left + scrollX}px`;
  gloss.style.top = `${(below ? last.bottom : lines[0].top - height) + scrollY}px`;
}

function hideSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!shown?.matches(":hover, :focus-visible") && !gloss.matches(":hover")) hide();
  }, PAUSE);
}

function hide() {
  clearTimeout(timer);
  shown = null;
  if (gloss.matches(":popover-open")) gloss.hidePopover();
}
