// Passkeys: the browser asks its person, and what it answers is sent with the form.
"use strict";

const NOT_USED = "No passkey was used. Try again, or choose another way.";

async function optionsFor(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function makePasskey(form) {
  const options = (await optionsFor(form)).creation_options;
  const selection = options.publicKey.authenticatorSelection;
  selection.residentKey = selection.userVerification = "required";
  selection.requireResidentKey = true;
  return window.webauthnJSON.create(options);
}

async function showPasskey(form) {
  return window.webauthnJSON.get((await optionsFor(form)).request_options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const words = form.querySelector(".field-error");
  button.addEventListener("click", async () => {
    words.textContent = "";
    button.disabled = true;
    try {
      const credential = await (form.dataset.passkey === "add" ? makePasskey(form) : showPasskey(form));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      words.textContent = NOT_USED;
      button.disabled = false;
      button.focus();
    }
  });
}
