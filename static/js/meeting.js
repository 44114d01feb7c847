// One slide at a time, by button or arrow key; full screen; and charts that fit the paper when printed.
"use strict";

const stage = document.getElementById("stage");
const slides = [...stage.querySelectorAll(".slide")];
const place = stage.querySelector(".stage-place");
// Paper is narrower than a screen, and its legend has more lines.
const PRINTED = { width: 700, height: 405, "margin.b": 160, "margin.l": 64 };
const PRINTED_LOWER = { ...PRINTED, width: 730, height: 330 };
const ON_SCREEN = { width: null, height: null, autosize: true, "margin.b": 130 };
let shown = Math.max(slides.findIndex((slide) => `#${slide.id}` === decodeURIComponent(location.hash)), 0);

const show = (number, { focus = true } = {}) => {
  shown = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, at) => slide.classList.toggle("is-shown", at === shown));
  place.textContent = `${slides[shown].dataset.title}, ${shown + 1} of ${slides.length}`;
  stage.querySelector("[data-stage=previous]").disabled = shown === 0;
  stage.querySelector("[data-stage=next]").disabled = shown === slides.length - 1;
  history.replaceState(null, "", `#${encodeURIComponent(slides[shown].id)}`);
  if (focus) slides[shown].focus({ preventScroll: true });
};

// The whole page goes full screen, with all but the stage hidden: an element of it would be one sheet when printed.
const fillScreen = () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
};
const asked = {
  previous: () => show(shown - 1, { focus: false }),
  next: () => show(shown + 1, { focus: false }),
  full: fillScreen,
};
const keys = {
  ArrowLeft: () => show(shown - 1),
  PageUp: () => show(shown - 1),
  ArrowRight: () => show(shown + 1),
  PageDown: () => show(shown + 1),
  Home: () => show(0),
  End: () => show(slides.length - 1),
  f: fillScreen,
  F: fillScreen,
};

for (const button of document.querySelectorAll("button[data-stage]")) {
  button.addEventListener("click", asked[button.dataset.stage]);
  button.hidden = button.dataset.stage === "full" && !document.fullscreenEnabled;
}
document.addEventListener("keydown", (event) => {
  const types = event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
  if (types || !(event.key in keys)) return;
  // A letter counts on the stage alone, so that nobody who dictates sets it off (WCAG 2.1.4).
  if (event.key.length === 1 && !stage.contains(event.target) && !document.fullscreenElement) return;
  event.preventDefault();
  keys[event.key]();
});

const resizeAll = (sizeOf) => {
  for (const chart of stage.querySelectorAll(".plot[data-drawn]")) Plotly.relayout(chart, sizeOf(chart));
};
const onPaper = (chart) => (chart.closest(".says-much") ? PRINTED_LOWER : PRINTED);
window.addEventListener("beforeprint", () => resizeAll(onPaper));
window.addEventListener("afterprint", () => resizeAll(() => ON_SCREEN));
document.addEventListener("fullscreenchange", () => {
  if (document.fullscreenElement) window.scrollTo(0, 0); // to the heading of the slide
  window.dispatchEvent(new Event("resize"));
});

document.body.classList.add("one-at-a-time");
stage.querySelector(".stage-bar").hidden = false;
document.querySelector(".needs-script").hidden = false;
show(shown, { focus: false });
