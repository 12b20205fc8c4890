// 通读本期: where in the week one is, the articles before and after it by j and k, and where one was the last time.
// Without it the contents lead to the articles.

import { place as placeOf, remember } from "./reading-places.js";
import { words } from "./words.js";

const week = document.getElementById("week").dataset.week;
const articles = [...document.querySelectorAll(".week-article")];
const links = [...document.querySelectorAll(".beside .contents a, .fold .contents a")];
const all = document.querySelectorAll(".beside .contents li").length;
const bar = document.getElementById("week-bar");
const [back, on] = bar.querySelectorAll("[data-step]");
const here = location.pathname + location.search;
const SLIVER = 0.01; // minutes: what rounding leaves of the last article
const SOON = 400; // milliseconds without a scroll, after which one has come to rest

if (articles.length) {
  offerTheLastPlace();
  bar.hidden = false;
  let timer;
  addEventListener("scroll", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(keep, SOON);
  }, { passive: true });
  addEventListener("resize", show);
  for (const link of [back, on]) link.addEventListener("click", follow);
  show();
}

const print = document.getElementById("week-print");
print.hidden = false;
print.addEventListener("click", () => window.print());

// At once, and not with the scroll that the browser tells of later: a second key would lead to the same article.
function follow(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.hash = event.currentTarget.hash;
  show();
}

// The number of the article whose text is under the eyes: the last that begins above the upper third of the window.
function current() {
  const eyes = innerHeight / 3;
  const number = articles.findLastIndex((article) => article.getBoundingClientRect().top <= eyes);
  return isAtTheEnd() ? articles.length - 1 : number;
}

function isAtTheEnd() {
  return scrollY > 0 && Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
}

// What of an article is read: from 0 to 1.
function share(article) {
  const { top, height } = article.getBoundingClientRect();
  return Math.min(1, Math.max(0, (innerHeight - top) / height));
}

function show() {
  const number = Math.max(0, current());
  const article = articles[number];
  const minutes = (one) => Number(one.dataset.minutes);
  const total = articles.reduce((sum, one) => sum + minutes(one), 0);
  const left = articles.reduce((sum, one) => sum + minutes(one) * (1 - share(one)), 0);
  document.getElementById("week-progress").value = Math.round(100 * (1 - left / total));
  document.getElementById("week-place").textContent = words("week-place", { place: article.dataset.place, all });
  const minutesLeft = Math.ceil(left - SLIVER);
  document.getElementById("week-left").textContent =
    minutesLeft > 0 ? words("week-left", { minutes: minutesLeft }) : words("week-read");
  lead(back, number > 0 || scrollY > article.offsetTop ? articles[Math.max(0, number - 1)] : null);
  lead(on, current() < 0 ? articles[0] : articles[number + 1]);
  for (const link of links) {
    if (link.hash === `#${article.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const shown = document.querySelector(".beside [aria-current]");
  const list = shown?.closest(".beside");
  if (list) list.scrollTop = shown.offsetTop - list.clientHeight / 2;
}

function lead(link, article) {
  link.hidden = !article;
  if (article) link.hash = article.id;
}

// At the end of the page the last article counts, however short: then it is read to the end.
function keep() {
  const number = current();
  if (number < 0) return;
  const isRead = isAtTheEnd() && !document.querySelector(".turn [rel=next]:not([data-key])");
  remember(week, isRead ? null : { at: `${here}#${paragraph(articles[number])}`, place: articles[number].dataset.place });
}

// The paragraph of an article that stands first in the window.
function paragraph(article) {
  const first = [...article.querySelectorAll(".block")].find((block) => block.getBoundingClientRect().bottom > 0);
  return first?.id ?? article.id;
}

function offerTheLastPlace() {
  const last = placeOf(week);
  const link = document.getElementById("week-on");
  if (!last || location.hash) return;
  link.href = last.at;
  link.textContent = words("week-on", { place: last.place });
  link.hidden = false;
}

// A link within the page moves the focus to the article, so that Tab goes on from there.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#week a, #week-bar a, #week-on");
  if (!link || link.pathname + link.search !== here || !link.hash) return;
  document.getElementById(link.hash.slice(1))?.focus({ preventScroll: true });
});
