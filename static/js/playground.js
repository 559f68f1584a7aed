// The playground: the answer while it is written, which can be stopped. Without this file it comes with the next page.
"use strict";

let call = null; // the one that is being answered

document.addEventListener("submit", (event) => {
  const form = event.target, { submitter } = event;
  if (!form.matches("[data-playground]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  release(form);
  const wish = submitter?.name === "more" ? submitter.value.split(" ")[0] : "send";
  if (wish === "anew") $("[data-answer]").replaceChildren(...nothing);
  ({ send: ask, turn: addTurn, drop: dropTurn, without: dropImage, anew: startOver })[wish](form, submitter);
}, true);
const nothing = [...$("[data-answer]").childNodes];

async function ask(form) {
  if (call) return;
  const panel = $("[data-answer]");
  const mine = call = { form, panel, earlier: $("[role=alert]", panel) ? nothing : [...panel.childNodes], stopper: new AbortController(), begun: performance.now(), first: "", follows: true };
  await attach(form);
  mine.fields = new FormData(form);
  mine.count = turnsOf(form).length;
  $$("[data-undo]", form).forEach((button) => button.parentElement.remove());
  $("[data-turns]", form).append(mine.place = document.createComment("the answer"));
  clearErrors(form);
  busy(true);
  panel.replaceChildren($("template[data-writing]").content.cloneNode(true));
  mine.text = $(".writing-text", panel);
  // Below the form, on a phone, it needs room to grow into sight.
  panel.scrollIntoView({ block: isBelow(panel) ? "start" : "nearest" });
  try {
    await follow(await post(mine.fields, mine.stopper.signal));
  } catch (error) {
    if (mine.stopper.signal.aborted) await stopped();
    else lost(error.sentence || "The answer did not arrive. It may have been written and charged; the history tells.");
  }
  call = null;
  busy(false);
}
function busy(is) {
  const { form, panel } = call || { form: $("[data-playground]"), panel: $("[data-answer]") };
  const button = $("button.main", form);
  panel.setAttribute("aria-busy", is);
  if (is) form.dataset.busy = "yes"; else delete form.dataset.busy;
  if (is) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
  if (is) button.setAttribute("aria-describedby", "send-why"); else button.removeAttribute("aria-describedby");
  renumber(form);
}
const post = (body, signal) => fetch(call.form.action, { method: "POST", body, signal, headers: { Accept: "text/event-stream", "HX-Request": "true", "HX-Target": "playground" } });

async function follow(answer) {
  const redirect = answer.headers.get("HX-Redirect");
  if (redirect) { keepForm(call.form); return void location.assign(redirect); }
  if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return refused(answer, await answer.text());
  const decoder = new TextDecoder();
  let rest = "", html = "";
  for (const reader = answer.body.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = lines.pop();
    for (const line of lines) {
      const told = JSON.parse(line.replace(/^data: /, ""));
      if (told.text) write(told.text);
      if (told.html) html = told.html;
    }
  }
  if (!html) throw new Error("cut off");
  finish(html);
}

// The form with what is wrong with it, or a sentence; somebody else's page (of a proxy) never takes the form's place.
function refused({ status, headers }, text) {
  if ([413, 422].includes(status) && text.includes('id="playground"')) return finish(text);
  const large = "That is too large to send. What you typed is still in the form; take smaller images.";
  const told = JSON.parse(headers.get("HX-Trigger") || "{}").toast?.text;
  throw Object.assign(new Error(status), { sentence: told || (status === 413 ? large : "") });
}

// The end of what is written stays in sight, unless the reader has scrolled away from it or works in the form.
const isBelow = (panel) => getComputedStyle(panel).position !== "sticky";
function hiddenBelow() {
  const { panel, text } = call, end = isBelow(panel) ? innerHeight - $(".writing-bar", panel).offsetHeight : panel.getBoundingClientRect().bottom;
  return text.getBoundingClientRect().bottom - end;
}
function write(piece) {
  const isSeen = hiddenBelow() <= 32;
  call.first ||= (performance.now() - call.begun) / 1000;
  call.text.append(piece);
  if (isSeen && call.follows && hiddenBelow() > 0) (isBelow(call.panel) ? document.scrollingElement : call.panel).scrollTop += hiddenBelow();
}
for (const kind of ["input", "focusin"])
  document.addEventListener(kind, ({ target }) => {
    if (call?.form.contains(target)) call.follows = false;
    if (call?.form.contains(target) && kind === "input") call.typed = true;
  });

// The answer joins the conversation behind what it answers. All else in the form stays as it is by now.
function finish(html) {
  const made = document.createRange().createContextualFragment(html).firstElementChild;
  const { form, panel, place, count } = call, working = document.activeElement;
  const wasReading = working === document.body || panel.contains(working) || (form.contains(working) && call.follows);
  // What is looked at stays where it is: the field that is written in, or the answer.
  const anchor = form.contains(working) && working.matches("textarea, input, select") && !call.follows ? working : isBelow(panel) && panel.getBoundingClientRect().top < innerHeight ? panel : $("h1");
  const before = anchor.getBoundingClientRect().top;
  $("[name=nonce]", form).value = $("[name=nonce]", made).value;
  const isRefused = $(isWrong, $("form", made)), turns = turnsOf(made), isFailed = isRefused || $("[data-answer] .notice[role=alert]", made);
  panel.replaceChildren(...(isRefused ? call.earlier : $("[data-answer]", made).childNodes));
  if (turns.length > count) joinTurns(place, turns.slice(count));
  place.remove();
  delete form.dataset.busy;
  tellSent(form);
  if (isFailed || call.typed) keepForm(form);
  renumber(form);
  if (isRefused) return tellErrors(form, $("form", made));
  scrollBy(0, anchor.getBoundingClientRect().top - before);
  if (wasReading) goOn(form, panel);
}
function joinTurns(place, [said, next]) {
  const isLast = !place.nextElementSibling;
  place.replaceWith(said, ...(isLast ? [next] : []));
  grow($("textarea", said));
}
// What is written next has the focus; on phones, where that would hide the answer behind a keyboard, the answer has.
function goOn(form, panel) {
  (isBelow(panel) ? panel : $("textarea", turnsOf(form).at(-1))).focus({ preventScroll: true });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-stop]");
  if (!button || !call) return;
  button.disabled = true;
  call.stopper.abort();
});
// Leaving ended it in v0, too. What had come stays, as the server shows answers.
async function stopped() {
  const { fields, first, begun, text } = call;
  const told = { more: "stopped", written: text.textContent, first, seconds: (performance.now() - begun) / 1000 };
  for (const [name, value] of Object.entries(told)) fields.set(name, value);
  try {
    const answer = await post(fields);
    if (!answer.ok) throw new Error(answer.status);
    finish(await answer.text());
  } catch {
    lost("You stopped this answer. What is written here is all that came; it may have been charged.");
  }
}
// Nothing more comes; what has come stays to be read.
function lost(sentence) {
  const { form, panel, place, text } = call;
  const notice = $("template[data-lost]").content.firstElementChild.cloneNode(true);
  $("p", notice).textContent = sentence;
  const body = Object.assign(document.createElement("div"), { className: "card-body stack" });
  body.append(notice, ...(text.textContent ? [text] : []));
  text.classList.remove("card-body");
  panel.replaceChildren(body);
  place.remove();
  keepForm(form);
  goOn(form, panel);
}
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-next]")) return;
  const next = $$(".playground .turn textarea").at(-1);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
});
