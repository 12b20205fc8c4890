// Passkeys are made and used by django-allauth's scripts. Here: forms that need them are shown, and a failure is told.

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("[data-needs-script]")) form.hidden = false;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // it would go to the console, where nobody reads it
  for (const told of document.querySelectorAll("[data-passkey-failed]")) told.hidden = false;
});
