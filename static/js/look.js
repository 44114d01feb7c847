// Light or dark: as the device says, unless the person chose on this device. Runs before the page is painted.
"use strict";

(() => {
  const page = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const key = "pace-look";
  // A browser that keeps nothing for sites says so by an exception.
  const kept = () => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  const keep = (choice) => { try { localStorage.setItem(key, choice); } catch { /* it holds for this page */ } };
  let choice = kept();

  const putOn = (look) => {
    if (page.dataset.bsTheme === look) return;
    page.dataset.bsTheme = look;
    document.dispatchEvent(new Event("pace:look"));
  };
  const asChosen = () => putOn(choice || (device.matches ? "dark" : "light"));

  asChosen();
  device.addEventListener("change", asChosen);
  // Paper is white.
  window.addEventListener("beforeprint", () => putOn("light"));
  window.addEventListener("afterprint", asChosen);

  document.addEventListener("DOMContentLoaded", () => {
    const asked = document.querySelector("[data-look]");
    if (!asked) return;
    const select = asked.querySelector("select");
    select.value = choice;
    select.addEventListener("change", () => {
      choice = select.value;
      keep(choice);
      asChosen();
    });
    asked.hidden = false;
  });
})();
