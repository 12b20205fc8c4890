// Puts a post on the clipboard as rich text: the very HTML that its frame shows.

const WHAT_NEXT = "已复制。到公众号后台的正文框里粘贴。";
const BY_HAND = "浏览器不让网页替您复制。正文已经选中，请按 Ctrl+C（苹果电脑按 ⌘C）。";
const NOT_YET = "推文还没有显示出来，请稍等一下再点；一直不出来，请刷新这一页。";

for (const button of document.querySelectorAll("[data-copy-post]")) {
  const frame = document.getElementById(button.dataset.copyPost);
  const said = document.querySelector(".wechat-said");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const post = frame.contentDocument?.querySelector("article");
    const copied = post ? await copy(post.innerHTML, post.innerText.trim()) : false;
    if (post && !copied) select(post, frame.contentWindow);
    said.classList.toggle("error", !copied);
    said.textContent = copied ? WHAT_NEXT : post ? BY_HAND : NOT_YET;
  });
}

// The old command comes first: it takes the HTML as it is and works over plain HTTP too. The new interface is for HTTPS
// only, and Chromium holds what it is given against this page's policy, which allows no styles in elements.
async function copy(html, text) {
  const forms = { "text/html": html, "text/plain": text };
  if (byCommand(forms)) return true;
  try {
    const blobs = Object.entries(forms).map(([type, data]) => [type, new Blob([data], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return false;
  }
}

function byCommand(forms) {
  let taken = false;
  const fill = (event) => {
    for (const [type, data] of Object.entries(forms)) event.clipboardData.setData(type, data);
    event.preventDefault();
    taken = true;
  };
  document.addEventListener("copy", fill);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return done && taken;
}

function select(post, view) {
  const range = view.document.createRange();
  range.selectNodeContents(post);
  view.getSelection().removeAllRanges();
  view.getSelection().addRange(range);
  view.focus();
}
