// The playground's conversation, changed in place: messages and images come and go without a new page. Without this file the next page has them.
"use strict";

const turnsOf = (form) => $$(".turn", form);
const isUser = (turn) => $("select", turn).value === "user";
const isBlank = (turn) => !$("textarea", turn).value.trim() && !$("li", turn);

// Numbers in names and labels follow the order; the only message cannot be removed.
function renumber(form) {
  turnsOf(form).forEach((turn, at, all) => {
    const [who, label] = $$("label", turn), select = $("select", turn), area = $("textarea", turn), cross = $("[data-drop]", turn);
    [select.id, area.id] = [who.htmlFor, label.htmlFor] = [`role-${at + 1}`, `text-${at + 1}`];
    who.textContent = `Who says message ${at + 1}`;
    label.textContent = `Message ${at + 1}`;
    area.placeholder = at === all.length - 1 ? form.dataset.asks : "";
    cross.value = `drop ${at}`;
    cross.hidden = all.length === 1;
    cross.setAttribute("aria-label", `Remove message ${at + 1}`);
    $("ul", turn)?.setAttribute("aria-label", `Images of message ${at + 1}`);
    $$("li", turn).forEach((item, place) => {
      $("input", item).name = `image-${at}`;
      $("img", item).alt = `Image ${place + 1} of message ${at + 1}`;
      $("button", item).value = `without ${at} ${place}`;
      $("button", item).setAttribute("aria-label", `Remove image ${place + 1} of message ${at + 1}`);
    });
  });
  tellAnew(form);
}
// There is something to begin anew from.
function tellAnew(form) {
  $("[data-anew]", form).disabled = "busy" in form.dataset || (turnsOf(form).length === 1 && isBlank(turnsOf(form)[0]) && !$("[data-answer] .facts, [data-answer] .notice"));
}
function changed(form) {
  renumber(form);
  keepForm(form);
}

function emptyTurn(form, role) {
  const turn = turnsOf(form).at(-1).cloneNode(true);
  $("ul", turn)?.remove();
  $("select", turn).value = role;
  $("textarea", turn).value = "";
  for (const name of ["aria-invalid", "aria-describedby"]) $("textarea", turn).removeAttribute(name);
  grow($("textarea", turn));
  return turn;
}
async function addTurn(form) {
  await attach(form);
  const last = turnsOf(form).at(-1), comesAnswer = $("[data-turns]", form).lastChild.nodeType === Node.COMMENT_NODE;
  const turn = emptyTurn(form, isUser(last) && !comesAnswer ? "assistant" : "user");
  $("[data-turns]", form).append(turn);
  changed(form);
  $("textarea", turn).focus();
}

// What is removed can be brought back until the next answer.
function dropTurn(form, button) {
  const turn = button.closest(".turn"), number = turnsOf(form).indexOf(turn) + 1;
  const next = turn.nextElementSibling || turn.previousElementSibling;
  if (isBlank(turn)) turn.remove();
  else {
    const line = $("template[data-dropped]", form).content.firstElementChild.cloneNode(true);
    $("span", line).textContent = `Message ${number} was removed.`;
    line.turn = turn;
    turn.replaceWith(line);
    $("button", line).focus();
  }
  changed(form);
  if (!turn.isConnected && !form.contains(document.activeElement)) $("textarea, button", next)?.focus();
}
document.addEventListener("click", ({ target }) => {
  const line = target.closest("[data-undo]")?.parentElement;
  if (!line) return;
  const { turn } = line;
  line.replaceWith(turn);
  changed(turn.closest("form"));
  $("textarea", turn).focus();
});
function startOver(form) {
  const turn = emptyTurn(form, "user");
  $("[data-turns]", form).replaceChildren(turn);
  for (const input of $$("input[type=file]", form)) choose(input, []);
  clearErrors(form);
  changed(form);
  $("textarea", turn).focus();
}

// Chosen images become part of the newest message of the user. What does not begin like an image stays where it was chosen, and is told there.
const isImage = /;base64,(iVBORw0KGg|\/9j\/|R0lGOD|UklGR)/;
async function attach(form) {
  const input = $("input[name=images]", form), turn = turnsOf(form).findLast(isUser);
  if (!turn || !input.files.length || wrongWith(input)) return;
  const addresses = await Promise.all([...input.files].map(asAddress)).catch(() => []);
  if (!addresses.length) return toast({ text: "An image could not be read. Choose it again.", tone: "bad" });
  if (!addresses.every((address) => isImage.test(address))) return;
  const list = $("ul", turn) || Object.assign(document.createElement("ul"), { className: "row wrap chosen-files" });
  list.append(...addresses.map((address) => imageItem(form, address)));
  turn.append(list);
  choose(input, []);
  changed(form);
}
function imageItem(form, address) {
  const item = $(".uploads template", form).content.firstElementChild.cloneNode(true);
  const [kept, picture] = [document.createElement("input"), document.createElement("img")];
  Object.assign(kept, { type: "hidden", value: address });
  picture.src = address;
  Object.assign($("button", item), { type: "submit", name: "more", formNoValidate: true });
  $("span", item).replaceWith(kept, picture);
  return item;
}
function dropImage(form, button) {
  const list = button.closest("ul"), turn = list.closest(".turn");
  button.closest("li").remove();
  if (!$("li", list)) list.remove();
  changed(form);
  ($("li button", turn) || $("textarea", turn)).focus();
}

// What is wrong with a form, told by the server's copy of it; what is typed in this one stays.
const isWrong = ".errorlist:not([data-wrong]), .notice[role=alert]";
function clearErrors(form) {
  $$(isWrong, form).forEach((one) => one.remove());
  $$("[aria-invalid]", form).forEach((field) => field.removeAttribute("aria-invalid"));
}
function tellErrors(form, made) {
  clearErrors(form);
  for (const field of $$("[id][aria-invalid]", made))
    for (const name of ["aria-invalid", "aria-describedby"])
      if (field.hasAttribute(name)) document.getElementById(field.id)?.setAttribute(name, field.getAttribute(name));
  const wrong = $$(isWrong, made);
  for (const one of wrong) {
    const name = $("[name]", one.closest(".field") || one)?.name;
    const place = name && $(`[name="${name}"]`, form)?.closest(".field");
    if (place) place.append(one);
    else if (one.id === "turn-errors") $("[data-turns]", form).after(one);
    else $(".prompt-options", form).before(one);
    const fold = one.closest("details");
    if (fold) fold.open = true;
  }
  if (!wrong.length) return;
  const field = $("input:not([type=hidden]), select, textarea", wrong[0].closest(".field") || document.createElement("p"));
  (field || $("textarea", turnsOf(form).at(-1))).focus({ preventScroll: true });
  wrong[0].scrollIntoView({ block: "center" });
}

// A draft may have more messages than the page that brings it back.
function bringTurns(form) {
  const draft = JSON.parse(inTab.get(draftPlace(form)) || "[]").filter(([name]) => name === "text");
  while (turnsOf(form).length < draft.length) $("[data-turns]", form).append(emptyTurn(form, "user"));
  bringBack(form);
  unfold(form);
  $$("[data-grow]", form).forEach(grow);
  renumber(form);
}
$$("[data-playground]").forEach(bringTurns);
document.addEventListener("input", ({ target }) => { if (target.form?.matches("[data-playground]")) tellAnew(target.form); });
