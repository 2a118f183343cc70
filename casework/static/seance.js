// A séance under way: each change is sent at once, kept in memory until the server has it, and in
// no storage of the browser. Without this file, « Enregistrer » does the same.
"use strict";

const KEPT_TYPING = 900; // milliseconds without a key before what is typed leaves
const RETRY = [1000, 2000, 4000, 8000]; // then every eight seconds, for as long as the page lives

const mark = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// --- Saved, or not: the line under the form never lies -----------------------------------------

function autosave(form) {
  const said = form.querySelector("[data-saved]");
  const rank = form.querySelector("[name=rang]");
  let timer = 0;      // a save is planned
  let sending = null; // the save under way
  let pending = null; // what left and was not answered: sent again, word for word, under its mark
  let dirty = false;  // something changed since what was last sent
  let stopped = false;
  let failures = 0;

  const say = (text, bad) => {
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("save-bad", Boolean(bad));
  };
  const collect = () => {
    const words = new FormData(form);
    words.set("envoi", mark());
    return words;
  };
  const plan = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => { send(); }, delay);
  };

  const attempt = async () => {
    if (!pending) {
      pending = collect();
      dirty = false;
    }
    pending.set("rang", rank.value);
    say("Enregistrement…");
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: pending,
        headers: { Accept: "application/json" },
        redirect: "manual",
        cache: "no-store",
      });
    } catch {
      return again("Non enregistré : connexion perdue, nouvel essai…");
    }
    if (answer.type === "opaqueredirect" || [400, 401].includes(answer.status)) {
      return again("Non enregistré : votre session est fermée. Reconnectez-vous dans un autre onglet : ce que vous avez saisi est encore ici.");
    }
    if (answer.status >= 500) return again("Non enregistré : le serveur ne répond pas, nouvel essai…");
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      rank.value = told.rang;
      pending = null;
      failures = 0;
      if (!dirty) say(`Enregistré à ${told.heure}`);
      return true;
    }
    pending = null;
    dirty = true;
    stopped = Boolean(told.conflit) || answer.status === 403 || answer.status === 409;
    say(`Non enregistré : ${(told.erreurs || ["l’accès à cette situation vous est fermé."]).join(" ")}`, true);
    return false;
  };
  const again = (text) => {
    say(text, true);
    plan(RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
    return false;
  };
  // One at a time, in order: a later change never overtakes an earlier one.
  const send = async () => {
    clearTimeout(timer);
    timer = 0;
    if (sending) {
      await sending;
      return dirty || pending ? send() : true;
    }
    if (stopped || (!dirty && !pending)) return !dirty;
    sending = attempt();
    const kept = await sending;
    sending = null;
    if (kept && dirty && !timer) plan(0);
    return kept && !dirty;
  };
  const changed = (delay) => {
    dirty = true;
    if (!stopped && !failures) say("Pas encore enregistré…");
    if (!failures) plan(delay);
  };

  form.addEventListener("input", (event) =>
    changed(["radio", "checkbox", "select-one"].includes(event.target.type) ? 0 : KEPT_TYPING));
  form.addEventListener("change", () => { if (dirty) changed(0); });
  addEventListener("online", () => { if (failures) plan(0); });
  form.addEventListener("submit", () => { dirty = false; pending = null; clearTimeout(timer); });
  addEventListener("beforeunload", (event) => { if (dirty || pending) event.preventDefault(); });
  return async () => {
    while (dirty || pending) if (!(await send())) return false;
    return true;
  };
}

// --- From one situation to the next: by key or by link, once all is saved -----------------------

function moveAround(saved) {
  const links = [...document.querySelectorAll("a[data-key]")];
  const go = async (link) => {
    if (await saved()) location.href = link.href;
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(link);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const wanted = event.shiftKey && event.code === "KeyP" ? "P" : event.shiftKey ? "" : event.key;
    const link = links.find((one) => one.dataset.key === wanted);
    if (!link) return;
    event.preventDefault();
    go(link);
  });
  for (const told of document.querySelectorAll("[data-keys]")) told.hidden = false;
}

function showClock() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const since = Date.now();
  const tick = () => {
    const minutes = Math.floor((Date.now() - since) / 60000);
    const hour = new Date().toLocaleTimeString("fr-FR", { timeZone: "Europe/Paris", hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");
    clock.textContent = minutes ? `${hour} · ${minutes} min sur cette situation` : hour;
  };
  clock.hidden = false;
  tick();
  setInterval(tick, 10000);
}

// --- The agenda in order: buttons that move a row and number it --------------------------------

function orderAgenda() {
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const kept = () => rows().filter((row) => row.querySelector("[type=checkbox]").checked);
  const number = () => {
    for (const row of rows()) row.querySelector(".input-rank").value = "";
    kept().forEach((row, place) => { row.querySelector(".input-rank").value = place + 1; });
  };
  const said = document.querySelector("[data-moved]");
  for (const row of rows()) {
    const slot = row.querySelector("[data-move]");
    for (const [sign, word, step] of [["↑", "Monter", -1], ["↓", "Descendre", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-quiet button-small";
      button.textContent = sign;
      button.setAttribute("aria-label", `${word} ${slot.dataset.move}`);
      button.addEventListener("click", () => {
        const order = kept();
        const other = order[order.indexOf(row) + step];
        if (!order.includes(row) || !other) return;
        if (step < 0) other.before(row); else other.after(row);
        number();
        button.focus();
        said.textContent = `${slot.dataset.move}, rang ${kept().indexOf(row) + 1}`;
        row.closest("form").dispatchEvent(new Event("input"));
      });
      slot.append(button, " ");
    }
    row.querySelector("[type=checkbox]").addEventListener("change", number);
  }
}

const examined = document.querySelector("form[data-autosave]");
moveAround(examined ? autosave(examined) : async () => true);
showClock();
orderAgenda();
