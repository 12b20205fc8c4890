// Copies the preview link, where the browser lets a page do that.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "已复制";
    } catch {
      button.textContent = "请按 Ctrl+C 复制";
    }
  });
}
