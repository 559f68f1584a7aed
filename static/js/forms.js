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
// A page that "Back" shows as it was: its forms can be sent again, and count as new ones.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  $$(".htmx-request").forEach((part) => part.classList.remove("htmx-request"));
  $$("form").forEach(release);
  $$("form input[name=nonce]").forEach((field) => { field.value = onItsWay(field.form).nonce || nonce(); });
});
// A prompt that is on its way when its page is left keeps its nonce: brought back and sent again, it is the same one. Other words are another prompt.
const noncePlace = (form) => `nonce:${form.getAttribute("action")}`;
const nonceOf = (form) => form?.matches("[data-drafts][hx-post]") && $("input[name=nonce]", form);
const onItsWay = (form) => JSON.parse(inTab.get(noncePlace(form)) || "{}");
document.addEventListener("submit", ({ target }) => {
  const field = nonceOf(target), words = field && $$("[data-draft]", target).map(({ value }) => value).join("\n");
  if (!field) return;
  const before = onItsWay(target);
  if (before.nonce === field.value && before.words !== words) field.value = nonce();
  inTab.set(noncePlace(target), JSON.stringify({ nonce: field.value, words }));
}, true);
document.addEventListener("htmx:after:request", ({ target }) => nonceOf(target.closest?.("form")) && inTab.drop(noncePlace(target.closest("form"))));
const nonce = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
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
const keep = (area) => area.value || area.defaultValue ? keepWords(draft(area), area.value) : inTab.drop(draft(area));
// Words come before chosen files (of prompts.js), of which the names are left where there is no room for both.
function keepWords(place, words) {
  if (inTab.set(place, words)) return true;
  for (const key of inTab.keys().filter((key) => key.startsWith("files:"))) inTab.set(key, JSON.stringify(JSON.parse(inTab.get(key)).map(({ name }) => ({ name }))));
  return inTab.set(place, words);
}
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-grow]")) grow(target);
  if (target.matches("[data-draft]")) keep(target);
  if (target.id) $$(`[data-length-of="${target.id}"]`).forEach((place) => tellLength(place, target));
});
// They are forgotten once the server has taken them: it leads elsewhere then, and not to the sign-in page. "sent" tells other scripts.
document.addEventListener("sent", ({ target }) => $$("[data-draft]", target).forEach((area) => inTab.drop(draft(area))));
const tellSent = (form) => form?.dispatchEvent(new Event("sent", { bubbles: true }));
document.addEventListener("submit", ({ target }) => target.hasAttribute("hx-post") || tellSent(target.dataset.drops ? $(target.dataset.drops) : target));
document.addEventListener("htmx:after:request", ({ target, detail }) => {
  const next = detail.ctx.response.headers.get("HX-Redirect");
  if (next && !next.startsWith("/accounts/")) tellSent(target.closest?.("form"));
});

// A refused form: what is wrong first is in sight, and its field has the focus.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const place = detail.ctx?.response?.status >= 400 && document.getElementById(detail.ctx.target.id);
  const wrong = place && $(".errorlist:not([hidden]), .notice[role=alert]", place);
  if (!wrong) return;
  $("input:not([type=hidden]), select, textarea", wrong.closest(".field, .compose-box") || place)?.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
});
// A draft fills in what is empty; of [data-draft=newest] it is newer than what the page came with.
function recall() {
  $$("[data-draft]").forEach((area) => {
    const kept = inTab.get(draft(area));
    if (kept !== null && (!area.value || area.dataset.draft === "newest")) area.value = kept;
    const unsent = area.closest(".compose-unsent");
    if (unsent) unsent.hidden = !area.value;
  });
  $$("[data-grow]").forEach(grow);
  $$("[data-length-of]").forEach((place) => tellLength(place, document.getElementById(place.dataset.lengthOf)));
}
$$("[data-draft]").forEach((area) => { if (area.value !== area.defaultValue) keep(area); }); // typed before this ran
for (const form of $$("[data-drafts]").filter(nonceOf)) {
  const { nonce: kept } = onItsWay(form), isFresh = !$$("[data-draft]", form).some((area) => area.defaultValue);
  if (kept && isFresh) nonceOf(form).value = kept;
}
recall();
document.addEventListener("htmx:after:swap", recall);
