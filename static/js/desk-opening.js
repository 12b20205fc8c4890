// The empty desk: what is pasted keeps its formatting, what is dropped is read at once.

const MAX_BYTES = 20 * 1024 * 1024;
const ENOUGH = 5; // lines: a paste this long is a week, and is read without another click

/** Makes the form take rich text and dropped files; `send(form, submitter, extra)` posts it. */
export function enhanceOpening(form, send) {
  const box = form.querySelector("textarea");
  const file = form.querySelector("input[type=file][name=file]");
  const drop = form.querySelector("[data-drop]");
  const kept = form.querySelector("[data-kept]");
  const problem = form.querySelector("[data-problem]");
  let rich = "";
  let plain = "";

  const refuse = words => {
    problem.textContent = words;
    problem.hidden = !words;
  };

  const read = () => {
    refuse("");
    const chosen = file.files[0];
    // The text that was pasted was changed since: then the words in the box are what counts.
    const html = chosen || box.value !== plain ? "" : rich;
    const size = (chosen?.size ?? 0) + new Blob([html, box.value]).size;
    if (size > MAX_BYTES) {
      refuse(`${chosen ? "文件" : "粘贴的内容"}有 ${(size / 1024 / 1024).toFixed(1)} MB，最多 20 MB。`
        + "请在 Word 里压缩图片，或者分成几次导入。内容还在这里，没有丢。");
      return;
    }
    const extra = html ? { rich: new File([html], "paste.html", { type: "text/html" }) } : {};
    const [words, pasted, before] = [box.value, rich, plain];
    send(form, undefined, extra).then(() => {
      // Refused: the page came back with the form. The words come back from here, formatting and all.
      const again = document.querySelector("#desk form[data-open]");
      if (!again) return;
      again.querySelector("textarea").value = words;
      again.dispatchEvent(new CustomEvent("desk:kept", { detail: { rich: pasted, plain: before } }));
    });
  };

  form.addEventListener("desk:kept", event => {
    ({ rich, plain } = event.detail);
    describe();
  });

  const describe = () => {
    kept.hidden = !rich;
    if (!rich) return;
    const images = (rich.match(/<img\b/gi) ?? []).length;
    const tables = (rich.match(/<table\b/gi) ?? []).length;
    kept.textContent = "带格式粘贴" + (images ? `，${images} 张图片` : "") + (tables ? `，${tables} 个表格` : "");
  };

  box.addEventListener("paste", event => {
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    const [pastedFile] = event.clipboardData.files;
    if (!text && !html && pastedFile) {
      if (pastedFile.type.startsWith("image/")) {
        refuse("这是一张图片，不是文字。请先粘贴文字，再在文章里插入图片。");
        event.preventDefault();
      } else {
        file.files = event.clipboardData.files;
        event.preventDefault();
        read();
      }
      return;
    }
    const replacesAll = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    if (!replacesAll) return; // a correction in the middle
    event.preventDefault();
    file.value = "";
    box.value = text;
    rich = html;
    plain = box.value; // as the field writes it: line ends differ
    describe();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (text.trim().split("\n").length >= ENOUGH) read();
  });

  drop.addEventListener("dragover", event => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", event => {
    drop.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    file.files = event.dataTransfer.files;
    read();
  });

  file.addEventListener("change", () => {
    if (file.files.length) read();
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    read();
  });
  box.focus({ preventScroll: true });
}
