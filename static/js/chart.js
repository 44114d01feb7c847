// Draw each chart of the page from the figure beside it, and open the child behind a dot or a bar.
"use strict";

const narrow = window.matchMedia("(max-width: 40rem)");
const options = { responsive: true, displaylogo: false, displayModeBar: false, locale: "en-GB" };

for (const place of document.querySelectorAll("[data-figure]")) {
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const draw = () => Plotly.react(place, figure.data, narrow.matches ? figure.narrow : figure.layout, options);
  narrow.addEventListener("change", draw);
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
