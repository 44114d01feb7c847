// Zoom and scroll of timelines. A wider class stretches the time axis; letters and shapes keep their size.
"use strict";

const STEP = 120;

for (const drawing of document.querySelectorAll("[data-timeline]")) {
  const region = drawing.closest(".timeline-scroll");
  const tools = document.querySelector(".zoom-tools");
  const level = tools.querySelector("[data-zoom-level]");
  const most = Number(drawing.dataset.zooms);
  let zoom = 1;

  const show = (wanted) => {
    const next = Math.min(most, Math.max(1, wanted));
    const middle = (region.scrollLeft + region.clientWidth / 2) / region.scrollWidth;
    drawing.classList.replace(`zoom-${zoom}`, `zoom-${next}`);
    zoom = next;
    region.scrollLeft = middle * region.scrollWidth - region.clientWidth / 2;
    level.textContent = `Zoom ${zoom} of ${most}`;
  };
  const act = {
    in: () => show(zoom + 1),
    out: () => show(zoom - 1),
    all: () => show(1),
    print: () => window.print(),
  };
  const keys = {
    "+": act.in,
    "=": act.in,
    "-": act.out,
    "0": act.all,
    ArrowLeft: () => region.scrollBy({ left: -STEP }),
    ArrowRight: () => region.scrollBy({ left: STEP }),
  };

  // On a narrow screen what is going on now is seen first; what went before lies to the left.
  const today = drawing.querySelector(".today");
  if (today) {
    const at = today.getBoundingClientRect().left - region.getBoundingClientRect().left;
    region.scrollLeft = at - region.clientWidth / 2;
  }

  tools.hidden = false;
  tools.addEventListener("click", (event) => act[event.target.dataset.zoom]?.());
  region.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
}
