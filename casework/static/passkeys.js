// Asks the browser for a passkey and puts its answer into a hidden field of the form.
// Without this file, a one-time code or a recovery code does the same.
"use strict";

const REFUSED = {
  NotAllowedError: "L’appareil n’a pas répondu, ou la demande a été abandonnée. Réessayez, ou employez un code.",
  InvalidStateError: "Cet appareil a déjà une clé d’accès pour ce compte.",
  NotSupportedError: "Cet appareil ne sait pas créer de clé d’accès de cette sorte.",
};
const UNANSWERED = "La clé d’accès n’a pas pu être employée. Réessayez, ou employez un code.";
const UNREACHABLE = "L’installation ne répond pas. Réessayez dans un instant.";
const FIRST = "Remplissez d’abord les champs obligatoires.";
const RELOAD = "Cette page est restée ouverte trop longtemps : rechargez-la, puis recommencez.";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// The question as the server writes it, in JSON, made of bytes where the browser wants bytes.
function understood({ publicKey }) {
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials || publicKey.allowCredentials || []) known.id = toBytes(known.id);
  return { publicKey };
}

function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return JSON.stringify({
    id: credential.id, rawId: credential.id, type: credential.type, response: Object.fromEntries(given),
  });
}

async function asked(button) {
  const { form, dataset } = button;
  const fields = new URLSearchParams(new FormData(form));
  const sent = dataset.sends === "all" ? fields : new URLSearchParams({ csrf_token: fields.get("csrf_token") });
  const answer = await fetch(dataset.question, { method: "POST", body: sent });
  if (answer.ok && answer.headers.get("Content-Type") === "application/json") return answer.json();
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
  throw new Error(plain ? await answer.text() : RELOAD);
}

async function answerWith(button) {
  const { form, dataset } = button;
  const said = button.parentElement.querySelector("[data-passkey-said]");
  const say = (sentence) => { said.textContent = sentence; button.disabled = false; };
  const empty = [...form.elements].find((field) => field.required && !field.value);
  if (empty) {
    empty.focus();
    return say(FIRST);
  }
  button.disabled = true;
  said.textContent = "";
  let question;
  try {
    question = understood(await asked(button));
  } catch (error) {
    return say(error instanceof TypeError ? UNREACHABLE : error.message);
  }
  try {
    const credential = await navigator.credentials[dataset.passkey](question);
    form.elements[dataset.into].value = written(credential);
  } catch (error) {
    return say(REFUSED[error.name] || UNANSWERED);
  }
  button.disabled = false;
  return form.submit();
}

for (const instead of document.querySelectorAll("[data-passkey-without]")) instead.hidden = true;
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => answerWith(button));
  }
} else {
  for (const said of document.querySelectorAll("[data-passkey-said]")) {
    said.textContent = "Ce navigateur ne connaît pas les clés d’accès : employez un code.";
  }
}
