// Forms: sent once, text areas that grow and count, drafts that outlive a reload.
"use strict";

// A form is sent once; empty filters stay out of the address.
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
function grow(area) { area.rows = Math.min(14, Math.max(Number(area.dataset.grow) || 2, area.value.split("\n").length)); }

// Lengths: how many characters a text area holds.
function tellLength(place, area) {
  const length = area.value.length;
  place.textContent = length ? `${length.toLocaleString("en")} character${length === 1 ? "" : "s"}` : "";
}

// Drafts: what is typed but not sent outlives a reload of its page, in this tab.
const draft = (area) => `draft:${location.pathname}#${area.id}`;
const keep = (area) => area.value ? sessionStorage.setItem(draft(area), area.value) : sessionStorage.removeItem(draft(area));
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-grow]")) grow(target);
  if (target.matches("[data-draft]")) keep(target);
  if (target.id) $$(`[data-length-of="${target.id}"]`).forEach((place) => tellLength(place, target));
});
document.addEventListener("submit", ({ target }) => $$("[data-draft]", target).forEach((area) => sessionStorage.removeItem(draft(area))));
$$("[data-draft]").forEach((area) => { area.value ||= sessionStorage.getItem(draft(area)) || ""; });
$$("[data-grow]").forEach(grow);
$$("[data-length-of]").forEach((place) => tellLength(place, document.getElementById(place.dataset.lengthOf)));
