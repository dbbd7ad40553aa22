/* A form that needs a key: the library's script makes or asks it and sends the form; here is said what went wrong. */
(() => {
  "use strict";
  const problem = document.querySelector("[data-passkey-problem]");
  document.querySelectorAll("[data-passkey-form], #passkey").forEach((form) => {
    // The script sends the form itself when it has the key.
    form.addEventListener("submit", (event) => event.preventDefault());
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    if (problem) problem.hidden = false;
  });
  const beforeTheAnswer = { capture: true };
  document.addEventListener(
    "click",
    (event) => {
      if (problem && event.target.closest("#passkey-button")) problem.hidden = true;
    },
    beforeTheAnswer,
  );
})();
