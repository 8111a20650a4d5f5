// Buttons that copy a text to the clipboard.

import { announce, el } from "./dom.js";
import { t } from "./language.js";

const COPIED_FOR_MS = 2500;

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

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP on a local network browsers offer only the old way.
    return copyTheOldWay(text);
  }
}

/**
 * Makes a button that copies a text and says so for a moment.
 * @param {string} key the string that names the button
 * @param {() => string} text
 * @returns {HTMLElement}
 */
export function copyButton(key, text) {
  let timer = 0;
  const button = el("button", {
    type: "button",
    class: "quiet",
    onclick: async () => {
      button.textContent = t((await copyText(text())) ? "copied" : "copyFailed");
      announce(button.textContent);
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = t(key)), COPIED_FOR_MS);
    },
  }, t(key));
  return button;
}
