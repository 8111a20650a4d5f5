// The export of conversations as Markdown or JSON files.

import { noticeText } from "./answer.js";
import { nameOf } from "./conversation_store.js";
import { longDate, t } from "../shared/language.js";
import { saveFile } from "../shared/download.js";

const SPECIAL = /[\\`*_[\]<>#|~]/g;

function plain(text) {
  return text.replace(SPECIAL, "\\$&").replace(/\s*\n\s*/g, " ");
}

function addressed(reference, url) {
  return `${plain(reference)} <${new URL(url, location.href)}>`;
}

function citationLines({ quote, gbt7714, title, paper, issue_date: date, url, reprints = [] }) {
  const reference = gbt7714 || t("exportReference", { title, paper, date: longDate(date) });
  const others = reprints.map((other) =>
    `> ${t("seeAlso")} ${addressed(t("exportReference", { ...other, date: longDate(other.issue_date) }), other.url)}`);
  return [`> ${plain(quote)}`, ">", `> — ${addressed(reference, url)}`, ...others.flatMap((line) => [">", line]), ""];
}

function turnLines({ question, state, response }) {
  const lines = [`## ${plain(question)}`, ""];
  if (state !== "done") return [...lines, t("exportUnanswered"), ""];
  const sources = response.citations.filter(({ near }) => !near && response.answered);
  const unanswered = response.notice ? noticeText(response) : t("noAnswer");
  lines.push(response.answered
    ? response.answers.map(({ text }) => `**${plain(text)}**`).join(t("listComma"))
    : unanswered, "");
  return [...lines, ...sources.flatMap(citationLines)];
}

/**
 * Writes a conversation as Markdown, each answer with its quotes and references.
 * @param {object} conversation
 * @returns {string}
 */
export function asMarkdown(conversation) {
  return [`# ${plain(nameOf(conversation))}`, "", ...conversation.turns.flatMap(turnLines)].join("\n");
}

/**
 * Saves conversations as JSON, all they hold, or as Markdown to be read.
 * @param {object[]} conversations
 * @param {"json"|"markdown"} format
 */
export function saveConversations(conversations, format) {
  const name = `wenbao-${conversations.length === 1 ? conversations[0].id : "all"}`;
  if (format === "json") {
    saveFile(`${name}.json`, "application/json", JSON.stringify({ conversations }, null, 1));
  } else {
    saveFile(`${name}.md`, "text/markdown", conversations.map(asMarkdown).join("\n\n"));
  }
}
