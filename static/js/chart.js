// Draw each chart of the page from the figure beside it, and open the child behind a dot or a bar.
"use strict";

const narrow = window.matchMedia("(max-width: 40rem)");
// Pixels that lie side by side on a sheet of paper.
const paperWidth = 680;
const options = { responsive: true, displaylogo: false, displayModeBar: false, locale: "en-GB" };
// The colours of figures, which are those of paper, and the names under which css/tokens.css has them for the dark.
const tokens = {
  "#ffffff": "--pace-paper",
  "#1b2733": "--pace-ink",
  "#52606d": "--pace-muted",
  "#e3e8ec": "--pace-grid",
  "#b8c2cc": "--pace-thread",
  "#0b5a8f": "--pace-link",
  "#00664c": "--pace-met",
  "#9a3b00": "--pace-missed",
  "#a31515": "--pace-overdue",
  "#7fb2d6": "--pace-waiting-bar",
  "#7a3b8f": "--pace-shift",
  "#b35900": "--pace-warning",
};

const coloured = (text) => {
  const now = getComputedStyle(document.documentElement);
  return text.replace(/#[0-9a-f]{6}/g, (colour) => (tokens[colour] ? now.getPropertyValue(tokens[colour]).trim() : colour));
};

for (const place of document.querySelectorAll("[data-figure]")) {
  const text = document.getElementById(place.dataset.figure).textContent;
  const draw = () => {
    const figure = JSON.parse(coloured(text));
    return Plotly.react(place, figure.data, narrow.matches ? figure.narrow : figure.layout, options);
  };
  // On paper the figure has its own colours, also where the screen is dark, and never reaches beyond the sheet.
  const drawForPaper = () => {
    const figure = JSON.parse(text);
    const size = { width: Math.min(paperWidth, place.clientWidth || paperWidth), height: place.clientHeight };
    return Plotly.react(place, figure.data, { ...figure.layout, ...size }, options);
  };
  window.addEventListener("beforeprint", drawForPaper);
  const fitted = { width: null, height: null, autosize: true };
  window.addEventListener("afterprint", () => draw().then(() => Plotly.relayout(place, fitted)));
  narrow.addEventListener("change", draw);
  document.addEventListener("pace:look", draw);
  draw().then(() => {
    place.dataset.drawn = "yes";
    place.on("plotly_clickannotation", (event) => {
      if (event.annotation.name) window.location.assign(event.annotation.name);
    });
    place.on("plotly_click", (event) => {
      const address = event.points[0].customdata;
      if (address) window.location.assign(address);
    });
  });
}
