// Twenty minutes without activity end a session: say so two minutes before, and keep what was typed.
"use strict";

(() => {
  const dialog = document.getElementById("session-warning");
  const KEPT = "pace-draft";
  const LONGEST = 8 * 60 * 60 * 1000;
  const { left: leftUrl, signIn, person } = dialog.dataset;
  const WARN_AT = Number(dialog.dataset.warn); // seconds before the end
  const words = dialog.querySelector(".left");
  const stay = dialog.querySelector(".stay");
  let endsAt = Date.now() + Number(dialog.dataset.seconds) * 1000;
  let asking = false;

  // What was typed, and of the hidden fields those that say which state of a record was seen, so that a change by
  // somebody else meanwhile is still noticed. The other hidden fields say which form it is.
  const NEVER = ["password", "file", "submit", "button", "reset", "image"];
  const OWN_TO_A_PAGE = ["csrfmiddlewaretoken", "typed_by", "token", "accepted", "next", "credential"];
  const STATE_SEEN = ["edition", "version", "seen", "was", "latest"];
  const fieldsOf = (form) => [...form.elements].filter(
    (field) => field.name && !NEVER.includes(field.type) && !OWN_TO_A_PAGE.includes(field.name),
  );
  const forms = () => [...document.querySelectorAll("main form[method=post], #content form[method=post]")];
  const stateOf = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    if (field.type === "select-multiple") return [...field.selectedOptions].map((option) => option.value);
    return field.value;
  };
  const typedIn = (form) => fieldsOf(form).map((field) => [field.name, field.type, field.value, stateOf(field)]);
  const here = location.pathname + location.search;
  let atFirst = "";
  const typed = () => JSON.stringify(forms().map(typedIn));

  const keep = () => {
    if (typed() === atFirst || forms().some((form) => form.querySelector("[type=password]"))) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ person, here, at: Date.now(), typed: forms().map(typedIn) }));
  };

  const restore = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    if (!kept) return;
    if (kept.person !== person || Date.now() - kept.at > LONGEST) return sessionStorage.removeItem(KEPT);
    if (kept.here !== here) return;
    sessionStorage.removeItem(KEPT);
    let brought = false;
    forms().forEach((form, index) => {
      const then = kept.typed[index] || [];
      const which = (typed) => JSON.stringify(
        typed.filter(([name, type]) => type === "hidden" && !STATE_SEEN.includes(name)),
      );
      if (which(then) !== which(typedIn(form))) return;
      for (const [name, type, value, state] of then) {
        const several = type === "checkbox" || type === "radio";
        const field = fieldsOf(form).find(
          (each) => each.name === name && each.type === type && (!several || each.value === value),
        );
        if (!field || JSON.stringify(stateOf(field)) === JSON.stringify(state)) continue;
        if (several) field.checked = state;
        else if (type === "select-multiple") for (const option of field.options) option.selected = state.includes(option.value);
        else field.value = state;
        brought ||= type !== "hidden";
      }
    });
    if (!brought) return;
    const note = document.createElement("div");
    note.className = "alert alert-info";
    note.setAttribute("role", "status");
    note.dataset.said = "yes";
    note.textContent = "What you had typed before you were signed out is back. It is not saved yet.";
    (document.querySelector("main") || document.getElementById("content")).prepend(note);
  };

  // An answer that leads elsewhere is the sign-in page: the session has ended.
  const ask = async (byItself) => {
    const headers = byItself ? { "PACE-By-Itself": "yes" } : {};
    const answer = await fetch(leftUrl, { headers, redirect: "manual" });
    if (answer.status >= 500) throw new Error(answer.statusText);
    return answer.ok ? (await answer.json()).seconds : 0;
  };

  const leave = () => {
    keep();
    location.assign(`${signIn}?next=${encodeURIComponent(here)}`);
  };

  const heed = (seconds) => {
    if (seconds <= 0) return leave();
    endsAt = Date.now() + seconds * 1000;
    if (seconds > WARN_AT && dialog.open) dialog.close();
  };

  const look = async () => {
    const left = (endsAt - Date.now()) / 1000;
    if (left > WARN_AT || asking) return;
    asking = true;
    try {
      // Another tab may have been used meanwhile: the server knows.
      heed(await ask(true));
      const now = Math.ceil((endsAt - Date.now()) / 1000);
      if (now > WARN_AT) return;
      words.textContent = now > 60 ? "2 minutes" : now > 30 ? "1 minute" : "a few seconds";
      if (!dialog.open) dialog.showModal();
    } catch {
      if (Date.now() > endsAt) leave(); // no answer: show nothing any more
    } finally {
      asking = false;
    }
  };

  stay.addEventListener("click", async () => {
    try {
      heed(await ask(false));
    } catch {
      words.textContent = "a few seconds, as the server does not answer";
    }
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay.click();
  });
  // What somebody else must not find: drafts go when their person does.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action$='/logout/'], [data-signs-out]")) sessionStorage.removeItem(KEPT);
    else if (Date.now() > endsAt) keep();
  });
  restore();
  atFirst = typed();
  setInterval(look, 10_000);
  document.addEventListener("visibilitychange", look);
})();
