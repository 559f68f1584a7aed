// The playground: the answer while it is written. Without this file it comes with the next page.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-playground]") || event.submitter?.name === "more") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.dataset.busy) ask(form);
}, true);

async function ask(form) {
  const button = $("button.main", form);
  const place = $("[data-answer]");
  form.dataset.busy = "yes";
  button.disabled = true;
  const text = document.createElement("p");
  text.className = "card-body writing-text";
  const wait = document.createElement("progress");
  wait.className = "progress";
  wait.setAttribute("aria-label", "The model is writing");
  place.replaceChildren(wait, text);
  place.setAttribute("aria-busy", "true");
  // Below the form, on a phone, it needs room to grow into sight.
  place.scrollIntoView({ block: place.getBoundingClientRect().top > $("#playground").getBoundingClientRect().top ? "start" : "nearest" });
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/event-stream", "HX-Request": "true", "HX-Target": "playground" } });
    if (answer.headers.get("HX-Redirect")) return void location.assign(answer.headers.get("HX-Redirect"));
    if (answer.headers.get("Content-Type")?.startsWith("text/event-stream")) await follow(answer.body, text);
    else refused(answer, await answer.text());
  } catch (error) {
    const lost = "The answer did not arrive. It may have been written and charged; the history tells.";
    toast({ text: error.sentence || lost, tone: "bad" });
    place.setAttribute("aria-busy", "false");
    wait.remove();
    button.disabled = false;
  }
  delete form.dataset.busy;
}

// The form with what is wrong with it, or a sentence; somebody else's page (of a proxy) never takes the form's place.
function refused({ status, headers }, text) {
  if ([413, 422].includes(status) && text.includes('id="playground"')) return show(text);
  const large = "That is too large to send. What you typed is still in the form; take smaller images.";
  const told = JSON.parse(headers.get("HX-Trigger") || "{}").toast?.text;
  throw Object.assign(new Error(status), { sentence: told || (status === 413 ? large : "") });
}

async function follow(body, text) {
  const decoder = new TextDecoder();
  let rest = "", shown = false;
  for (const reader = body.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = lines.pop();
    for (const line of lines) {
      const told = JSON.parse(line.replace(/^data: /, ""));
      if (told.text) text.append(told.text);
      if (told.html) { show(told.html); shown = true; }
    }
  }
  if (!shown) throw new Error("cut off");
}

function show(html) {
  const made = document.createRange().createContextualFragment(html).firstElementChild;
  const isRefused = $(".errorlist, [role=alert]", made);
  tellSent($("[data-playground]"));
  $("#playground").replaceWith(made);
  if (isRefused) keepForm($("[data-playground]", made));
  htmx.process(made);
  $$("[name=text]", made).at(-1).focus({ preventScroll: true });
}

// A draft may have more messages than the page that brings it back.
function bringTurns(form) {
  const draft = JSON.parse(inTab.get(draftPlace()) || "[]").filter(([name]) => name === "text");
  for (let turns = $$(".turn", form); turns.length < draft.length; turns = $$(".turn", form)) another(turns.at(-1), turns.length + 1);
  bringBack(form);
  unfold(form);
  $$("[data-grow]", form).forEach(grow);
}
$$("[data-playground]").forEach(bringTurns);

// Another message was added: it is written next.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.target.id === "playground" && detail.ctx.response.status === 200) $$("[name=text]").at(-1).focus();
});
