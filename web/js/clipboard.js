import { el } from "./dom.js";

function copyTheOldWay(text) {
  const before = document.activeElement;
  const box = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus({ preventScroll: true });
  return done;
}

/**
 * Copies a text; resolves to whether it worked.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP on a local network browsers offer only the old way.
    return copyTheOldWay(text);
  }
}
