// Prompts: rows for files, a look at what will be attached, and drafts of whole forms that outlive a reload.
"use strict";

// Rows: another one like the last, empty.
function addRow(button) {
  const rows = $(button.dataset.addRow);
  const number = rows.children.length + 1;
  if (number > Number(button.dataset.most)) return;
  const row = rows.lastElementChild.cloneNode(true);
  for (const part of $$("[id], [for]", row)) {
    for (const name of ["id", "for"])
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/\d+$/, number));
    if (part.matches("label")) part.textContent = part.textContent.replace(/\d+$/, number);
    else part.value = "";
  }
  rows.append(row);
  return row;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  event.preventDefault();
  $("input", addRow(button) || document.createElement("p"))?.focus();
});

// Chosen files: their names, sizes and, of images, a picture. A data: address, for blob: is not allowed here.
const sized = (bytes) => bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
function showChosen(input) {
  const list = $(`[data-chosen-of="${input.id}"]`);
  list?.replaceChildren(...[...input.files].map((file) => {
    const item = document.createElement("li");
    item.className = "tag";
    if (file.type.startsWith("image/") && file.size < 4e6) {
      const picture = document.createElement("img");
      picture.alt = "";
      const reader = new FileReader();
      reader.onload = () => { picture.src = reader.result; };
      reader.readAsDataURL(file);
      item.append(picture);
    }
    item.append(`${file.name} · ${sized(file.size)}`);
    return item;
  }));
}
document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=file]")) showChosen(target);
  if (target.matches("select")) showEstimate(target);
});

// Estimates: the one for what is chosen.
function showEstimate(select) {
  if (!select) return;
  for (const place of $$(`[data-estimates-of="${select.id}"] [data-for]`)) place.hidden = place.dataset.for !== select.value;
}

// Drafts: all that was typed and chosen in a form but not sent, in this tab. Texts of [data-draft] are kept by forms.js.
const draftedFields = (form) => [...form.elements].filter((field) =>
  field.name && !["hidden", "file", "submit"].includes(field.type) && !("draft" in field.dataset));
const draftPlace = () => `drafts:${location.pathname}`;
const isBox = (field) => ["checkbox", "radio"].includes(field.type);
function keepForm(form) {
  sessionStorage.setItem(draftPlace(), JSON.stringify(draftedFields(form).map((field) => [field.name, isBox(field) ? field.checked : field.value])));
}
function bringBack(form) {
  const draft = JSON.parse(sessionStorage.getItem(draftPlace()) || "[]");
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
document.addEventListener("input", ({ target }) => { const form = target.closest?.("[data-drafts]"); if (form) keepForm(form); });
document.addEventListener("submit", ({ target }) => { if (target.matches("[data-drafts]")) sessionStorage.removeItem(draftPlace()); });
$$("[data-drafts]").forEach(bringBack);
const showEstimates = () => $$("[data-estimates-of]").forEach((list) => showEstimate(document.getElementById(list.dataset.estimatesOf)));
showEstimates();
document.addEventListener("htmx:after:swap", showEstimates);
