/* Says so on the page when a passkey was not confirmed; django-allauth's script only writes it to the console. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-failed]").forEach((words) => { words.hidden = false; });
});
