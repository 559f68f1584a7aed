// Prompts: rows for files, a look at what will be attached, and drafts of whole forms that outlive a reload.
"use strict";

// Rows: another one like the last, empty.
function another(last, number) {
  const row = last.cloneNode(true);
  for (const part of $$("[id], [for]", row)) {
    for (const name of ["id", "for"])
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/\d+$/, number));
    if (part.matches("label")) part.textContent = part.textContent.replace(/\d+$/, number);
    else part.value = "";
  }
  last.after(row);
  return row;
}
function addRow(button) {
  const rows = $(button.dataset.addRow);
  const number = rows.children.length + 1;
  if (number > Number(button.dataset.most)) return;
  return another(rows.lastElementChild, number);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  event.preventDefault();
  $("input", addRow(button) || document.createElement("p"))?.focus();
});

// Chosen files: their names, sizes and, of images, a picture, as a data: address, for blob: is not allowed here.
const sized = (bytes) => bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
const asAddress = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = () => fail(reader.error);
  reader.readAsDataURL(file);
});
function showChosen(input) {
  tellWrong(input);
  const list = $(`[data-chosen-of="${input.id}"]`);
  list?.replaceChildren(...[...input.files].map((file, place) => {
    const item = $("template", list.parentElement).content.firstElementChild.cloneNode(true);
    if (file.type.startsWith("image/") && file.size < 4e6) {
      const picture = document.createElement("img");
      picture.alt = "";
      asAddress(file).then((address) => { picture.src = address; });
      item.prepend(picture);
    }
    $("span", item).textContent = `${file.name} · ${sized(file.size)}`;
    const button = $("button", item);
    button.setAttribute("aria-label", `Remove ${file.name}`);
    button.dataset.without = place;
    return item;
  }));
}
function choose(input, files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-without]");
  const input = button && document.getElementById(button.closest("ul").dataset.chosenOf);
  if (!input) return;
  choose(input, [...input.files].filter((_, place) => place !== Number(button.dataset.without)));
  input.focus();
});

// Limits: told when a file is chosen, and not only once it has been sent.
function wrongWith(input) {
  const files = [...input.files], { instead } = input.dataset;
  const [largest, together, most] = ["largest", "together", "most"].map((name) => Number(input.dataset[name]));
  const strange = files.find(({ name, type }) => !input.accept.split(",").some((kind) => type === kind || name.toLowerCase().endsWith(kind)));
  if (strange) return `“${strange.name}” cannot be sent: choose ${input.accept.replaceAll(",", ", ")}.`;
  const large = files.find((file) => file.size > largest);
  if (large) return `“${large.name}” has ${sized(large.size)}; the most is ${largest / 1e6} MB. ${instead}`;
  if (together && files.reduce((sum, file) => sum + file.size, 0) > together) return `Together these files have more than ${together / 1e6} MB. ${instead}`;
  if (most && files.length > most) return `These are ${files.length} files; the most is ${most}.`;
  return "";
}
function tellWrong(input) {
  if (!input.dataset.largest) return;
  const words = wrongWith(input);
  const place = input.nextElementSibling?.matches("[data-wrong]") ? input.nextElementSibling : document.createElement("p");
  place.className = "errorlist";
  place.dataset.wrong = "";
  place.setAttribute("role", "alert");
  place.textContent = words;
  place.hidden = !words;
  input.after(place);
  input.setCustomValidity(words);
}

// Files that are pasted or dropped into a form join those that were chosen.
const takesFiles = (target) => $("input[name=uploads], input[name=images]", target.closest?.("form") || document.createElement("form"));
function join(event, files) {
  const input = takesFiles(event.target);
  if (!input || !files.length) return;
  event.preventDefault();
  const fold = input.closest("details");
  if (fold) fold.open = true;
  choose(input, [...input.files, ...files]);
}
document.addEventListener("paste", (event) => join(event, [...event.clipboardData.files]));
document.addEventListener("drop", (event) => join(event, [...event.dataTransfer.files]));
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files") && takesFiles(event.target)) event.preventDefault();
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=file]")) showChosen(target);
  if (target.matches("[data-drafts=''] input[type=file]")) keepFiles(target);
  if (target.matches("select")) showEstimate(target);
});

// Estimates: the one for what is chosen.
function showEstimate(select) {
  if (!select) return;
  for (const place of $$(`[data-estimates-of="${select.id}"] [data-for]`)) place.hidden = place.dataset.for !== select.value;
}

// Drafts: all that was typed and chosen in a form but not sent, in this tab; of [data-drafts=words] without files. Texts of [data-draft] are kept by forms.js.
const draftedFields = (form) => [...form.elements].filter((field) =>
  field.name && !["hidden", "file", "submit"].includes(field.type) && !("draft" in field.dataset));
