// The results that were last shown in this window, in their order: an article that was opened from them leads to the
// next one and back. Kept by the window (sessionStorage), as `{ address, hits, earlier, later }`: the page of results,
// its links, and the pages of results before and after it.

const KEY = "xinwenku.trail";

export function read(page, address) {
  const hrefs = (selector) => [...page.querySelectorAll(selector)].map((link) => inSite(link.getAttribute("href"), address));
  const [earlier = ""] = hrefs(".pager [rel=prev]");
  const [later = ""] = hrefs(".pager [rel=next]");
  return { address: inSite(address), hits: hrefs(".hits h2 a"), earlier, later };
}

export function keep(trail) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trail));
  } catch {
    // The browser keeps nothing (private window): then the way back is the browser's own.
  }
}

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

// The number of the result that a page is, -1 when it is none of them. The paragraph does not matter.
export function placeIn(trail, { pathname, search }) {
  return trail.hits.findIndex((href) => href.replace(/#.*/, "") === pathname + search);
}

function inSite(href, base = location.href) {
  const url = new URL(href, new URL(base, location));
  return url.pathname + url.search + url.hash;
}
