// What the answer to a form says is met first: the focus goes there, and a page that refuses says so in its title too.
"use strict";

(() => {
  const main = document.getElementById("main");
  const refused = [...main.querySelectorAll("[role=alert]")].find((each) => each.textContent.trim() && !each.hidden);
  const said = refused || main.querySelector("[data-said]");
  if (refused) document.title = `Problem: ${document.title}`;
  // An address that names a place of the page leads there, and a field that is asked for by itself keeps the focus.
  if (!said || (!refused && (location.hash || document.activeElement !== document.body))) return;
  said.tabIndex = -1;
  said.focus();
  // Going to a place of the page takes the focus away once more when everything is there; whoever has gone on, stays.
  window.addEventListener("load", () => {
    if (refused && !document.activeElement.matches("a, button, input, select, textarea, summary")) said.focus();
  });
})();
