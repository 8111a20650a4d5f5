// The answer of a turn: its clauses with their confidence, the citations, what else was read, and what was searched.

import { alternativesSection, readSection } from "./alternatives.js";
import { citationItem, citationLink } from "./citation.js";
import { el } from "../shared/dom.js";
import { contentLanguage, longDate, t } from "../shared/language.js";
import { timelineSection } from "./timeline.js";

const LONG_CLAUSE = 48; // UTF-16 units; only decides the size of type

const CERTAINTIES = { high: "confidenceHigh", middle: "confidenceMiddle", low: "confidenceLow" };

const NOTICES = {
  greeting: "noticeGreeting",
  thanks: "noticeThanks",
  about: "noticeAbout",
  no_question: "noticeNoQuestion",
  not_for_an_archive: "noticeNotForAnArchive",
  abuse: "noticeAbuse",
};

function sourceNumber(citation, onOpen) {
  if (!citation) return null;
  const label = t("openSource", { id: citation.id, title: citation.title });
  return citationLink(citation, onOpen, { class: "number", "aria-label": label }, citation.id);
}

/** The printed clause with the words that answer bold in it; answers kept from before the server told it have none. */
function clause({ text, clause_parts: parts }) {
  return parts ? [parts.before, el("strong", {}, parts.answer), parts.after].filter(Boolean) : [el("strong", {}, text)];
}

function answerLine(answer, citations, onOpen) {
  const words = clause(answer);
  const length = words.reduce((sum, part) => sum + (part.textContent ?? part).length, 0);
  const unsure = answer.certainty === "low";
  const size = unsure ? "words unsure" : length > LONG_CLAUSE ? "words long" : "words";
  return [
    unsure && el("span", { class: "perhaps" }, t("perhaps")), unsure && " ",
    el("span", { class: size, lang: contentLanguage() }, ...words), " ",
    sourceNumber(citations.get(answer.citation), onOpen), " ",
    // Answers that the browser kept before the server told it have none.
    CERTAINTIES[answer.certainty] && el("span", { class: "confidence" }, t(CERTAINTIES[answer.certainty])),
    answer.chosen && el("span", { class: "note" }, " ", t("chosenByYou")),
  ];
}

function answerLines(answers, timeline, citations, onOpen) {
  const [first] = answers;
  if (timeline.length > 1) {
    const { date } = timeline.find(({ citation, answer }) => citation === first.citation && answer === first.text) ?? timeline.at(-1);
    return [
      el("p", { class: "note" }, t("severalDays", { count: new Set(timeline.map((told) => told.date)).size, date: longDate(date) })),
      el("p", { class: "answer" }, ...answerLine(first, citations, onOpen)),
    ];
  }
  if (answers.length === 1) {
    return [el("p", { class: "answer" }, ...answerLine(first, citations, onOpen))];
  }
  return [
    el("p", { class: "note" }, t("severalAnswers", { count: answers.length })),
    el("ol", { class: "answers" }, ...answers.map((answer) =>
      el("li", { class: "answer" }, ...answerLine(answer, citations, onOpen)))),
  ];
}

function searchedLine(searched) {
  if (!searched) return null;
  const { issues, articles, from, to } = searched;
  // That there is no paper of the day asked for is told in words of its own.
  if (!issues) return searched.lacking?.length ? null : el("p", { class: "note searched" }, t("searchedNothing"));
  const key = from === to ? "searchedOneDay" : "searched";
  return el("p", { class: "note searched" },
    t(key, { issues, articles, from: longDate(from), to: longDate(to) }));
}

function issueLink(key, date, id) {
  if (!date) return null;
  return el("span", {}, t(key), " ", el("a", { href: id ? `/issues/${encodeURIComponent(id)}` : null }, longDate(date)));
}

function lackingLines({ lacking = [] }) {
  return lacking.map(({ day, before, before_issue_id: beforeId, after, after_issue_id: afterId, missing }) =>
    el("p", { class: "lacking" },
      el("span", {}, t("lacking", { day: longDate(day) })), " ",
      issueLink("lackingBefore", before, beforeId), " ", issueLink("lackingAfter", after, afterId), " ",
      missing > 0 && el("span", {}, t("lackingMissing", { count: missing }))));
}

/**
 * Lists citations as an answer does.
 * @param {object[]} citations
 * @param {(citation: object) => string[]} wordsFor the answering words to mark in each
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @returns {HTMLElement}
 */
function citationList(citations, wordsFor, onOpen) {
  return el("ol", { class: "citations" },
    ...citations.map((citation) => citationItem(citation, wordsFor(citation), onOpen)));
}

/**
 * Says why an input was answered without a search.
 * @param {{notice: string}} response
 * @returns {string}
 */
export function noticeText({ notice }) {
  return t(NOTICES[notice] ?? "noticeNoQuestion");
}

/**
 * Shows what the archive answered, or that it holds no answer.
 * @param {object} turn
 * @param {object} turn.response the event `answer` of POST /api/ask/stream
 * @param {object[]} [turn.passages] what was read for it
 * @param {object} actions
 * @returns {Node[]}
 */
export function answerNodes(turn, actions) {
  const { response, passages = [] } = turn;
  const { onOpen } = actions;
  if (response.notice) return [el("p", { class: "answer none" }, noticeText(response))];
  const { answered, answers = [], citations, timeline = [], searched } = response;
  const byId = new Map(citations.map((citation) => [citation.id, citation]));
  const near = citations.filter((citation) => citation.near || !answered);
  const sources = citations.filter((citation) => !citation.near && answered);
  const wordsFor = ({ id }) =>
    answers.filter(({ citation }) => citation === id).map(({ text }) => text);
  const nodes = [];
  if (answered) {
    nodes.push(
      ...answerLines(answers, timeline, byId, onOpen),
      timelineSection(timeline, byId, onOpen),
      el("h3", { class: "unseen" }, t("sources")),
      citationList(sources, wordsFor, onOpen),
      alternativesSection(turn, actions),
    );
  } else {
    nodes.push(el("p", { class: "answer none" }, t("noAnswer")));
  }
  nodes.push(...lackingLines(searched ?? {}), searchedLine(searched));
  if (near.length) {
    nodes.push(el("section", { class: "near" },
      el("h3", {}, t("near")),
      el("p", { class: "note" }, t("nearNote")),
      citationList(near, () => [], onOpen)));
  }
  const cited = new Set(citations.map(({ article_id: id }) => id));
  const others = passages.filter(({ article_id: id }) => !cited.has(id));
  if (others.length) nodes.push(readSection(others, citationList(others, () => [], onOpen)));
  return nodes.filter(Boolean);
}

/**
 * Puts an answer into one sentence for a screen reader.
 * @param {object} response the event `answer` of POST /api/ask/stream
 * @returns {string}
 */
export function spokenAnswer({ answered, answers = [], citations, notice, searched }) {
  if (notice) return noticeText({ notice });
  if (!answered) {
    const days = (searched?.lacking ?? []).map(({ day }) => t("lacking", { day: longDate(day) }));
    return [t("noAnswer"), ...days].join(" ");
  }
  const words = answers.map(({ text }) => text).join(t("listComma"));
  return t("announceAnswer", { answer: words, count: citations.filter((c) => !c.near).length });
}
