// Draw each chart of the page from the figure beside it, and open the child behind a dot or a bar.
"use strict";

for (const place of document.querySelectorAll("[data-figure]")) {
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const options = { responsive: true, displaylogo: false, displayModeBar: false, locale: "en-GB" };
  Plotly.newPlot(place, figure.data, figure.layout, options).then(() => {
    place.dataset.drawn = "yes";
    place.on("plotly_click", (event) => {
      const address = event.points[0].customdata;
      if (address) window.location.assign(address);
    });
  });
}
