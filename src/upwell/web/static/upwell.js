// What pages do beyond links and forms. Everything works without this file; with it, drafts save themselves.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- drafts: saved two seconds after the typing stops, tried again every ten until the server answers
const QUIET = 2000, AGAIN = 10000;
const { notSaved, lockAddress, lockMinutes } = document.body.dataset;
const drafts = all("form[data-autosave]").map((form) => {
  const shown = $("[data-saved]", form);
  let timer = 0, isDirty = false, saving = null;
  const say = (words, failed) => { shown.textContent = words; shown.classList.toggle("failed", failed); };
  const plan = (wait, byItself) => { clearTimeout(timer); timer = setTimeout(save, wait, byItself); };

  async function send(byItself) {
    const headers = { Accept: "application/json" };
    if (byItself) headers["X-Upwell-Background"] = "1"; // no sign that anybody is there
    const sent = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers, redirect: "error" });
    const told = await sent.json();
    if (!sent.ok) throw new Error(told.words);
    form.elements.form_key.value = told.form_key;
    form.elements.version.value = told.version;
    history.replaceState(history.state, "", `${location.pathname}?draft=${told.form_key}`);
    say(told.words, false);
  }

  async function save(byItself) {
    if (saving) await saving; // one at a time: the next one goes on from the version that comes back
    if (!isDirty) return true;
    isDirty = false;
    saving = send(byItself).then(() => true, () => {
      isDirty = true;
      say(notSaved, true);
      plan(AGAIN, true);
      return false;
    }).finally(() => { saving = null; });
    return saving;
  }

  form.addEventListener("input", () => { isDirty = true; plan(QUIET, false); });
  form.addEventListener("submit", () => { clearTimeout(timer); isDirty = false; });
  return save;
});

// --- keys: single ones can be switched off; Ctrl+Enter saves what is being written
const isOff = () => localStorage.getItem("keys") === "off";
const isWriting = (element) => element.closest("input, textarea, select, [contenteditable], dialog") !== null;
const help = $("#keys");

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = event.target.form && $("[data-save]", event.target.form);
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isWriting(event.target)) return;
  if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
  const wanted = /^[a-z/]$/.test(event.key) && $(`[data-key="${event.key}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input")) wanted.focus(); else wanted.click();
});
all("[data-opens]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => $(`#${button.dataset.opens}`).showModal());
});
all("[data-keys-off]").forEach((box) => {
  box.checked = isOff();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "off" : "on"));
});

// --- the idle screen: drafts first, then the lock page, which leads back here. What cannot be saved keeps the page.
if (lockMinutes && lockAddress) {
  let seen = Date.now();
  const note = () => { seen = Date.now(); };
  for (const sign of ["keydown", "pointerdown", "scroll"]) document.addEventListener(sign, note, { passive: true });
  setInterval(async () => {
    if (Date.now() - seen < lockMinutes * 60000) return;
    const kept = await Promise.all(drafts.map((save) => save(true)));
    if (kept.every(Boolean)) location.replace(`${lockAddress}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }, 5000);
}

// --- quick exit: this page leaves the history too
all("a[data-leave]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(link.href);
}));

// --- two steps: the first press says what the second will do
all("form[data-confirm]").forEach((form) => form.addEventListener("submit", (event) => {
  if (form.dataset.confirmed) return;
  event.preventDefault();
  form.dataset.confirmed = "1";
  (event.submitter || $("button", form)).textContent = form.dataset.confirm;
}));

// --- where to look: the summary of errors; the menu lies open where there is room
$("#errors")?.focus();
if (matchMedia("(min-width: 64rem)").matches) all("details[data-menu]").forEach((menu) => { menu.open = true; });
