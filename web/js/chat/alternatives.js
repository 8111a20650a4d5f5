// What else was read for an answer: candidates to choose from, and the reports that were looked through.

import { el } from "../shared/dom.js";
import { contentLanguage, longDate, t } from "../shared/language.js";

/**
 * Puts one of the alternatives in the place of the answer, which becomes the first of the alternatives.
 * @param {object} response the event `answer` of POST /api/ask/stream
 * @param {number} place of the alternative
 * @returns {object} the response as if the alternative had been answered
 */
export function promote(response, place) {
  const { answers, alternatives, citations } = response;
  const { citation, ...chosen } = alternatives[place];
  const former = answers.map((answer) => ({ ...answer, chosen: undefined, citation: citations.find(({ id }) => id === answer.citation) }));
  const others = alternatives.filter((_, index) => index !== place);
  return {
    ...response,
    answer: chosen.text,
    answers: [{ ...chosen, citation: 1, chosen: true }],
    alternatives: [...former, ...others],
    citations: [{ ...citation, id: 1 }],
    timeline: [],
  };
}

function alternativeLine({ clause_parts: parts, citation }, onChoose) {
  const { before, answer, after } = parts;
  return el("li", {}, el("button", { type: "button", onclick: onChoose },
    el("span", { class: "clause", lang: contentLanguage() }, before, el("strong", {}, answer), after), " ",
    el("small", { class: "meta" },
      el("time", { datetime: citation.issue_date }, longDate(citation.issue_date)), " ",
      el("span", { lang: contentLanguage() }, citation.title))));
}

/**
 * Offers what else was read and may be meant; nothing where there is none.
 * @param {object} turn
 * @param {object} actions
 * @returns {HTMLElement|null}
 */
export function alternativesSection(turn, actions) {
  const { alternatives = [] } = turn.response;
  if (!alternatives.length) return null;
  return el("section", { class: "alternatives" },
    el("h3", {}, t("alternatives")),
    el("ul", { role: "list" },
      ...alternatives.map((one, place) => alternativeLine(one, () => actions.onChoose(turn, place)))),
    el("p", { class: "actions" }, el("button", { type: "button", class: "quiet", onclick: () => actions.onNone(turn) }, t("noneOfThem"))));
}

/**
 * Folds away the reports that were read beside those cited.
 * @param {object[]} passages
 * @param {HTMLElement} list
 * @returns {HTMLElement}
 */
export function readSection(passages, list) {
  return el("details", { class: "read near" },
    el("summary", {}, t("alsoRead", { count: passages.length })),
    el("p", { class: "note" }, t("nearNote")), list);
}
