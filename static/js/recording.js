// Most things are recorded on the day or on the day after: one touch for either.
"use strict";

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
