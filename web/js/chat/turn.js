// One turn of a conversation: the question, its chips, and the reply in each of its states.

import { answerNodes } from "./answer.js";
import { understoodChips } from "./chips.js";
import { copyButton } from "../shared/clipboard.js";
import { el } from "../shared/dom.js";
import { feedbackButtons } from "./feedback.js";
import { imprint } from "../shared/imprint.js";
import { contentLanguage, errorText, t } from "../shared/language.js";
import { archiveRoute } from "./route.js";

const REFUSED = [400, 413, 422]; // what another wording may mend

function skeleton({ passages }) {
  if (!passages) return [el("p", { class: "busy" }, t("asking"))];
  const lang = contentLanguage();
  return [
    el("p", { class: "busy" }, t("readingPassages", { count: passages.length })),
    el("ul", { class: "being-read" }, ...passages.map((passage) =>
      el("li", {}, el("span", { lang }, passage.title), " ", el("small", { class: "meta" }, ...imprint(passage).slice(0, 2))))),
  ];
}

function footer(turn, actions) {
  return el("footer", { class: "actions" },
    copyButton("copyLink", () => actions.address(turn)),
    el("a", { class: "button quiet", href: archiveRoute(turn) }, t("seeArchive")),
    feedbackButtons(turn, (helpful) => actions.onHelpful(turn, helpful)));
}

function furtherQuestions(turn, actions) {
  const { further = [] } = turn;
  if (!further.length) return null;
  const ask = (question) => actions.onAskAgain(turn, { question, alone: true });
  const asking = (question) =>
    el("li", {}, el("button", { type: "button", lang: contentLanguage(), onclick: () => ask(question) }, question));
  return el("nav", { class: "examples further", "aria-label": t("further") },
    el("p", { class: "note" }, t("further")), el("ul", { role: "list" }, ...further.map(asking)));
}

function reply(turn, actions) {
  if (turn.state === "done") {
    return [...answerNodes(turn, actions), furtherQuestions(turn, actions), footer(turn, actions)].filter(Boolean);
  }
  if (turn.state === "asking") return skeleton(turn);
  const again = el("button", { type: "button", onclick: () => actions.onRetry(turn) }, t("retry"));
  if (turn.state === "stopped") {
    return [el("p", { class: "note" }, t("stopped")), el("p", { class: "actions" }, again)];
  }
  const edit = el("button", { type: "button", onclick: () => actions.onEdit(turn) }, t("edit"));
  return [
    el("p", { class: "failure" }, errorText(turn.error), turn.error.status === 0 && el("small", {}, t("retriesItself"))),
    el("p", { class: "actions" }, again, REFUSED.includes(turn.error.status) && edit),
  ];
}

/**
 * Shows one question with what was understood of it and what came of it.
 * @param {object} turn
 * @param {object} actions what its buttons do
 * @returns {HTMLElement}
 */
export function turnNode(turn, actions) {
  const asked = (again) => actions.onAskAgain(turn, again);
  return el("li", { class: "turn", "data-state": turn.state },
    el("h2", { class: "question", tabindex: "-1", lang: contentLanguage() }, turn.question),
    understoodChips(turn, asked, actions.onFilters),
    el("div", { class: "reply" }, ...reply(turn, actions)));
}

/**
 * Puts the questions to go on with under an answer that is being read: nothing else of it is drawn again, so that the
 * focus, what is selected and what an open article goes back to stay.
 * @param {HTMLElement} node what `turnNode` made of the turn
 * @param {object} turn
 * @param {object} actions what its buttons do
 */
export function addFurther(node, turn, actions) {
  node.querySelector(".reply > footer").before(furtherQuestions(turn, actions));
}