const draftPlace = (form) => `drafts:${location.pathname}${form.id && `#${form.id}`}`;
const isBox = (field) => ["checkbox", "radio"].includes(field.type);
function keepForm(form) {
  keepWords(draftPlace(form), JSON.stringify(draftedFields(form).map((field) => [field.name, isBox(field) ? field.checked : field.value])));
}
function bringBack(form) {
  const draft = JSON.parse(inTab.get(draftPlace(form)) || "[]");
  const rows = draft.filter(([name]) => name === "file_name").length;
  const button = $("[data-add-row]", form);
  while (button && $$("[name=file_name]", form).length < rows && addRow(button));
  const fields = draftedFields(form);
  if (draft.length !== fields.length || draft.some(([name], at) => name !== fields[at].name)) return;
  fields.forEach((field, at) => {
    if (isBox(field)) field.checked = draft[at][1] && !field.disabled;
    else field.value = draft[at][1];
  });
}
// What was brought back is not left in a fold.
function unfold(form) {
  const isFilled = (field) => isBox(field) ? field.checked : field.matches("[name]:not([type=hidden])") && field.value;
  for (const fold of $$("details", form)) fold.open ||= $$("input, textarea", fold).some(isFilled);
}
// Files are kept, too, as far as there is room; of the others their names.
const filesPlace = (input) => `files:${location.pathname}#${input.id}`;
async function keepFiles(input) {
  const files = [...input.files], names = files.map(({ name }) => ({ name }));
  inTab.drop(filesPlace(input));
  if (!files.length) return;
  const kept = wrongWith(input) ? names : await Promise.all(files.map(async (file) => ({ name: file.name, type: file.type, address: await asAddress(file) })));
  if (files.some((file, place) => input.files[place] !== file)) return; // others were chosen meanwhile
  inTab.set(filesPlace(input), JSON.stringify(kept)) || inTab.set(filesPlace(input), JSON.stringify(names));
}
function bringFiles(input) {
  const kept = JSON.parse(inTab.get(filesPlace(input)) || "[]");
  if (!kept.length || input.files.length) return;
  const all = new DataTransfer();
  for (const { name, type, address } of kept.filter((file) => file.address)) {
    const letters = atob(address.slice(address.indexOf(",") + 1));
    all.items.add(new File([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))], name, { type }));
  }
  input.files = all.files;
  showChosen(input);
  tellBack(all.files);
  const lost = kept.filter((file) => !file.address).map((file) => `Choose ${file.name} again`);
  $(`[data-chosen-of="${input.id}"]`)?.append(...lost.map((words) => Object.assign(document.createElement("li"), { className: "tag", textContent: words })));
}
// Of what is to be chosen again, these have come back.
function tellBack(files) {
  for (const told of $$("[data-lost-files]")) {
    for (const { name } of files) $$(".tag", told).find((tag) => tag.textContent === name)?.remove();
    if (!$(".tag", told)) told.remove();
  }
}
// Where a form comes back with what is wrong with it, it goes on with the files that were chosen, and with what was typed meanwhile.
let carried = [];
const isRefused = (ctx) => ctx.response?.status >= 400;
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const place = isRefused(ctx) && document.getElementById(ctx.target.id);
  if (place) carried = $$("[data-drafts=''] input[type=file]", place).map((input) => [input.id, input.files]);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!isRefused(ctx)) return;
  for (const [id, files] of carried) {
    const input = document.getElementById(id);
    if (!input || !files.length) continue;
    input.files = files;
    showChosen(input);
  }
  carried = [];
  const form = $("[data-drafts]", document.getElementById(ctx.target.id) || document.body);
  if (form) { bringBack(form); unfold(form); }
});
const bringAllFiles = () => $$("[data-drafts=''] input[type=file]").forEach(bringFiles);
document.addEventListener("input", ({ target }) => { const form = target.closest?.("[data-drafts]"); if (form) keepForm(form); });
document.addEventListener("sent", ({ target }) => {
  if (!target.matches("[data-drafts]")) return;
  inTab.drop(draftPlace(target));
  $$("input[type=file]", target).forEach((input) => inTab.drop(filesPlace(input)));
});
$$("[data-drafts]").forEach((form) => { bringBack(form); bringAllFiles(); unfold(form); });
document.addEventListener("htmx:after:swap", bringAllFiles);
const showEstimates = () => $$("[data-estimates-of]").forEach((list) => showEstimate(document.getElementById(list.dataset.estimatesOf)));
showEstimates();
document.addEventListener("htmx:after:swap", showEstimates);
