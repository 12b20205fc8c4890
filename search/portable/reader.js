// The reader of the portable archive, and its search. No request leaves this file.
//
// All texts are one string, folded once (width, script, case) by the table that stands beside them, so that any run of
// characters is found by looking for it. The address says what is shown: #a12 an article, #i2025-03-21 an issue, #q=… a search.

"use strict";
(() => {
  const MOST = 50;
  const AROUND = 60;
  const LETTER = /[0-9a-z\u00df-\u024f\u0370-\u03ff\u0400-\u04ff]/;
  const main = document.getElementById("main");
  const box = document.getElementById("q");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  // --- What there is ---------------------------------------------------------------------------------

  const issues = read("issues").map(([slug, title, dates, columnist, introduction, signOff, rows], place) => {
    const issue = { slug, title, dates, columnist, introduction, signOff, place, articles: [] };
    for (const [id, position, heading, section, source, body, isHtml] of rows) {
      issue.articles.push({ id, position, title: heading, section, source, body, isHtml, issue });
    }
    return issue;
  });
  const pictures = read("pictures");
  const articles = new Map();
  const inOrder = []; // from the newest issue on, as they are read
  for (const issue of issues) {
    for (const article of issue.articles) {
      article.place = inOrder.length;
      inOrder.push(article);
      articles.set(String(article.id), article);
    }
  }
  const bySlug = new Map(issues.map((issue) => [issue.slug, issue]));

  // --- Folding ----------------------------------------------------------------------------------------

  const DROPPED = 0;
  const table = new Uint16Array(65536).map((_, code) => code);
  const isLetter = new Uint8Array(65536);
  const [from, to, unseen] = read("folds");
  for (let at = 0; at < from.length; at++) table[from.charCodeAt(at)] = to.charCodeAt(at);
  for (let at = 0; at < unseen.length; at++) table[unseen.charCodeAt(at)] = DROPPED;
  table[0xa0] = table[9] = table[0x3000] = 32;
  const DIGIT = 1;
  const LATIN = 2;
  for (let code = 48; code < 0x500; code++) if (LETTER.test(String.fromCharCode(code))) isLetter[code] = code < 58 ? DIGIT : LATIN;

  // Returns the text as runs are looked up in it. A space stands between Latin words only, and neither space nor hyphen
  // within a code (HBM 4, HBM-4); `places` gets where each character comes from, when it is asked for.
  function fold(text, places) {
    const folded = new Uint16Array(text.length);
    let length = 0;
    let last = 10;
    let space = -1;
    for (let at = 0; at < text.length; at++) {
      const code = table[text.charCodeAt(at)];
      if (code === DROPPED) continue;
      if (code === 32 || (code === 45 && isLetter[last] === LATIN && isLetter[table[text.charCodeAt(at + 1)]] === DIGIT)) {
        if (space < 0) space = at;
        continue;
      }
      if (space >= 0) {
        if (isLetter[last] && isLetter[code] && !(isLetter[last] === LATIN && isLetter[code] === DIGIT)) {
          if (places) places[length] = space;
          folded[length++] = 32;
        }
        space = -1;
      }
      if (places) places[length] = at;
      folded[length++] = last = code;
    }
    return new TextDecoder("utf-16le").decode(folded.subarray(0, length));
  }

  // --- The texts, in one string -------------------------------------------------------------------------

  const ENDS_LINE = /<\/?(?:p|h[1-6]|li|tr|figcaption|blockquote|br|hr|table|figure|ul|ol|caption)\b[^>]*>/g;
  const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&nbsp;": " " };

  function textOf(article) {
    const body = article.isHtml
      ? article.body
          .replace(ENDS_LINE, "\n")
          .replace(/<\/?t[dh]\b[^>]*>/g, " ")
          .replace(/<[^>]*>/g, "")
          .replace(/&(?:amp|lt|gt|quot|#x27|nbsp);/g, (entity) => ENTITIES[entity])
      : article.body;
    return [article.title, body, article.source, article.section].join("\n");
  }

  function textOfIssue({ title, dates, columnist, introduction, signOff, articles: own }) {
    const sections = new Set(own.map((article) => article.section));
    return [title, dates, columnist, introduction, signOff, ...sections].join("\n");
  }

  // Articles first, then the issues' own words: `starts[n]` is where the n-th begins.
  let index = null;

  function indexed() {
    if (index) return index;
    const starts = new Uint32Array(inOrder.length + issues.length + 1);
    const titles = new Uint32Array(inOrder.length);
    const pieces = [];
    let length = 0;
    const add = (place, text) => {
      starts[place] = length;
      const folded = fold(text);
      pieces.push(folded);
      length += folded.length + 1;
    };
    for (const article of inOrder) {
      add(article.place, textOf(article));
      titles[article.place] = starts[article.place] + fold(article.title).length;
    }
    issues.forEach((issue, place) => add(inOrder.length + place, textOfIssue(issue)));
    starts[starts.length - 1] = length;
    index = { text: pieces.join("\u0001"), starts, titles };
    return index;
  }

  // --- Searching ------------------------------------------------------------------------------------------

  // `"an exact run"` and words between spaces; all of them must stand in a text. As on the site, `、` parts words, too.
  // `HBM 4` is one code where there is such a one, else two words.
  function runsOf(query) {
    const joined = query.replace(/([a-z\uff21-\uff3a\uff41-\uff5a])[ \u3000]+(?=[0-9\uff10-\uff19])/gi, "$1");
    const runs = wordsOf(joined);
    return joined === query || indexed().text.includes(runs.find((run) => !wordsOf(query).includes(run)) ?? "") ? runs : wordsOf(query);
  }

  function wordsOf(query) {
    const runs = [];
    for (const [, quoted, word] of query.matchAll(/["“”]([^"“”]+)["“”]?|([^\s"“”、]+)/g)) {
      const run = fold(quoted ?? word);
      if (run && run !== "and") runs.push(run);
    }
    return [...new Set(runs)];
  }

  // Returns the numbers of the texts that hold all runs, those that hold one in their title before the others.
  function find(runs) {
    const { text, starts, titles } = indexed();
    let found = null;
    const inTitle = new Map();
    for (const run of runs) {
      const holding = new Set();
      let place = 0;
      for (let at = text.indexOf(run); at >= 0; at = text.indexOf(run, starts[place + 1])) {
        place = placeOf(starts, at, place);
        holding.add(place);
        if (at < titles[place]) inTitle.set(place, (inTitle.get(place) ?? 0) + 1);
        if (place + 2 >= starts.length) break;
      }
      found = found ? found.filter((one) => holding.has(one)) : [...holding];
      if (!found.length) break;
    }
    const ofIssues = found.filter((place) => place >= inOrder.length);
    const ofArticles = found.filter((place) => place < inOrder.length);
    ofArticles.sort((one, other) => (inTitle.get(other) ?? 0) - (inTitle.get(one) ?? 0) || one - other);
    return { articles: ofArticles.map((place) => inOrder[place]), issues: ofIssues.map((place) => issues[place - inOrder.length]) };
  }

  function placeOf(starts, at, low) {
    let high = starts.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle;
    }
    return low;
  }

  // Returns where the runs stand in a text: [start, end] pairs, in order, none over another.
  function placesIn(text, runs) {
    const places = [];
    const folded = fold(text, places);
    const found = [];
    for (const run of runs) {
      for (let at = folded.indexOf(run); at >= 0; at = folded.indexOf(run, at + run.length)) {
        found.push([places[at], places[at + run.length - 1] + 1]);
      }
    }
    found.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    const kept = [];
    for (const one of found) if (!kept.length || one[0] >= kept.at(-1)[1]) kept.push(one);
    return kept;
  }

  // --- Elements -------------------------------------------------------------------------------------------

  function element(tag, options = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === "text") made.textContent = value;
      else made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function marked(text, found, start = 0, end = text.length) {
    const pieces = document.createDocumentFragment();
    let at = start;
    for (const [first, last] of found) {
      if (last <= start || first >= end) continue;
      pieces.append(text.slice(at, Math.max(first, start)));
      pieces.append(element("mark", { text: text.slice(Math.max(first, start), Math.min(last, end)) }));
      at = Math.min(last, end);
    }
    pieces.append(text.slice(at, end));
    return pieces;
  }

  function passage(text, runs) {
    const lines = text.split("\n");
    const line = lines.find((one) => placesIn(one, runs).length) ?? lines[0];
    const found = placesIn(line, runs);
    const around = found.length ? found[0][0] : 0;
    const start = Math.max(0, Math.min(around - AROUND / 2, line.length - 2 * AROUND));
    const end = Math.min(line.length, start + 2 * AROUND);
    return element("p", { class: "snippet" }, start ? "…" : "", marked(line, found, start, end), end < line.length ? "…" : "");
  }

  const link = (href, text) => element("a", { href, text });
  const plural = (number, unit) => `${number} ${unit}`;

  function show(title, ...children) {
    document.title = `${title} · ${document.querySelector(".nameplate").textContent}离线版`;
    main.replaceChildren(...children.filter((child) => child !== null));
    window.scrollTo(0, 0);
  }

  // --- Views -----------------------------------------------------------------------------------------------

  function showHome() {
    const years = new Map();
    for (const issue of issues) {
      const year = /\d{4}/.exec(issue.dates)?.[0] ?? "";
      if (!years.has(year)) years.set(year, []);
      years.get(year).push(issue);
    }
    const [newest] = issues;
    const parts = newest ? [element("h1", { text: newest.title }), ...contentsOf(newest)] : [element("p", { text: "还没有发布任何一期。" })];
    [...years].forEach(([year, own], place) => {
      const list = element("ul", { class: "issues" });
      for (const issue of own) {
        const lead = issue.articles[0]?.title ?? "";
        list.append(element("li", {}, link(`#i${issue.slug}`, `${issue.title} ${issue.dates}`), element("span", { class: "count", text: `${plural(issue.articles.length, "篇")}　${lead}` })));
      }
      const details = element("details", {}, element("summary", {}, element("h2", { text: `${year}年` }), element("span", { class: "count", text: plural(own.length, "期") })), list);
      details.open = place === 0;
      parts.push(details);
    });
    show("往期", ...parts);
  }

  function contentsOf(issue) {
    const list = element("ol", { class: "contents" });
    let section = "";
    for (const article of issue.articles) {
      if (article.section && article.section !== section) list.append(element("li", { class: "section", text: article.section }));
      section = article.section;
      list.append(element("li", { value: article.position }, link(`#a${article.id}`, article.title)));
    }
    return [
      element("p", { class: "where", text: [issue.dates, issue.columnist && `栏目作者：${issue.columnist}`, plural(issue.articles.length, "篇")].filter(Boolean).join("　") }),
      ...paragraphs(issue.introduction, "introduction"),
      list,
      ...paragraphs(issue.signOff, "sign-off"),
    ];
  }

  function paragraphs(text, name) {
    const lines = text.split("\n").filter((line) => line.trim());
    return lines.length ? [element("div", { class: name }, ...lines.map((line) => element("p", { text: line })))] : [];
  }

  function showIssue(issue) {
    const newer = issues[issue.place - 1];
    const older = issues[issue.place + 1];
    show(issue.title, element("h1", { text: issue.title }), ...contentsOf(issue), turn(older && [`#i${older.slug}`, `上一期　${older.dates}`], newer && [`#i${newer.slug}`, `下一期　${newer.dates}`]));
    markIn(main, sought);
  }

  function showArticle(article) {
    const { issue } = article;
    const where = element("p", { class: "where" }, link(`#i${issue.slug}`, issue.title), ` ${issue.dates}　第 ${article.position} 篇`, article.section ? `　${article.section}` : "", article.source ? `　来源：${article.source}` : "");
    const [previous, next] = neighbours(article);
    const body = element("div", { class: "prose" });
    if (article.isHtml) {
      const template = document.createElement("template");
      template.innerHTML = article.body; // cleaned before it was stored, and the policy of this file runs nothing of it
      for (const image of template.content.querySelectorAll("img")) {
        const data = pictures[image.dataset.picture];
        if (data) image.src = data;
        else image.replaceWith(element("em", { text: image.alt ? `［图：${image.alt}］` : "［图］" }));
      }
      body.append(template.content);
    } else {
      for (const line of article.body.split("\n")) if (line) body.append(element("p", { text: line }));
    }
    show(article.title, backToSearch(), element("article", {}, where, element("h1", { text: article.title }), body), turn(previous && [`#a${previous.id}`, `上一篇　${previous.title}`], next && [`#a${next.id}`, `下一篇　${next.title}`]));
    markIn(main, sought);
    main.querySelector(".prose mark")?.scrollIntoView({ block: "center" });
  }

  function neighbours(article) {
    const own = article.issue.articles;
    const at = own.indexOf(article);
    return [own[at - 1], own[at + 1]];
  }

  function turn(previous, next) {
    const made = element("nav", { class: "turn", "aria-label": "前后" });
    if (previous) made.append(element("a", { href: previous[0], text: previous[1], rel: "prev" }));
    if (next) made.append(element("a", { href: next[0], text: next[1], rel: "next" }));
    return made;
  }

  function backToSearch() {
    if (!asked) return null;
    return element("p", { class: "back" }, link(`#q=${encodeURIComponent(asked)}`, `回到“${asked}”的结果`));
  }

  function markIn(root, runs) {
    if (!runs.length) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".turn, .back")) texts.push(walker.currentNode);
    for (const text of texts) {
      const found = placesIn(text.data, runs);
      if (found.length) text.replaceWith(marked(text.data, found));
    }
  }

  let asked = "";
  let sought = [];

  function showResults(query, most = MOST) {
    asked = query;
    sought = runsOf(query);
    if (box.value !== query && document.activeElement !== box) box.value = query;
    if (!sought.length) {
      showHome();
      return;
    }
    const began = performance.now();
    const found = find(sought);
    main.dataset.took = String(performance.now() - began);
    const list = element("ol", { class: "hits" });
    for (const issue of found.issues.slice(0, 3)) {
      list.append(element("li", {}, element("h2", {}, element("a", { href: `#i${issue.slug}` }, marked(issue.title, placesIn(issue.title, sought)))), element("p", { class: "where", text: `${issue.dates}　这一期` }), passage(textOfIssue(issue), sought)));
    }
    for (const article of found.articles.slice(0, most)) {
      list.append(element("li", {}, element("h2", {}, element("a", { href: `#a${article.id}` }, marked(article.title, placesIn(article.title, sought)))), element("p", { class: "where", text: `${article.issue.title} ${article.issue.dates}　第 ${article.position} 篇` }), passage(textOf(article).slice(article.title.length + 1), sought)));
    }
    const total = found.articles.length;
    const heading = total || !found.issues.length ? `找到 ${total} 篇` : `找到 ${found.issues.length} 期`;
    const parts = [element("h1", { class: "found", text: heading }), list];
    if (!total && !found.issues.length) parts.push(element("p", { class: "empty", text: "没有文章含有全部关键词。少写几个字，或去掉引号再试。" }));
    if (total > most) {
      const more = element("button", { type: "button", class: "more", text: `再看 ${Math.min(MOST, total - most)} 篇` });
      more.addEventListener("click", () => {
        const y = window.scrollY;
        showResults(query, most + MOST);
        window.scrollTo(0, y);
        main.querySelectorAll(".hits h2 a")[most + Math.min(3, found.issues.length)]?.focus({ preventScroll: true });
      });
      parts.push(more);
    }
    show(`搜索“${query}”`, ...parts);
  }

  // --- What the address, the box and the keys ask for ------------------------------------------------------------

  let here = {};

  function addressed() {
    let hash = location.hash.slice(1);
    try {
      hash = decodeURIComponent(hash);
    } catch {
      // A percent sign that was typed: the address as it stands.
    }
    const article = hash[0] === "a" && articles.get(hash.slice(1));
    const issue = hash[0] === "i" && bySlug.get(hash.slice(1));
    here = { article, issue: (article && article.issue) || issue || issues[0] };
    if (hash.startsWith("q=")) showResults(hash.slice(2).trim());
    else if (article) showArticle(article);
    else if (issue) showIssue(issue);
    else {
      asked = "";
      sought = [];
      box.value = "";
      showHome();
      if (hash) main.prepend(element("p", { class: "empty", role: "status", text: "这个文件里没有要找的这一页，可能在它做好以后才发布。" }));
    }
  }

  function ask() {
    const query = box.value.trim();
    const address = query ? `#q=${encodeURIComponent(query)}` : "#";
    // What is typed replaces what was typed: one step back leads to where the search began.
    if (location.hash.startsWith("#q=")) history.replaceState(null, "", address);
    else if (location.hash !== address) history.pushState(null, "", address);
    addressed();
  }

  let waiting = 0;
  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    ask();
    main.querySelector(".hits a")?.focus();
  });
  document.querySelector("[data-skip]").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input")) {
      if (event.key === "Escape") box.blur();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const hits = [...main.querySelectorAll(".hits h2 a")];
    const step = { j: 1, k: -1 }[event.key];
    if (step && hits.length) {
      const here = hits.indexOf(document.activeElement);
      hits[Math.max(0, here + step)]?.focus();
      return;
    }
    const { article, issue } = here;
    if (step && article) {
      const other = neighbours(article)[step > 0 ? 1 : 0];
      if (other) location.hash = `#a${other.id}`;
    }
    const other = issue && { l: issues[issue.place - 1], h: issues[issue.place + 1] }[event.key];
    if (other) location.hash = `#i${other.slug}`;
  });

  window.addEventListener("hashchange", addressed);
  window.addEventListener("popstate", addressed);
  addressed();
  document.documentElement.dataset.open = String(performance.now());
  // After the first page is there: the first search finds the texts folded.
  setTimeout(() => {
    indexed();
    document.documentElement.dataset.ready = String(performance.now());
  });
})();
