// Figures in the text of an article: chosen, dragged or pasted, sent to the server, put where the cursor is.

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

function insert(url, altText, captionText) {
  const content = [{ type: "image", attrs: { src: url, alt: altText } }];
  if (captionText) content.push({ type: "caption", content: [{ type: "text", text: captionText }] });
  // Behind the paragraph, list or table that the cursor is in: a figure in the middle would cut it in two.
  const { $to } = editor.state.selection;
  const place = $to.depth ? $to.after(1) : $to.pos;
  editor.chain().focus().insertContentAt(place, { type: "figure", content }).run();
  say("图片已放进正文。点“保存”以后生效。");
}

async function insertFile(image, altText, captionText) {
  const figure = await send(image, altText);
  if (!figure) return;
  insert(figure.url, altText, captionText);
  list(figure);
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

function images(transfer) {
  return [...(transfer?.files || [])].filter((one) => one.type.startsWith("image/"));
}

if (panel) {
  file.addEventListener("change", () => {
    chosen.textContent = file.files[0]?.name || NONE;
    if (file.files.length) caption.focus();
  });
  window.withBodyEditors((ready) => {
    editor = ready;
    const sheet = editor.view.dom;
    for (const [kind, transferOf] of [["paste", (e) => e.clipboardData], ["drop", (e) => e.dataTransfer]]) {
      sheet.addEventListener(
        kind,
        (event) => {
          const found = images(transferOf(event));
          // Word puts a picture of the text beside the text: then the text is what is meant.
          if (!found.length || (kind === "paste" && transferOf(event).types.includes("text/html"))) return;
          event.preventDefault();
          event.stopPropagation();
          found.reduce((before, image) => before.then(() => insertFile(image, "", "")), Promise.resolve());
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
      await insertFile(file.files[0], alt.value.trim(), caption.value.trim());
      file.value = caption.value = alt.value = "";
      chosen.textContent = NONE;
    }
    const again = event.target.closest("[data-again]");
    if (again) insert(again.dataset.again, again.dataset.alt, "");
  });
}
