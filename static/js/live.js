// A chat's page while v0 writes: events change what has changed and nothing else, so that the reading position, what is selected and what is typed stay.
"use strict";

const LOOK_EVERY = 2000, TRY_AGAIN = 10000;
const list = () => $("#live[data-live]");
const box = $(".talk-scroll");
let events = null, polling = null, looking = null, again = null;

// The fresh node's content in the place of the old one's: text that goes on is added to the text that stands there.
function renew(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) {
    if (fresh.data.startsWith(old.data)) fresh.data.length > old.data.length && old.appendData(fresh.data.slice(old.data.length));
    else old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) return;
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  if (old.hasAttribute("hx-morph-skip-children")) return;
  const before = [...old.childNodes], after = [...fresh.childNodes];
  after.forEach((node, place) => (before[place] ? renew(before[place], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}

function place(message, id, html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.lastElementChild, old = document.getElementById(id);
  const parts = document.getElementById(`parts-${message}`);
  if (old) renew(old, fresh);
  else if (parts) parts.append(fresh);
  else return look();
  htmx.process(document.getElementById(id));
}

// Reading position: at the end it stays at the end; elsewhere what is read stays where it is. Positions are whole pixels, so
// what one lacks is made up for by the next: a long answer would else move what is read line by line.
let lacking = 0;
const isAtEnd = () => !box || box.scrollTop > -24;
function anchor() {
  if (isAtEnd()) return null;
  const edge = box.getBoundingClientRect().top;
  const shown = $$(".msg-head, .parts > *, .prose > *", box);
  const part = shown.find((one) => one.getBoundingClientRect().top >= edge);
  return part && { part, top: part.getBoundingClientRect().top - lacking };
}
function settle(found) {
  if (!found?.part.isConnected) return;
  box.scrollTop += Math.round(found.part.getBoundingClientRect().top - found.top);
  lacking = found.part.getBoundingClientRect().top - found.top;
  if (Math.abs(lacking) > 1) lacking = 0;
  $("#newer").hidden = isAtEnd();
}
box?.addEventListener("scroll", () => { if (isAtEnd()) $("#newer").hidden = true; }, { passive: true });
document.addEventListener("click", ({ target }) => { if (target.closest("#newer")) box.scrollTop = 0; });
let held = null;
document.addEventListener("htmx:before:swap", ({ target }) => { held = target.id === "live" ? anchor() : null; });
document.addEventListener("htmx:after:swap", () => { settle(held); held = null; tellAway(); nameTab(); });
// What people have unfolded stays so; morphing asks extensions only.
htmx.registerExtension("unfolded", { htmx_before_morph_attr: (node, { attrName }) => attrName !== "open" || !node.matches("details") });

// The browser's tab has the name that v0 finds for the chat.
function nameTab() {
  const named = $("#title")?.textContent, team = document.title.slice(document.title.lastIndexOf(" · "));
  if (named) document.title = named + team;
}

// Clocks go on between two looks.
setInterval(() => {
  for (const clock of $$("[data-since]")) {
    const seconds = Math.max(1, Math.round((Date.now() - Date.parse(clock.dataset.since)) / 1000));
    clock.textContent = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
}, 1000);

// What events cannot tell is asked for: the page looks at the chat. Many pages do not all do so in the same moment.
// It does so where it is now: the version and the tab that were chosen since stay.
function look() {
  looking ??= setTimeout(() => {
    looking = null;
    list()?.setAttribute("hx-get", location.pathname + location.search);
    if (list()) htmx.trigger(list(), "look");
  }, Math.random() * 300);
}
function poll(isAway) {
  if (isAway) polling ??= setInterval(() => list()?.hasAttribute("data-running") && look(), LOOK_EVERY);
  else polling = clearInterval(polling) ?? null;
  tellAway();
}
function tellAway() {
  const away = $("#away");
  if (away) away.hidden = !polling;
}

function hear({ data }) {
  const told = JSON.parse(data);
  if (told.over) { listen(false); return look(); }
  if (told.away) lost(); else poll(false);
  if (told.pieces) {
    const found = anchor();
    told.pieces.forEach(([id, html]) => place(told.message, id, html));
    settle(found);
    nameTab();
  }
  if ("waiting" in told) tellWaiting(told.waiting);
  if (told.look || (told.stamp && told.stamp !== list()?.dataset.stamp)) look();
}
function lost() {
  listen(false);
  poll(true);
  clearTimeout(again);
  again = setTimeout(() => listen(true), TRY_AGAIN);
}
function listen(wanted) {
  if (!wanted || document.hidden || !list()?.dataset.live) { events?.close(); events = null; return; }
  if (events) return;
  events = new EventSource(list().dataset.live);
  events.onmessage = hear;
  events.onerror = () => { if (events?.readyState === EventSource.CLOSED) lost(); else poll(true); };
}
// A browser keeps few connections to a server: pages that nobody looks at give theirs back.
document.addEventListener("visibilitychange", () => listen(true));
window.addEventListener("pagehide", () => listen(false));
window.addEventListener("pageshow", () => listen(true));
listen(true);
