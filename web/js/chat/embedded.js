// The chat within a frame on another site (/?embed=1).

// Of its header it keeps the buttons, other pages open in a tab of their own, and the page around is told of Esc, which
// it cannot hear.

if (new URLSearchParams(location.search).get("embed") === "1") {
  document.documentElement.classList.add("embedded");
  // The archive, an issue or an article alone would be lost in so small a box: they open beside the other site.
  addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]:not([download])");
    if (link && link.pathname !== location.pathname) Object.assign(link, { target: "_blank", rel: "noopener" });
  }, { capture: true });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || window.parent === window) return;
    // Esc closes what is open within the chat first.
    const open = document.querySelector("dialog[open], .panel:not([hidden])");
    if (!open) window.parent.postMessage("wenbao:close", "*");
  }, { capture: true });
}
