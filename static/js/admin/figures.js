// Figures in the text of an article: chosen, dragged or pasted, sent to the server, put where the cursor is.

import { imagesOf } from "./images.js";

const panel = document.getElementById("figures");
const message = panel?.querySelector(".figure-message");
const file = document.getElementById("figure-file");
const caption = document.getElementById("figure-caption");
const alt = document.getElementById("figure-alt");
const chosen = document.getElementById("figure-chosen");
const NONE = chosen?.textContent;
let editor = null;

function say(text, isError = false) {
  message.textContent = text;
  message.classList.toggle("error", isError);
}

async function send(image, altText) {
  const data = new FormData();
  data.append("image", image);
  data.append("alt", altText);
  data.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  say("正在上传……");
  let answer;
  try {
    answer = await fetch(panel.dataset.upload, { method: "POST", body: data });
  } catch {
    say("没有连上网站，图片没有上传。请检查网络后再试。", true);
    return null;
  }
  if (!answer.headers.get("content-type")?.includes("json")) {
    const why = answer.status === 403 || answer.redirected ? "登录过期或没有权限" : "网站出了错";
    say(`${why}，图片没有上传。正文还在，请刷新页面后再试。`, true);
    return null;
  }
  const figure = await answer.json();
  if (!answer.ok) {
    say(figure.error, true);
    return null;
  }
  return figure;
}

/** Where the next picture goes: behind the figure that shows `previous`, else behind the cursor's paragraph. */
function placeAfter(previous) {
  const { doc, selection: { $to } } = editor.state;
  let place = null;
  doc.forEach((node, offset) => {
    if (previous && node.type.name === "figure" && node.firstChild?.attrs.src === previous) place = offset + node.nodeSize;
  });
  // Behind the paragraph, list or table that the cursor is in: a figure in the middle would cut it in two.
  return place ?? ($to.depth ? $to.after(1) : $to.pos);
}

function insert(url, altText, captionText, previous = "") {
  const { state } = editor;
  const place = placeAfter(previous);
  const below = state.doc.nodeAt(place);
  const taken = !captionText && below?.type.name === "paragraph" && isCaption(below.textContent.trim());
  const words = captionText || (taken ? below.textContent.trim() : "");
  const content = [{ type: "image", attrs: { src: url, alt: altText } }];
  if (words) content.push({ type: "caption", content: [{ type: "text", text: words }] });
  const range = { from: place, to: taken ? place + below.nodeSize : place };
  editor.chain().focus().insertContentAt(range, { type: "figure", content }).run();
  say("图片已放进正文。点“保存”以后生效。");
}

// As `is_caption` of archive/reading/captions.py.
const NAMED = /^图(?:片|表)?\s?[\d一二三四五六七八九十]{1,3}(?:[-.]\d{1,2})?(?:\s|[:：.、．]|[^\d\W]|[\u3400-\u9fff])/u;

function isCaption(text) {
  return text.length <= 60 && NAMED.test(text) && !/[。；，、：;:,]$/.test(text);
}

/** Inserts pictures one after the other; the words are those of the first. */
async function insertAll(images, altText = "", captionText = "") {
  let done = 0;
  let last = "";
  for (const image of images) {
    last = await insertFile(image, done ? "" : altText, done ? "" : captionText, last);
    if (!last) break; // what went wrong is said
    done += 1;
  }
  if (done === images.length && done > 1) say(`${done} 张图片都已放进正文。点“保存”以后生效。`);
  return done;
}

async function insertFile(image, altText, captionText, previous) {
  const figure = await send(image, altText);
  if (!figure) return "";
  insert(figure.url, altText, captionText, previous);
  list(figure);
  return figure.url;
}

function list(figure) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = figure.url;
  image.alt = figure.alt;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button quiet";
  again.textContent = "再次插入";
  again.dataset.again = figure.url;
  again.dataset.alt = figure.alt;
  item.append(image, again);
  panel.querySelector(".figure-list").append(item);
}

if (panel) {
  file.addEventListener("change", () => {
    chosen.textContent = file.files.length > 1 ? `${file.files.length} 张图片` : file.files[0]?.name || NONE;
    if (file.files.length) caption.focus();
  });
  window.withBodyEditors((ready) => {
    editor = ready;
    const sheet = editor.view.dom;
    for (const [kind, transferOf] of [["paste", (e) => e.clipboardData], ["drop", (e) => e.dataTransfer]]) {
      sheet.addEventListener(
        kind,
        (event) => {
          const found = imagesOf(transferOf(event));
          // Word puts a picture of the text beside the text: then the text is what is meant.
          if (!found.length || (kind === "paste" && transferOf(event).types.includes("text/html"))) return;
          event.preventDefault();
          event.stopPropagation();
          insertAll(found);
        },
        { capture: true },
      );
    }
    // Its button asks for an address; editors have a file. In a figure it opens what there is to change.
    sheet.parentElement.addEventListener(
      "click",
      (event) => {
        const isFigure = event.target.closest(".prose-menubar button")?.textContent === "image";
        if (!isFigure || editor.isActive("figure")) return;
        event.preventDefault();
        event.stopPropagation();
        panel.scrollIntoView({ block: "center" });
        file.click();
      },
      { capture: true },
    );
  });
  panel.addEventListener("click", async (event) => {
    if (event.target.closest("[data-insert]")) {
      if (!file.files.length) {
        say("请先选一个图片文件。", true);
        file.focus();
        return;
      }
      await insertAll(imagesOf(file.files), alt.value.trim(), caption.value.trim());
      file.value = caption.value = alt.value = "";
      chosen.textContent = NONE;
    }
    const again = event.target.closest("[data-again]");
    if (again) insert(again.dataset.again, again.dataset.alt, "");
  });
}
