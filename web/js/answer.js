import { citationItem, citationLink } from "./citation.js";
import { el } from "./dom.js";
import { language, longDate, t } from "./language.js";

const LONG_ANSWER = 36; // UTF-16 units; only decides the size of type

function confidenceWord(confidence) {
  if (confidence >= 0.8) return t("confidenceHigh");
  return t(confidence >= 0.5 ? "confidenceMiddle" : "confidenceLow");
}

function contentLanguage() {
  return language() === "zh-CN" ? null : "zh-CN";
}

function sourceNumber(citation, onOpen) {
  if (!citation) return null;
  const label = t("openSource", { id: citation.id, title: citation.title });
  return citationLink(citation, onOpen, { class: "number", "aria-label": label }, `[${citation.id}]`);
}

function answerLine(answer, citations, onOpen) {
  const size = answer.text.length > LONG_ANSWER ? "words long" : "words";
  return [
    el("span", { class: size, lang: contentLanguage() }, answer.text), " ",
    sourceNumber(citations.get(answer.citation), onOpen), " ",
    el("span", { class: "confidence" }, confidenceWord(answer.confidence)),
  ];
}

function answerLines(answers, citations, onOpen) {
  if (answers.length === 1) {
    return [el("p", { class: "answer" }, ...answerLine(answers[0], citations, onOpen))];
  }
  return [
    el("p", { class: "note" }, t("severalAnswers", { count: answers.length })),
    el("ol", { class: "answers" }, ...answers.map((answer) =>
      el("li", { class: "answer" }, ...answerLine(answer, citations, onOpen)))),
  ];
}

function timelineTable(timeline, citations, onOpen) {
  if (timeline.length < 2) return null;
  return el("details", { class: "timeline" },
    el("summary", {}, t("timeline")),
    el("table", {}, el("tbody", {}, ...timeline.map((entry) =>
      el("tr", {},
        el("th", { scope: "row" }, longDate(entry.date)),
        el("td", { lang: contentLanguage() }, entry.answer),
        el("td", {}, sourceNumber(citations.get(entry.citation), onOpen)))))));
}

function searchedLine(searched) {
  if (!searched) return null;
  const { issues, articles, from, to } = searched;
  if (!issues) return el("p", { class: "note" }, t("searchedNothing"));
  const key = from === to ? "searchedOneDay" : "searched";
  return el("p", { class: "note searched" },
    t(key, { issues, articles, from: longDate(from), to: longDate(to) }));
}

function understoodLine({ question, understood_as: understood }) {
  if (!understood || understood === question) return null;
  return el("p", { class: "note" }, t("understoodAs", { question: understood }));
}

function citationList(citations, wordsFor, onOpen) {
  return el("ol", { class: "citations" },
    ...citations.map((citation) => citationItem(citation, wordsFor(citation), onOpen)));
}

/**
 * Shows what the archive answered, or that it holds no answer.
 * @param {object} response the body of POST /api/ask
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @returns {Node[]}
 */
export function answerNodes(response, onOpen) {
  const { answered, answers = [], citations, timeline = [], searched } = response;
  const byId = new Map(citations.map((citation) => [citation.id, citation]));
  const near = citations.filter((citation) => citation.near || !answered);
  const sources = citations.filter((citation) => !citation.near && answered);
  const wordsFor = ({ id }) =>
    answers.filter(({ citation }) => citation === id).map(({ text }) => text);
  const nodes = [understoodLine(response)];
  if (answered) {
    nodes.push(
      ...answerLines(answers, byId, onOpen),
      timelineTable(timeline, byId, onOpen),
      el("h3", { class: "unseen" }, t("sources")),
      citationList(sources, wordsFor, onOpen),
    );
  } else {
    nodes.push(el("p", { class: "answer none" }, t("noAnswer")));
  }
  nodes.push(searchedLine(searched));
  if (near.length) {
    nodes.push(el("section", { class: "near" },
      el("h3", {}, t("near")),
      el("p", { class: "note" }, t("nearNote")),
      citationList(near, () => [], onOpen)));
  }
  return nodes.filter(Boolean);
}

/**
 * Puts an answer into one sentence for a screen reader.
 * @param {object} response the body of POST /api/ask
 * @returns {string}
 */
export function spokenAnswer({ answered, answers = [], citations }) {
  if (!answered) return t("noAnswer");
  const words = answers.map(({ text }) => text).join(t("listComma"));
  return t("announceAnswer", { answer: words, count: citations.filter((c) => !c.near).length });
}
