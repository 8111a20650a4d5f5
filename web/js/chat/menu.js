// A small menu that closes by itself.

import { el } from "../shared/dom.js";

document.addEventListener("pointerdown", ({ target }) => {
  for (const node of document.querySelectorAll("details.menu[open]")) {
    if (!node.contains(target)) node.open = false;
  }
});

/**
 * Makes a small menu of links or buttons that closes by Esc, by a choice, and when it is left.
 * @param {string} label
 * @param {string|null} name what a screen reader hears, where the label alone says too little
 * @param {...Node} entries
 * @returns {HTMLDetailsElement}
 */
export function menu(label, name, ...entries) {
  const summary = el("summary", { class: "quiet", "aria-label": name }, label);
  const node = el("details", { class: "menu" }, summary,
    el("ul", {}, ...entries.map((entry) => el("li", {}, entry))));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.preventDefault(); // nothing else closes by the same key press
    node.open = false;
    summary.focus();
  });
  node.addEventListener("focusout", ({ relatedTarget }) => {
    // A click on plain text has no target: only the focus that went elsewhere closes.
    if (relatedTarget && !node.contains(relatedTarget)) node.open = false;
  });
  node.addEventListener("click", ({ target }) => {
    if (target.closest("li")) node.open = false;
  });
  return node;
}
