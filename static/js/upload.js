// Say before sending what an upload lacks: a refused one has its files to be chosen again, and one that is refused for its
// size while it is sent looks like a lost connection. The server decides all the same.
"use strict";

const MEGABYTE = 1_000_000;
const FIVE_FILES = /^(children|episodes|placements|legal|events|identities)\.csv$/;
const inMegabytes = (bytes) => `${Math.ceil(bytes / MEGABYTE).toLocaleString("en-GB")} MB`;
const plain = (name) => name.trim().toLowerCase().replace(/\s+/g, " ");

for (const form of document.querySelectorAll("form[data-most-bytes]")) {
  const words = form.querySelector(".not-sent");
  const most = Number(form.dataset.mostBytes);
  const known = [...form.querySelectorAll("#known-sources option")].map((option) => plain(option.value));
  const chosen = () => [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);

  const tooLarge = () => {
    const size = chosen().reduce((sum, file) => sum + file.size, 0);
    return size > most
      ? `These files have ${inMegabytes(size)}, and at most ${inMegabytes(most)} can be sent at once. ${words.dataset.advice}`
      : "";
  };
  const lacking = () => {
    const source = plain(form.elements.source.value);
    if (!source && chosen().some((file) => !FIVE_FILES.test(file.name))) return words.dataset.noName;
    if (source && known.length && !known.includes(source) && !form.elements.whole.value) return words.dataset.notSaid;
    return "";
  };
  const say = (text) => {
    words.hidden = !text;
    words.textContent = text;
  };

  // Of its size an upload says so as soon as it is chosen; what is still to be filled in, only when it is sent.
  form.addEventListener("change", () => say(tooLarge()));
  form.addEventListener("submit", (event) => {
    say(tooLarge() || lacking());
    if (!words.hidden) {
      event.preventDefault();
      words.focus();
    }
  });
}
