// The file editor: line numbers beside the text, Ctrl+S saves, and what is typed is not lost by accident.
"use strict";

let typed = false;
function number(area) {
  const gutter = area.previousElementSibling;
  const lines = area.value.split("\n").length;
  if (gutter.childElementCount === lines) return;
  gutter.replaceChildren(...Array.from({ length: lines }, (_, at) => Object.assign(document.createElement("li"), { textContent: at + 1 })));
}
function begin() {
  for (const area of $$("[data-editor]")) {
    if (!area.previousElementSibling) {
      area.insertAdjacentHTML("beforebegin", '<ol class="gutter" aria-hidden="true"></ol>');
      area.addEventListener("scroll", () => { area.previousElementSibling.scrollTop = area.scrollTop; });
    }
    number(area);
  }
}
// What is typed outlives a reload and a sign-in, in this tab; so does the content that the edit began with, for what others save meanwhile is not to be overwritten unseen.
const editPlace = `edit:${location.pathname}${location.search}`;
const editFields = (form) => $$("[name=path], [name=began], [name=text]", form);
function keepEdit(form) {
  typed = true;
  keepWords(editPlace, JSON.stringify(editFields(form).map((field) => field.value))) || forgetEdit();
}
function forgetEdit() { inTab.drop(editPlace); }
function bringEdit(form) {
  const kept = JSON.parse(inTab.get(editPlace) || "[]"), fields = editFields(form);
  if (kept.length !== fields.length || fields.every((field, at) => field.value === kept[at])) return;
  fields.forEach((field, at) => { field.value = kept[at]; });
  typed = true;
  toast({ text: "What you had typed is back. It is not saved yet; Cancel drops it." });
}
document.addEventListener("input", ({ target }) => {
  if (!target.closest(".editor")) return;
  keepEdit(target.closest(".editor"));
  if (target.matches("[data-editor]")) number(target);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".editor");
  if (!form || event.key.toLowerCase() !== "s" || !(mac ? event.metaKey : event.ctrlKey)) return;
  event.preventDefault();
  form.requestSubmit($("button[type=submit]", form));
});
// While it is saved, and until the next page is there, nothing can be typed: it would not be saved, and be lost with this page.
function lock(form, isLocked) { editFields(form).forEach((field) => { field.readOnly = isLocked; }); }
document.addEventListener("submit", ({ target }) => { if (target.matches(".editor")) lock(target, true); });
document.addEventListener("htmx:finally:request", ({ target, detail }) => {
  const form = target.closest?.(".editor");
  if (form && !detail.ctx.response?.headers.get("HX-Redirect")) lock(form, false);
});
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) $$(".editor").forEach((form) => lock(form, false)); });
function done() { typed = false; forgetEdit(); }
document.addEventListener("sent", ({ target }) => { if (target.matches(".editor")) done(); });
document.addEventListener("click", ({ target }) => { if (target.closest("[data-leaves]")) done(); });
// Whoever has to sign in first finds it again, so nothing has to be confirmed.
document.addEventListener("htmx:after:request", ({ detail }) => {
  if (detail.ctx.response.headers.get("HX-Redirect") && inTab.get(editPlace)) typed = false;
});
document.addEventListener("htmx:after:swap", () => { if ($(".editor .errorlist, .editor .notice")) keepEdit($(".editor")); begin(); });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
$$(".editor").forEach(bringEdit);
begin();
