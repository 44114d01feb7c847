// Say before sending that files are too large: what is refused while it is sent looks like a lost connection.
"use strict";

const MEGABYTE = 1_000_000;
const inMegabytes = (bytes) => `${Math.ceil(bytes / MEGABYTE).toLocaleString("en-GB")} MB`;

for (const form of document.querySelectorAll("form[data-most-bytes]")) {
  const most = Number(form.dataset.mostBytes);
  const words = form.querySelector(".too-large");
  const sizeOf = () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    return files.reduce((sum, file) => sum + file.size, 0);
  };
  const check = () => {
    const size = sizeOf();
    words.hidden = size <= most;
    words.textContent = words.hidden
      ? ""
      : `These files have ${inMegabytes(size)}, and at most ${inMegabytes(most)} can be sent at once. ${words.dataset.advice}`;
    return words.hidden;
  };
  form.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    if (!check()) {
      event.preventDefault();
      words.focus();
    }
  });
}
