// What pages do beyond links, forms and htmx; the keys are in keyboard.js. Delegated events only; pages work without it.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (element) => element.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

// Toasts: the server's HX-Trigger {"toast": {"text": …, "tone": …}} or a message in the page.
const marks = { ok: "check", warn: "warning", bad: "error", live: "clock" };
function toast({ text, tone = "quiet" }) {
  const item = $("#toast").content.firstElementChild.cloneNode(true);
  item.dataset.tone = tone;
  $("p", item).textContent = text;
  const sprite = $("use", item).getAttribute("href").split("#")[0];
  $("use", item).setAttribute("href", `${sprite}#${marks[tone] || "info"}`);
  $("#toasts").append(item);
  fade(item);
}
const fade = (item) => item.dataset.tone !== "bad" && setTimeout(() => item.remove(), 6000);
$$("#toasts .toast").forEach(fade);
document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  toast({ text: "The passkey was not used. Try again, or choose another way.", tone: "bad" });
});
document.addEventListener("htmx:error", (event) => {
  $$("[data-draft]", event.target.closest?.("form") || document.body).forEach(keep);
  if (event.detail.error?.name !== "AbortError" && !event.target.closest?.("[data-poll]"))
    toast({ text: "The server could not be reached. Check the connection and try again.", tone: "bad" });
});

// Confirmation: links post their address, buttons are pressed again once the person has agreed.
const dialog = $("#confirm");
let asking = null;
document.addEventListener("click", (event) => {
  const source = event.target.closest("[data-confirm]");
  if (!source || event.ctrlKey || event.metaKey) return;
  if (source.dataset.agreed) return void delete source.dataset.agreed;
  event.preventDefault();
  event.stopImmediatePropagation();
  asking = source;
  $("#confirm-title").textContent = source.dataset.confirm;
  $("#confirm-text").textContent = source.dataset.confirmText || "";
  $("#confirm-go").textContent = source.dataset.confirmAction || "Go on";
  $("#confirm-go").classList.toggle("bad", source.dataset.tone === "bad");
  $("form", dialog).action = source.href || "";
  dialog.showModal();
}, true);
$("form", dialog).addEventListener("submit", (event) => {
  if (!asking || asking.href) return;
  event.preventDefault();
  dialog.close();
  asking.dataset.agreed = "yes";
  asking.click();
});

// One click listener for the small controls.
document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (hit("[data-dismiss]")) hit(".toast, .notice").remove();
  const closing = hit("[data-close-dialog]")?.closest("dialog");
  if (closing) { event.preventDefault(); closing.close(); }
  if (event.target.matches("dialog")) event.target.close();
  const opening = hit("[data-open-dialog]");
  if (opening) {
    event.preventDefault();
    hit("details.menu")?.removeAttribute("open");
    document.getElementById(opening.dataset.openDialog).showModal();
  }
  if (hit("[data-shows]")) document.getElementById(hit("[data-shows]").dataset.shows).checked = true;
  if (hit("[data-copy], [data-copy-from]")) copyText(hit("button"));
  if (hit("[data-theme-switch] button")) { event.preventDefault(); switchTheme(hit("button")); }
});
async function copyText(button) {
  await navigator.clipboard.writeText(button.dataset.copy || $(button.dataset.copyFrom)?.innerText || "");
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
  toast({ text: "Copied", tone: "ok" });
}
function switchTheme(button) {
  document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.dataset.theme = button.value;
  for (const other of $$("button", button.parentElement)) other.setAttribute("aria-pressed", other === button);
}

// Selection in lists: the head's box selects all, the bar counts, Shift selects a range.
let lastBox = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-row-check]");
  if (!box) return;
  if (event.shiftKey && lastBox?.isConnected) {
    const boxes = $$("[data-row-check]", box.closest(".selectable"));
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  lastBox = box;
});
document.addEventListener("change", ({ target }) => {
  const list = target.closest(".selectable");
  if (target.matches("[data-check-all]")) $$("[data-row-check]", list).forEach((box) => { box.checked = target.checked; });
  if (list) countSelected(list);
  if (target.matches("[data-submits]")) target.form.requestSubmit();
});
function countSelected(list) {
  const boxes = $$("[data-row-check]", list);
  const chosen = boxes.filter((box) => box.checked).length;
  $$("[data-selected-count]", list).forEach((place) => { place.textContent = chosen; });
  const all = $("[data-check-all]", list);
  if (all) [all.checked, all.indeterminate] = [chosen === boxes.length && chosen > 0, chosen > 0 && chosen < boxes.length];
}

// Forms: a form is sent once; empty filters stay out of the address; textareas grow.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || dialog.contains(form)) return;
  if (form.dataset.sent) { event.preventDefault(); return event.stopImmediatePropagation(); }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => { if (form.dataset.sent && event.submitter) event.submitter.disabled = true; });
}, true);
function release(form) {
  delete form.dataset.sent;
  $$("[aria-busy]", form).forEach((button) => { button.removeAttribute("aria-busy"); button.disabled = false; });
}
document.addEventListener("htmx:finally:request", ({ target }) => target.closest?.("form") && release(target.closest("form")));
window.addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(release); });
document.addEventListener("htmx:config:request", (event) => {
  const { method, body } = event.detail.ctx.request;
  if (method === "GET") for (const [name, value] of [...body]) if (value === "") body.delete(name);
});
document.addEventListener("htmx:after:swap", () => $$(".selectable").forEach(countSelected));
document.addEventListener("input", (event) => event.target.matches("[data-grow]") && grow(event.target));
function grow(area) { area.rows = Math.min(14, Math.max(Number(area.dataset.grow) || 2, area.value.split("\n").length)); }

// Lengths: how many characters a text area holds.
document.addEventListener("input", ({ target }) => target.id && $$(`[data-length-of="${target.id}"]`).forEach((place) => tellLength(place, target)));
function tellLength(place, area) {
  const length = area.value.length;
  place.textContent = length ? `${length.toLocaleString("en")} character${length === 1 ? "" : "s"}` : "";
}

// Drafts: what is typed but not sent outlives a reload of its page, in this tab.
const draft = (area) => `draft:${location.pathname}#${area.id}`;
const keep = (area) => area.value ? sessionStorage.setItem(draft(area), area.value) : sessionStorage.removeItem(draft(area));
document.addEventListener("input", ({ target }) => target.matches("[data-draft]") && keep(target));
document.addEventListener("submit", ({ target }) => $$("[data-draft]", target).forEach((area) => sessionStorage.removeItem(draft(area))));
$$("[data-draft]").forEach((area) => { area.value ||= sessionStorage.getItem(draft(area)) || ""; });
$$("[data-grow]").forEach(grow);
$$("[data-length-of]").forEach((place) => tellLength(place, document.getElementById(place.dataset.lengthOf)));
