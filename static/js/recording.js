// A form is sent once: its buttons rest until the answer has come.
"use strict";

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
}
// Coming back by the browser's own button, the form may be sent again; the server knows it by its token.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// Most things are recorded on the day or on the day after: one touch for either.
const dayAgo = (days) => {
  const day = new Date();
  day.setDate(day.getDate() - days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};
for (const field of document.querySelectorAll("input[type=date][data-quick]")) {
  const buttons = document.createElement("div");
  buttons.className = "quick-days";
  for (const [words, days] of [["Today", 0], ["Yesterday", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = words;
    button.addEventListener("click", () => {
      field.value = dayAgo(days);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    buttons.append(button);
  }
  field.after(buttons);
}
