// The language of the interface: its texts, its dates, and the page translated into it.

import * as zh from "../strings/zh.js";
import { announce, byId } from "./dom.js";

const KEPT = "wenbao.language";
const CHINESE = "zh-CN"; // the language of the papers, and of the pages as the server writes them

// Each language names itself. Another one is its file in strings/ and a line here (and one in chat/embed.js, which stands
// alone on other sites). Beside Chinese only the language in use is loaded.
const LANGUAGES = [
  { tag: CHINESE, name: "中文", load: () => zh },
  { tag: "en", name: "English", load: () => import("../strings/en.js") },
];

let current = LANGUAGES[0];
let { texts } = zh;

async function use(language) {
  ({ texts } = await language.load());
  current = language;
}

function chosen() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is forbidden
  }
}

function keep(tag) {
  try {
    localStorage.setItem(KEPT, tag);
  } catch {
    // Storage is forbidden: the choice simply ends with this visit.
  }
}

function initial() {
  // What the reader chose here counts before what a link or the site around asks for.
  const asked = chosen() ?? new URLSearchParams(location.search).get("lang");
  return LANGUAGES.find(({ tag }) => tag === asked) ?? current;
}

function following() {
  return LANGUAGES[(LANGUAGES.indexOf(current) + 1) % LANGUAGES.length];
}

/**
 * Resolves once the texts of the reader's language are there; where they cannot be had, those in Chinese stay. Each page
 * waits for it before it draws. The wait is in the pages alone: a module that others import must not wait at its top,
 * else Safari may run those others too early (WebKit bug 242740).
 * @type {Promise<void>}
 */
export const ready = use(initial()).catch(() => {});

/**
 * Tells the language of the interface, as a BCP 47 tag.
 * @returns {string}
 */
export function language() {
  return current.tag;
}

/**
 * Tells the language to set on printed words: null where the page has it already.
 * @returns {string|null}
 */
export function contentLanguage() {
  return current.tag === CHINESE ? null : CHINESE;
}

/** Switches to the next language and remembers it; the page is to be translated anew. */
export async function switchLanguage() {
  try {
    await use(following());
  } catch {
    announce(t("errorNetwork"));
    return;
  }
  keep(current.tag);
}

/**
 * Gives a text of the interface with its blanks filled.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? ""));
}

/**
 * Says whether the interface has a text of this key.
 * @param {string} key
 * @returns {boolean}
 */
export function hasText(key) {
  return key in texts;
}

/** Writes the current language into every element that names its text in a data attribute. */
export function translatePage() {
  document.documentElement.lang = current.tag;
  const next = following();
  byId("language").lang = next.tag;
  byId("language").textContent = next.name;
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
  return new Intl.DateTimeFormat(current.tag, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/**
 * Writes out the month or the year that an ISO date lies in.
 * @param {string} iso
 * @param {Intl.DateTimeFormatOptions} parts which of the date to write
 * @returns {string}
 */
export function longPeriod(iso, parts) {
  return new Intl.DateTimeFormat(current.tag, { ...parts, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Writes out a month.
 * @param {string} month such as 2024-03
 * @returns {string}
 */
export function longMonth(month) {
  return longPeriod(`${month}-01`, { year: "numeric", month: "long" });
}

/**
 * Writes out the reader's own day of a moment.
 * @param {string} timestamp
 * @returns {string}
 */
export function dayOf(timestamp) {
  return new Intl.DateTimeFormat(current.tag, { dateStyle: "long" }).format(new Date(timestamp));
}

/**
 * Writes out a moment by the reader's own clock.
 * @param {string} timestamp
 * @returns {string}
 */
export function momentOf(timestamp) {
  return new Intl.DateTimeFormat(current.tag, { dateStyle: "long", timeStyle: "short" }).format(new Date(timestamp));
}

/**
 * Writes an ISO date out as briefly as can be, for a drawing.
 * @param {string} iso
 * @returns {string}
 */
export function shortDate(iso) {
  return new Intl.DateTimeFormat(current.tag, { dateStyle: "short", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Puts a failure into words: the server's own where the reader can read them, else ours.
 * @param {{status: number, message: string}} error
 * @returns {string}
 */
export function errorText({ status, message }) {
  const ours = { 0: "errorNetwork", 404: "errorMissing", 429: "errorTooMany", 503: "errorUnready" };
  const key = ours[status] ?? (status >= 500 ? "errorServer" : null);
  if (message && (current.tag === CHINESE || !key)) return message;
  return t(key ?? "errorOther");
}
