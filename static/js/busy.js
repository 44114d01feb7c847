// Say that something takes its time, and take a form once.
"use strict";

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    if (button && button.dataset.busy) form.querySelector(".busy").textContent = button.dataset.busy;
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    const words = form.querySelector(".busy");
    if (words) words.textContent = "";
  }
});
