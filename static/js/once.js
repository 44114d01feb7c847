// A form is sent once, until the answer has come; a button that starts something long says so meanwhile.
"use strict";

(() => {
  const ONCE = "form[data-once]";

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(ONCE)) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const says = event.submitter?.dataset.busy;
    if (says) form.querySelector(".busy").textContent = says;
  });
  // Coming back by the browser's own button, the form may be sent again; the server knows it by its token.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(ONCE)) {
      delete form.dataset.sent;
      const words = form.querySelector(".busy");
      if (words) words.textContent = "";
    }
  });
})();
