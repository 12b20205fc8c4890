// The preview follows the form: what its button asks for is asked when something was changed.

const button = document.querySelector("[data-preview]");
let timer;

button?.form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => button.form.requestSubmit(button), 400);
});
