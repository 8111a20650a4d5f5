// The language of the interface: its texts, its dates, and the page translated into it.

import { byId } from "./dom.js";
import { loadLanguage, saveLanguage } from "./language_choice.js";
import { STRINGS } from "../strings.js";

// What the reader chose here counts before what a link or the site around asks for.
const asked = loadLanguage() ?? new URLSearchParams(location.search).get("lang");
let current = asked === "en" ? "en" : "zh-CN";

/**
 * Tells the language of the interface, as a BCP 47 tag.
 * @returns {"zh-CN"|"en"}
 */
export function language() {
  return current;
}

/**
 * Tells the language to set on printed words: null where the page has it already.
 * @returns {"zh-CN"|null}
 */
export function contentLanguage() {
  return current === "zh-CN" ? null : "zh-CN";
}

/** Switches between Chinese and English and remembers it; the page is to be translated anew. */
export function switchLanguage() {
  current = current === "en" ? "zh-CN" : "en";
  saveLanguage(current);
}

/**
 * Gives a text of the interface with its blanks filled.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = STRINGS[current][key] ?? STRINGS["zh-CN"][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? ""));
}

/**
 * Says whether the interface has a text of this key.
 * @param {string} key
 * @returns {boolean}
 */
export function hasText(key) {
  return key in STRINGS["zh-CN"];
}

/** Writes the current language into every element that names its text in a data attribute. */
export function translatePage() {
  document.documentElement.lang = current;
  byId("language").lang = current === "en" ? "zh-CN" : "en"; // it names the other one
  for (const node of document.querySelectorAll("[data-t]")) {
    node.textContent = t(node.dataset.t);
  }
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
  }
  for (const node of document.querySelectorAll("[data-t-placeholder]")) {
    node.setAttribute("placeholder", t(node.dataset.tPlaceholder));
  }
}

/**
 * Writes an ISO date out for a reader, whatever the reader's own time zone.
 * @param {string|null|undefined} iso
 * @returns {string}
 */
export function longDate(iso) {
  const date = new Date(`${iso}T00:00:00Z`);
  if (!iso || Number.isNaN(date.getTime())) return iso ?? "";
  return new Intl.DateTimeFormat(current, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/**
 * Writes out the month or the year that an ISO date lies in.
 * @param {string} iso
 * @param {Intl.DateTimeFormatOptions} parts which of the date to write
 * @returns {string}
 */
export function longPeriod(iso, parts) {
  return new Intl.DateTimeFormat(current, { ...parts, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Writes out the reader's own day of a moment.
 * @param {string} timestamp
 * @returns {string}
 */
export function dayOf(timestamp) {
  return new Intl.DateTimeFormat(current, { dateStyle: "long" }).format(new Date(timestamp));
}

/**
 * Writes an ISO date out as briefly as can be, for a drawing.
 * @param {string} iso
 * @returns {string}
 */
export function shortDate(iso) {
  return new Intl.DateTimeFormat(current, { dateStyle: "short", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Puts a failure into words: the server's own where the reader can read them, else ours.
 * @param {{status: number, message: string}} error
 * @returns {string}
 */
export function errorText({ status, message }) {
  const ours = { 0: "errorNetwork", 404: "errorMissing", 429: "errorTooMany", 503: "errorUnready" };
  const key = ours[status] ?? (status >= 500 ? "errorServer" : null);
  if (message && (current === "zh-CN" || !key)) return message;
  return t(key ?? "errorOther");
}
