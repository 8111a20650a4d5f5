import { el } from "./dom.js";
import { contentLanguage, longDate, t } from "./language.js";

/**
 * Writes out the days that filters leave open.
 * @param {{from?: string, to?: string}} filters
 * @returns {string}
 */
export function spanText({ from, to }) {
  if (from && from === to) return longDate(from);
  if (from && to) return t("spanBoth", { from: longDate(from), to: longDate(to) });
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
 * @param {{text: string, note?: string|null, lang?: string|null, onEdit?: (chip: HTMLElement) => void, onRemove: () => void}} parts
 * @returns {HTMLElement}
 */
export function chip({ text, note = null, lang = null, onEdit, onRemove }) {
  const words = [el("span", { lang }, text), note && el("small", {}, note)];
  const node = el("li", { class: "fact" },
    onEdit
      ? el("button", { type: "button", class: "change", title: t("chipChange"), onclick: () => onEdit(node) }, ...words)
      : el("span", { class: "change" }, ...words),
    el("button", { type: "button", class: "remove", "aria-label": t("chipRemove", { text }), onclick: onRemove }, "×"));
  return node;
}

function editInPlace(node, value, label, onDone) {
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
  }, box, el("button", { class: "change" }, t("askAgain"))));
  box.select();
}

/**
 * Shows what the server understood of a question; each chip is removed or changed by asking again.
 * @param {object} turn
 * @param {(asked: {question: string, filters?: object, alone?: boolean}) => void} onAsk
 * @param {() => void} onFilters opens the filters
 * @returns {HTMLElement|null}
 */
export function understoodChips({ question, understood, filters = {} }, onAsk, onFilters) {
  if (!understood) return null;
  const { understood_as: whole, parts = [] } = understood;
  const chips = [];
  if (whole && whole !== question) {
    chips.push(chip({
      text: t("understoodAs", { question: whole }),
      lang: contentLanguage(),
      onEdit: (node) => editInPlace(node, whole, t("questionLabel"), (words) => onAsk({ question: words, alone: true })),
      onRemove: () => onAsk({ question, alone: true }),
    }));
  }
  for (const { sort, before, text, after, from, to } of parts) {
    // What led over from the words taken away leads nowhere: 3月的水库 asks for 水库.
    const replaced = (words) => (words || before ? before + words + after : after.replace(/^[，,的\s]+/, ""));
    chips.push(chip({
      text,
      note: sort === "time" && from ? spanText({ from, to }) : null,
      lang: contentLanguage(),
      onEdit: (node) => editInPlace(node, text, t(sort === "time" ? "chipTime" : "chipPlace"),
        (words) => onAsk({ question: replaced(words), alone: true })),
      onRemove: () => onAsk({ question: replaced(""), alone: true }),
    }));
  }
  for (const { text, without } of filterChips(filters)) {
    chips.push(chip({ text, onEdit: onFilters, onRemove: () => onAsk({ question, filters: without }) }));
  }
  if (!chips.length) return null;
  return el("ul", { class: "facts", role: "list", "aria-label": t("understood") }, ...chips);
}
