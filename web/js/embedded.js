// What the chat does when it stands in a frame on another site (/?embed=1): it leaves out its own header, and tells the
// page around it of Esc, which that page cannot hear.

if (new URLSearchParams(location.search).get("embed") === "1") {
  document.documentElement.classList.add("embedded");
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || window.parent === window) return;
    // Esc closes what is open within the chat first.
    const open = document.querySelector("dialog[open], .panel:not([hidden])");
    if (!open) window.parent.postMessage("wenbao:close", "*");
  }, { capture: true });
}
