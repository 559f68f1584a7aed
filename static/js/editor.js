// The file editor: line numbers beside the text, Ctrl+S saves, and what is typed is not left by accident.
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
document.addEventListener("input", ({ target }) => {
  if (!target.closest(".editor")) return;
  typed = true;
  if (target.matches("[data-editor]")) number(target);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".editor");
  if (!form || event.key.toLowerCase() !== "s" || !(mac ? event.metaKey : event.ctrlKey)) return;
  event.preventDefault();
  form.requestSubmit($("button[type=submit]", form));
});
document.addEventListener("submit", ({ target }) => { if (target.matches(".editor")) typed = false; });
document.addEventListener("click", ({ target }) => { if (target.closest("[data-leaves]")) typed = false; });
document.addEventListener("htmx:after:swap", () => { if ($(".editor .errorlist, .editor .notice")) typed = true; begin(); });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
begin();
