// Control and K (or Command and K) leads to the search from everywhere: with a modifier, so that nobody who dictates or
// types sets it off (WCAG 2.1.4).
"use strict";

(() => {
  const field = document.getElementById("site-search");
  if (!field) return;
  if (matchMedia("(hover: hover)").matches) field.placeholder += ` (${navigator.platform.startsWith("Mac") ? "\u2318" : "Ctrl+"}K)`;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
