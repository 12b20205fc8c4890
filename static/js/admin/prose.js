// The body editor's words in Chinese, and a way for other scripts to reach it. A classic script: the editor, a
// module, asks for its words when it is loaded, and says that it is ready before later modules can listen.
// Part of its words pass through Django's gettext; the labels of its buttons do not, and are replaced on the page.

(() => {
  const DIALOGS = {
    "Add caption": "加图注",
    "Remove caption": "删除图注",
    "Alternative Text": "图片说明",
    "Browse...": "选择……",
    Cancel: "取消",
    Caption: "图注",
    Columns: "列数",
    "Decimal numbers": "1、2、3",
    "Edit Figure": "修改图片",
    "Edit Image": "修改图片",
    "Edit Link": "链接",
    "Image URL": "图片网址（不用改）",
    "Include header row": "第一行是表头",
    Insert: "插入",
    "Insert Figure": "插入图片",
    "Insert Table": "插入表格",
    "List properties": "编号方式",
    "List type": "编号样式",
    "Lowercase Roman numerals": "i、ii、iii",
    "Lowercase letters": "a、b、c",
    Rows: "行数",
    "Start at": "从几开始",
    "Table Properties": "表格属性",
    Bullets: "圆点",
    Title: "提示文字",
    "Toggle fullscreen": "全屏",
    URL: "网址",
    Update: "确定",
    "Uppercase Roman numerals": "I、II、III",
    "Uppercase letters": "A、B、C",
  };
  const BUTTONS = {
    bold: "加粗",
    italic: "斜体",
    subscript: "下标",
    superscript: "上标",
    "heading 3": "小标题",
    "heading 4": "次级小标题",
    "unordered list": "项目列表",
    "ordered list": "编号列表",
    blockquote: "引用",
    "horizontal rule": "分隔线",
    figure: "图片",
    paragraph: "正文段落",
    link: "加链接",
    "insert link": "加链接",
    unlink: "删除链接",
    "remove link": "删除链接",
    "insert table": "插入表格",
    "add column": "在右边加一列",
    "delete column": "删除这一列",
    "add row": "在下面加一行",
    "delete row": "删除这一行",
    "merge cells": "合并单元格",
    "split cell": "拆分单元格",
    "toggle header cell": "表头",
    "delete table": "删除表格",
    undo: "撤销",
    redo: "重做",
  };
  const OPTIONS = { "Heading 3": "小标题", "Heading 4": "次级小标题", Paragraph: "正文段落" };

  window.django = window.django || {};
  window.django.catalog = Object.assign(window.django.catalog || {}, DIALOGS);

  function relabel(editor) {
    for (const button of editor.querySelectorAll("[title]")) {
      const words = BUTTONS[button.title.toLowerCase()];
      if (words) {
        button.title = words;
        button.setAttribute("aria-label", words);
      }
    }
    for (const option of editor.querySelectorAll(".prose-menubar__option *")) {
      const words = OPTIONS[option.textContent];
      if (words && !option.children.length) option.textContent = words;
    }
  }

  const ready = [];
  const waiting = [];

  // Calls `use(editor, textarea)` for every body editor of the page, those that are ready already too.
  window.withBodyEditors = (use) => {
    ready.forEach(([editor, textarea]) => use(editor, textarea));
    waiting.push(use);
  };

  document.addEventListener("prose-editor:ready", ({ detail }) => {
    ready.push([detail.editor, detail.textarea]);
    waiting.forEach((use) => use(detail.editor, detail.textarea));
    const editor = detail.textarea.closest(".prose-editor") || detail.editor.view.dom.parentElement;
    relabel(editor);
    // The menu is built after this, and shows a new copy of a button whenever the style at the cursor changes.
    detail.editor.on("transaction", () => queueMicrotask(() => relabel(editor)));
  });
})();
