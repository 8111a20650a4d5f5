// Chips for filters and for what was understood of a question, each to be changed or removed.

import { el } from "../shared/dom.js";
import { contentLanguage, longDate, longPeriod, t } from "../shared/language.js";

const DAY_MS = 86_400_000;
const YEARS_OFFERED = 5; // any other is written into the box

/** Names a whole month or year; null for any other days. */
function periodText(from, to) {
  const after = new Date(Date.parse(to) + DAY_MS).toISOString();
  if (!from.endsWith("-01") || after.slice(8, 10) !== "01") return null;
  if (from.slice(0, 7) === to.slice(0, 7)) return longPeriod(from, { year: "numeric", month: "long" });
  const year = from.slice(5, 7) === "01" && to.slice(0, 7) === `${from.slice(0, 4)}-12`;
  return year ? longPeriod(from, { year: "numeric" }) : null;
}

/**
 * Writes out the days that filters leave open.
 * @param {{from?: string, to?: string}} filters
 * @returns {string}
 */
export function spanText({ from, to }) {
  if (from && from === to) return longDate(from);
  if (from && to) return periodText(from, to) ?? t("spanBoth", { from: longDate(from), to: longDate(to) });
  return from ? t("spanFrom", { from: longDate(from) }) : t("spanTo", { to: longDate(to) });
}

/**
 * Lists filters as chips: what they say, and the filters that remain without each.
 * @param {object} filters
 * @returns {Array<{text: string, without: object}>}
 */
export function filterChips(filters) {
  const { from, to, paper, issue_id: issue, ...rest } = filters;
  const chips = [];
  if (from || to) chips.push({ text: spanText(filters), without: { ...filters, from: undefined, to: undefined } });
  if (paper) chips.push({ text: t("paper", { name: paper }), without: { ...filters, paper: undefined } });
  if (issue) chips.push({ text: t("onlyIssue", { issue }), without: { ...filters, issue_id: undefined } });
  return chips.map(({ text, without }) => ({ text, without: { ...rest, ...JSON.parse(JSON.stringify(without)) } }));
}

/**
 * Makes one chip: a text, pressed to be changed, and a cross that takes it away.
 * @param {{text: string, note?: string|null, lang?: string|null, onEdit?: (chip: HTMLElement) => void, onRemove?: () => void}} parts
 * @returns {HTMLElement}
 */
export function chip({ text, note = null, lang = null, onEdit, onRemove }) {
  const words = [el("span", { lang }, text), note && el("small", {}, note)];
  const node = el("li", { class: "fact" },
    onEdit
      ? el("button", { type: "button", class: "change", title: t("chipChange"), onclick: () => onEdit(node) }, ...words)
      : el("span", { class: "change" }, ...words),
    onRemove && el("button", { type: "button", class: "remove", "aria-label": t("chipRemove", { text }), onclick: onRemove }, "×"));
  return node;
}

/** Puts a box in the place of a chip's text, and behind it a button for each of the other `choices`. */
function editInPlace(node, { value, label, choices = [] }, onDone) {
  const whole = [...node.childNodes];
  const box = el("input", { type: "text", "aria-label": label, lang: contentLanguage(), size: Math.min(value.length * 2 + 4, 48) });
  box.value = value;
  const back = () => {
    node.replaceChildren(...whole);
    node.querySelector("button").focus();
  };
  node.replaceChildren(el("form", {
    onsubmit: (event) => {
      event.preventDefault();
      const words = box.value.trim();
      if (words && words !== value) onDone(words);
      else back();
    },
    onkeydown: (event) => {
      if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      back();
    },
  }, box, el("button", { class: "change" }, t("askAgain")), ...choices.map(({ text, words }) =>
    el("button", { type: "button", class: "change other", onclick: () => onDone(words) }, text))));
  box.select();
}

/** Says which days the words of a question were taken for; nothing where the words say just that. */
function daysText({ text, from, to }, firmness) {
  const days = spanText({ from, to });
  if (firmness === "sure") return t("daysSure", { days });
  if (firmness === "loose") return t("daysLoose", { days });
  return days === text ? null : days;
}

/** Lists what else words without a year may mean; 春节 and 冬天 that lie in two years have no one year to be written. */
function otherYears(text, others) {
  return others.filter(({ from, to }) => from.slice(0, 4) === to.slice(0, 4)).slice(0, YEARS_OFFERED)
    .map((days) => ({ text: spanText(days), words: `${days.from.slice(0, 4)}年${text}` }));
}

function timeOrPlace({ sort, before, text, after, from, to }, dates, onAsk) {
  // What led over from the words taken away leads nowhere: 3月的水库 asks for 水库.
  const replaced = (words) => (words || before ? before + words + after : after.replace(/^[，,的\s]+/, ""));
  const ask = (words) => onAsk({ question: replaced(words), alone: true });
  const { firmness, others = [] } = dates.find((days) => days.words === text && days.from === from) ?? {};
  const label = t(sort === "time" ? "chipTime" : "chipPlace");
  return chip({
    text,
    note: sort === "time" && from ? daysText({ text, from, to }, firmness) : null,
    lang: contentLanguage(),
    onEdit: (node) => editInPlace(node, { value: text, label, choices: otherYears(text, others) }, ask),
    onRemove: () => ask(""),
  });
}

/**
 * Shows what the server understood of a question; each chip is removed or changed by asking again.
 * @param {object} turn
 * @param {(asked: {question: string, filters?: object, alone?: boolean}) => void} onAsk
 * @param {() => void} onFilters opens the filters
 * @returns {HTMLElement|null}
 */
export function understoodChips({ question, history = [], understood, response, filters = {} }, onAsk, onFilters) {
  if (!understood) return null;
  const { parts = [], dates = [], also_asked: others = [], did_you_mean: meant = [] } = understood;
  const whole = response?.understood_as ?? understood.understood_as; // another spelling may have answered
  const chips = [];
  if (whole && whole !== question) {
    chips.push(chip({
      text: t("understoodAs", { question: whole }),
      lang: contentLanguage(),
      onEdit: (node) => editInPlace(node, { value: whole, label: t("questionLabel") },
        (words) => onAsk({ question: words, alone: true })),
      // Without earlier turns it would only be understood the same way again.
      onRemove: history.length > 0 && (() => onAsk({ question, alone: true })),
    }));
  }
  chips.push(...parts.map((part) => timeOrPlace(part, dates, onAsk)));
  const alone = (words) => () => onAsk({ question: words, alone: true });
  chips.push(...others.filter((words) => words !== whole).map((words) =>
    chip({ text: t("alsoAsked", { question: words }), lang: contentLanguage(), onEdit: alone(words) })));
  chips.push(...meant.map((words) =>
    chip({ text: t("didYouMean", { question: words }), lang: contentLanguage(), onEdit: alone(words) })));
  for (const { text, without } of filterChips(filters)) {
    chips.push(chip({ text, onEdit: onFilters, onRemove: () => onAsk({ question, filters: without }) }));
  }
  if (!chips.length) return null;
  return el("ul", { class: "facts", role: "list", "aria-label": t("understood") }, ...chips);
}
