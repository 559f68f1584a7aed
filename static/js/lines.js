// Links of lines name what they are of. Where that is open already, the page stays and the address says it from now on.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.no");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || link.pathname !== location.pathname) return;
  history.replaceState(history.state, "", link.href.split("#")[0]);
});
