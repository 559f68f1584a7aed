// Keys without a pointer: search, moving through rows and links, going to areas. "?" lists them (components/shortcuts.html).
"use strict";

const typing = (element) => element.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const singleKeys = $("[data-single-keys]");
const spoken = { K: mac ? "⌘ K" : "Ctrl K", Enter: mac ? "⌘ Enter" : "Ctrl Enter" };
$$("[data-shortcut]").forEach((key) => { key.textContent = spoken[key.dataset.shortcut]; });
if (singleKeys) singleKeys.checked = inBrowser.get("singleKeys") !== "off";
singleKeys?.addEventListener("change", () => { inBrowser.set("singleKeys", singleKeys.checked ? "on" : "off"); });

function search() {
  const field = $("[data-search]");
  field?.focus();
  field?.select();
}

function move(step) {
  const links = $$("[data-row] a[data-row-link]");
  const at = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
  const next = links[Math.max(0, Math.min(links.length - 1, at + step))];
  next?.focus({ preventScroll: true });
  next?.closest("[data-row]").scrollIntoView({ block: "nearest" });
}

// "g" waits a moment for the letter of an area.
let going = 0;
const single = {
  "/": search,
  "?": () => $("#shortcuts")?.showModal(),
  c: () => $("[data-new-chat]")?.click(),
  g: () => { going = Date.now(); },
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest("[data-row]")?.querySelector("[data-row-check]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const command = mac ? event.metaKey : event.ctrlKey;
  if (event.key === "Escape") return closeMenus(), hush();
  if (command && event.key.toLowerCase() === "k") { event.preventDefault(); return search(); }
  // Enter in a line: the browser would press the form's first button, such as one that adds a row.
  const isLine = event.target.matches("[data-drafts] input:not([type=checkbox], [type=radio], [type=file])");
  if (event.key === "Enter" && event.target.name === "file_name") { event.preventDefault(); return $("textarea", event.target.closest(".file-row"))?.focus(); }
  if (event.key === "Enter" && !event.isComposing && (isLine || command && event.target.closest("textarea"))) { event.preventDefault(); return event.target.form && send(event.target.form); }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  if (!singleKeys?.checked) return;
  const area = Date.now() - going < 1500 && $(`[data-go="${CSS.escape(event.key)}"]`);
  going = 0;
  if (!area && !single[event.key]) return;
  event.preventDefault();
  if (area) area.click();
  else single[event.key]();
});

// A form is sent as its button would send it; where that cannot be used, its reason is told. Of several buttons none is guessed.
function send(form) {
  const why = $(".btn.main[aria-disabled=true]", form)?.getAttribute("aria-describedby");
  if (why) return toast({ text: document.getElementById(why).textContent, tone: "warn" });
  const ways = $$("button[type=submit][name=do]", form);
  if (ways.length > 1) return toast({ text: "Press the button that you mean.", tone: "warn" });
  const button = ways[0] || $("button.main[type=submit]:not([name])", form);
  if (button) button.click();
  else form.requestSubmit();
}

function closeMenus() {
  for (const menu of $$("details.menu[open]")) {
    menu.open = false;
    $("summary", menu).focus();
  }
}

// Escape takes the reason of a control that cannot be used away, till it is looked at anew.
function hush() {
  $$(".held:is(:hover, :focus-within)").forEach((held) => held.classList.add("hushed"));
}
for (const leaving of ["pointerout", "focusout"])
  document.addEventListener(leaving, ({ target }) => target.closest?.(".held")?.classList.remove("hushed"));

// Up and down move between the links of a list; in the list of versions they also show them.
document.addEventListener("keydown", (event) => {
  const list = ["ArrowUp", "ArrowDown"].includes(event.key) && event.target.closest?.("[data-arrows]");
  if (!list) return;
  const links = $$("a[href]", list).filter((link) => link.checkVisibility());
  const next = links[links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (next.closest(".rail")) next.click();
});

// What has the focus is often in what htmx replaces: the link or button that says the same there has it afterwards, or else the new part itself.
let left = null;
const says = (control) => control.getAttribute("aria-label") || control.textContent.trim();
document.addEventListener("htmx:before:swap", () => {
  const at = document.activeElement;
  left = at?.matches("a[href], button") ? { href: at.getAttribute("href"), words: says(at) } : null;
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const place = left && document.activeElement === document.body && document.getElementById(detail.ctx?.target?.id);
  if (!place) return;
  const alike = $$("a[href], button", place).filter((control) => says(control) === left.words);
  const same = alike.find((control) => control.getAttribute("href") === left.href) || alike[0];
  if (!same) place.tabIndex = -1;
  (same || place).focus({ preventScroll: true });
});

// In a list that scrolls by itself, what is open now is in sight when the list is first seen.
const seen = new WeakSet();
function showOpen() {
  for (const one of $$("[data-arrows] [aria-current]")) {
    const list = one.closest("[data-arrows]");
    if (seen.has(list) || !list.checkVisibility()) continue;
    seen.add(list);
    for (const box of [list, list.closest(".rail")].filter(Boolean)) {
      const [at, of] = [one, box].map((element) => element.getBoundingClientRect());
      if (at.top < of.top || at.bottom > of.bottom) box.scrollTop += at.top - of.top - (of.height - at.height) / 2;
      if (at.left < of.left || at.right > of.right) box.scrollLeft += at.left - of.left - (of.width - at.width) / 2;
    }
  }
}
showOpen();
document.addEventListener("htmx:after:swap", showOpen);
document.addEventListener("change", ({ target }) => { if (target.name === "zone") showOpen(); });
document.addEventListener("click", ({ target }) => { if (target.closest("[data-shows]")) showOpen(); });
