// The preview as wide as a device: where the pane is narrower, all of it is shown smaller. The choice is kept for other chats.
"use strict";

const widths = { desktop: 1280, tablet: 768, phone: 390 };
const panes = new ResizeObserver(fit);

function fit() {
  const ground = $(".preview-ground");
  const width = widths[$("[name=device]:checked")?.value];
  if (!ground) return;
  const part = width ? Math.min(1, ground.clientWidth / width) : 1;
  ground.style.setProperty("--part", part);
  ground.toggleAttribute("data-scaled", part < 1);
  $("[data-part]").textContent = part < 1 ? `${Math.round(100 * part)} %` : "";
}

function watchPane() {
  const kept = $(`[name=device][value="${CSS.escape(inBrowser.get("device") || "")}"]`);
  if (kept) kept.checked = true;
  panes.disconnect();
  if ($(".preview-ground")) panes.observe($(".preview-ground"));
  fit();
}

document.addEventListener("change", ({ target }) => {
  if (target.name !== "device") return;
  inBrowser.set("device", target.value);
  fit();
});
document.addEventListener("htmx:after:swap", watchPane);
watchPane();
