// Progressive enhancement only: every page does its whole job without this file.
// Under a strict Content-Security-Policy: no inline style, no inline script, no evaluation.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function isTyping(target) {
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

// --- Unsaved changes: nothing typed is ever lost ------------------------------------------

let unsaved = false;
let typing = null; // the form being typed in

function guardForms() {
  for (const form of all("form[data-guard]")) {
    form.addEventListener("input", () => { unsaved = true; typing = form; });
    form.addEventListener("submit", () => { unsaved = false; });
  }
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

// --- Long lists of boxes: all, or none, where the page asks for it: a confirmation is one by one

const MANY_BOXES = 5;

function tickAll() {
  for (const list of all("[data-tick-all] fieldset.choices")) {
    const boxes = all("input[type=checkbox]", list);
    if (boxes.length < MANY_BOXES) continue;
    const button = element("button", "button button-quiet button-small tick-all");
    button.type = "button";
    const name = () => {
      button.textContent = boxes.every((box) => box.checked) ? "Tout décocher" : "Tout cocher";
    };
    button.addEventListener("click", () => {
      const ticked = !boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = ticked;
      list.dispatchEvent(new Event("input", { bubbles: true }));
      name();
    });
    list.addEventListener("change", name);
    name();
    list.querySelector(".choices-list").before(button);
  }
}

// --- An idle page blurs, then locks ---------------------------------------------------------

const ACTIVITY = "casework.activity";

// Shared between tabs: work in one must not lock the other. Holds a time, nothing else.
function lastActivity() {
  return Number(localStorage.getItem(ACTIVITY)) || 0;
}

// The session is closed first, then the form is sent: nobody is signed in any more, so the server
// saves nothing and answers with the sign-in page, which carries what was typed.
async function lock(signOut) {
  if (!unsaved) return signOut?.submit();
  try {
    const closed = await fetch(signOut.action, { method: "POST", body: new FormData(signOut) });
    if (!closed.ok) throw new Error("the session is still open");
    unsaved = false;
    typing.submit();
  } catch {
    unsaved = false;
    signOut.submit();
  }
}

function watchIdleness() {
  const { signedIn, idleBlur, idleLock } = document.body.dataset;
  if (signedIn === undefined) return;

  const veil = element("dialog", "veil");
  veil.setAttribute("aria-labelledby", "voile-titre");
  const title = element("h2", "", "Page voilée");
  title.id = "voile-titre";
  const resume = element("button", "button button-quiet", "Reprendre la lecture");
  resume.type = "button";
  veil.append(title, element("p", "", "Personne n’a touché cette page depuis un moment : elle se cache aux regards de passage."), resume);
  document.body.append(veil);

  let written = 0;
  const noteActivity = () => {
    const now = Date.now();
    if (veil.open || now - written < 1000) return;
    written = now;
    localStorage.setItem(ACTIVITY, String(now));
  };
  // A mouse brushed in passing does not lift the veil: only this button does (or Escape).
  resume.addEventListener("click", () => veil.close());
  veil.addEventListener("close", () => {
    document.body.classList.remove("veiled");
    noteActivity();
  });
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) {
    addEventListener(kind, noteActivity, { passive: true });
  }
  noteActivity();

  // A clock rather than a timer: after a computer's sleep, the true elapsed time counts.
  const check = () => {
    const idle = (Date.now() - lastActivity()) / 1000;
    if (idle >= Number(idleLock)) {
      clearInterval(clock);
      lock(document.getElementById("deconnexion"));
    } else if (idle >= Number(idleBlur) && !veil.open) {
      document.body.classList.add("veiled");
      veil.showModal();
    }
  };
  const clock = setInterval(check, 1000);
  document.addEventListener("visibilitychange", check);
  // A page brought back by the browser's "Back" after signing out must be asked for again.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// --- "/" goes to the search field; the reader may switch it off (RGAA 12.10) ----------------

const SHORTCUT = "casework.shortcut";

function addSearchShortcut() {
  const field = document.querySelector("[data-search]");
  if (!field) return;
  const toggle = element("button", "button button-quiet button-small");
  toggle.type = "button";
  const isOn = () => localStorage.getItem(SHORTCUT) !== "off";
  const show = () => { toggle.textContent = isOn() ? "Raccourci « / » : désactiver" : "Raccourci « / » vers la recherche : activer"; };
  toggle.addEventListener("click", () => {
    localStorage.setItem(SHORTCUT, isOn() ? "off" : "on");
    show();
  });
  show();
  document.querySelector(".footer-links")?.append(element("li"));
  document.querySelector(".footer-links > li:last-child")?.append(toggle);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !isOn() || isTyping(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

// --- Small helps ------------------------------------------------------------------------------

// 21112026 becomes 21/11/2026: many phones offer no slash on their number pad.
function completeDates() {
  for (const input of all("input[data-date]")) {
    input.addEventListener("change", () => {
      input.value = input.value.trim().replace(/^(\d{2})[ .-]?(\d{2})[ .-]?(\d{4})$/, "$1/$2/$3");
    });
  }
}

function addCopyButtons() {
  if (!navigator.clipboard) return;
  for (const code of all("[data-copy]")) {
    const button = element("button", "button button-quiet button-small", "Copier");
    button.type = "button";
    const said = element("span", "save-state");
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent.trim());
        said.textContent = "Copié";
      } catch {
        said.textContent = "La copie est refusée par le navigateur : sélectionnez le texte.";
      }
    });
    code.after(" ", button, " ", said);
  }
}

