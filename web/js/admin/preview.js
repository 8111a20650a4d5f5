// What an upload would do, shown before it is confirmed: what each file is read as, its first headlines, its warnings.

import { el } from "../shared/dom.js";
import { longDate, t } from "../shared/language.js";

/**
 * Makes the table of what files are read as.
 * @param {object[]} files as the API foresees them
 */
export function previewTable(files) {
  const columns = ["uploadFile", "previewReader", "previewIssue", "previewArticles"];
  return el("table", { class: "preview" },
    el("caption", {}, t("previewName")),
    el("thead", {}, el("tr", {}, ...columns.map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, ...files.flatMap(fileRows)));
}

function fileRows(file) {
  const read = [file.reader, file.encoding, t(`state_${file.state}`)].filter(Boolean).join(" · ");
  const issues = file.issues.length ? file.issues : [null];
  return issues.map((issue, at) => el("tr", {},
    at ? el("td") : el("th", { scope: "row" }, file.file),
    el("td", {}, at ? "" : read),
    el("td", { lang: "zh-CN" }, issue ? issueName(issue) : "–"),
    el("td", {}, issue && contents(issue), warnings(at ? [] : file.warnings, issue?.warnings ?? []))));
}

function issueName({ paper, issue_date: first, last_date: last, edition, issue_number: number, pages }) {
  return [
    paper, last ? `${longDate(first)} – ${longDate(last)}` : longDate(first), edition,
    number !== null && t("issueNumber", { number }), pages.length && t("pageNumber", { page: pages.join("、") }),
  ].filter(Boolean).join(" ");
}

function contents({ articles, headlines }) {
  const rest = articles > headlines.length;
  return el("div", {}, t("articlesInAll", { count: articles }), el("ul", { lang: "zh-CN" },
    ...headlines.map(({ title, byline }) => el("li", {}, title, byline && el("span", { class: "note" }, ` ${byline}`))),
    rest && el("li", {}, "……")));
}

function warnings(...lists) {
  const told = lists.flat();
  return told.length > 0 && el("ul", { class: "warnings", lang: "zh-CN" }, ...told.map((warning) => el("li", {}, warning)));
}
