// What pages do beyond links, forms and htmx; forms are in forms.js, keys in keyboard.js. Delegated events only; pages work without it.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// What the browser keeps of a page: words in this tab, choices for good. Where the storage is full or switched off, nothing is kept and everything else works.
const storage = (name) => ({
  get(key) { try { return window[name].getItem(key); } catch { return null; } },
  set(key, text) { try { window[name].setItem(key, text); return true; } catch { return false; } },
  drop(key) { try { window[name].removeItem(key); } catch { /* Nothing is kept there. */ } },
  keys() { try { return Object.keys(window[name]); } catch { return []; } },
});
const inTab = storage("sessionStorage"), inBrowser = storage("localStorage");
// What is typed is its writer's: it outlives a session that ends, but not signing out, and nobody else sees it.
const forgetWords = () => inTab.keys().forEach(inTab.drop);
const { person } = document.documentElement.dataset;
if (person && inTab.get("person") !== person) { forgetWords(); inTab.set("person", person); }
document.addEventListener("submit", ({ target }) => target.getAttribute("action")?.endsWith("/logout/") && forgetWords());

// Toasts: the server's HX-Trigger {"toast": {"text": …, "tone": …}} or a message in the page.
const marks = { ok: "check", warn: "warning", bad: "error", live: "clock" };
function toast({ text, tone = "quiet" }) {
  if ($$("#toasts .toast p").some((shown) => shown.textContent === text)) return;
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
// How much v0 waits for stands in the frame; what is swapped in, and a chat's events, tell it anew.
function tellWaiting(number) {
  const text = number.toLocaleString("en");
  for (const one of $$("[data-waiting]")) {
    one.hidden = !number;
    if (one.matches("a")) one.setAttribute("aria-label", `Inbox, ${text} waiting`);
    ($(".count", one) || one).textContent = text;
  }
}
document.addEventListener("htmx:after:swap", () => {
  const told = $("[data-waiting-now]");
  if (told) tellWaiting(Number(told.dataset.waitingNow));
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.error?.name !== "AbortError" && !event.target.closest?.("[data-poll]"))
    toast({ text: "The server could not be reached. Check the connection and try again.", tone: "bad" });
});
// A proxy's error page has no words for people, and never takes the place of a form.
document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
  const { response } = ctx;
  if (response.status === 413 && !response.headers.has("HX-Trigger") && !ctx.text.includes(`id="${ctx.target.id}"`)) {
    ctx.swap = "none";
    toast({ text: "That is too large to send. What you typed is still in the form; attach smaller files, or give their addresses.", tone: "bad" });
  }
  if (response.status >= 500 && !response.headers.has("HX-Trigger") && !target.closest?.("[data-poll]"))
    toast({ text: "The server could not answer. Nothing was lost; try again in a moment.", tone: "bad" });
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
  const unfolding = hit("[data-unfolds]");
  if (unfolding) unfolding.setAttribute("aria-expanded", unfolding.getAttribute("aria-expanded") !== "true");
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

// What is cut off is told in full to who points at it.
document.addEventListener("pointerover", ({ target }) => {
  const cut = target.closest?.(".truncate, .cell-title, .cell-sub, .clamp, .chat-title, .shot.said > span, .crumbs a");
  if (!cut || cut.closest("[title]")) return;
  if (cut.scrollWidth > cut.clientWidth || cut.scrollHeight > cut.clientHeight + 1) cut.title = cut.innerText.trim();
});

// Folded filters tell how many of them are set.
document.addEventListener("change", ({ target }) => {
  const filters = target.closest(".filters");
  const place = filters && $("[data-filters-set]", filters);
  if (!place) return;
  const set = $$(".filter-choices :is(select:not([name=sort]), [type=checkbox])", filters).filter((one) => one.type === "checkbox" ? one.checked : one.value);
  place.hidden = !set.length;
  place.firstElementChild.textContent = set.length;
});

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

// After a swap, counts are told again, and a dialog's first field, or else its first button, has the focus.
document.addEventListener("htmx:after:swap", () => {
  $$(".selectable").forEach(countSelected);
  const open = $("dialog[open]");
  if (open && (document.activeElement === open || !open.contains(document.activeElement)))
    ($("input:not([type=hidden]), select, textarea", open) || $(".btn", open))?.focus();
});