// The server renders every blank fieldset it accepts; here the empty ones fold behind a button.
function foldRepeats() {
  for (const box of all("[data-repeat]")) {
    const sets = all("fieldset", box).filter((set) => set.parentElement === box);
    const isEmpty = (set) => all("input, select, textarea", set).every((input) =>
      ["radio", "checkbox"].includes(input.type) ? !input.checked : ["", "0"].includes(input.value));
    const blank = sets.slice(1).filter(isEmpty);
    for (const set of blank) set.hidden = true;
    if (!blank.length) continue;
    const add = element("button", "button button-quiet", box.dataset.repeat || "Ajouter");
    add.type = "button";
    add.addEventListener("click", () => {
      const next = blank.shift();
      next.hidden = false;
      next.querySelector("input, select, textarea")?.focus();
      add.hidden = blank.length === 0;
    });
    box.append(add);
  }
}

// --- A long work goes on by itself, batch after batch, until it is done or paused -------------

function carryOn() {
  const form = document.querySelector("form[data-continue]");
  if (!form) return;
  const pause = element("button", "button button-quiet", "Mettre en pause");
  pause.type = "button";
  form.querySelector(".actions").append(pause);
  const main = form.querySelector("button");
  let paused = false;

  const next = async () => {
    if (paused) return;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [here, there] = [all("[data-work]"), all("[data-work]", page)];
    if (!answer.ok || !there.length || here.length !== there.length) {
      const whole = document.adoptNode(page.querySelector("main"));
      document.querySelector("main").replaceWith(whole);
      whole.focus();
      carryOn();
      return;
    }
    here.forEach((work, rank) => {
      work.querySelector("label").textContent = there[rank].querySelector("label").textContent;
      work.querySelector("progress").value = there[rank].querySelector("progress").value;
    });
    setTimeout(next, 50);
  };
  const start = () => next().catch(() => show(true)); // no network: the button stays
  const show = (stopped) => {
    paused = stopped;
    pause.hidden = stopped;
    main.hidden = !stopped;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(false);
    pause.focus();
    start();
  });
  pause.addEventListener("click", () => {
    show(true);
    main.focus();
  });
  show(false);
  start();
}

document.querySelector("[data-error-summary]")?.focus();
guardForms();
tickAll();
watchIdleness();
addSearchShortcut();
completeDates();
addCopyButtons();
foldRepeats();
carryOn();
