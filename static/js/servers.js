// MCP servers: boxes put their ids into the field that is kept and sent, and follow what is typed there.
"use strict";

const idsIn = (area) => new Set(area.value.split(/\s+/).filter(Boolean));
const boxesOf = (area) => $$(`[data-adds-to="${area.id}"]`);
document.addEventListener("change", ({ target }) => {
  const area = target.dataset?.addsTo && document.getElementById(target.dataset.addsTo);
  if (!area) return;
  const ids = idsIn(area);
  ids[target.checked ? "add" : "delete"](target.value);
  area.value = [...ids].join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("input", ({ target }) => {
  if (!target.id) return;
  for (const box of boxesOf(target)) box.checked = idsIn(target).has(box.value);
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-asks-servers]")) document.body.dispatchEvent(new Event("servers"));
});
