// The imprint of a text (paper, day, number, page) and its credits (byline, source).

import { el } from "./dom.js";
import { longDate, t } from "./language.js";

/**
 * Lists where a text was printed, as spans; whatever is not known is left out.
 * @param {object} record a citation, a passage or an article
 * @returns {HTMLElement[]}
 */
export function imprint(record) {
  const known = (value) => value !== null && value !== undefined && value !== "";
  const parts = [
    known(record.paper) && t("paper", { name: record.paper }),
    known(record.issue_date) && [record.issue_date, record.last_date].filter(known).map(longDate).join(" – "),
    record.edition,
    known(record.issue_number) && t("issueNumber", { number: record.issue_number }),
    known(record.page) && t("pageNumber", { page: record.page }),
    record.page_name,
    known(record.continued) && t("pageNumber", { page: record.continued }),
  ];
  return parts.filter(Boolean).map((part) => el("span", {}, part));
}

/**
 * Lists who wrote a text and which other paper or agency it came from, as spans, in the words printed.
 * @param {object} record
 * @returns {HTMLElement[]}
 */
export function credits({ paper, byline, source }) {
  const own = source?.replace(/[《》]/g, "") === paper;
  return [byline, !own && source].filter(Boolean).map((part) => el("span", {}, part));
}

/**
 * Links to the articles of the issue with which an article goes on, or from which it comes.
 * @param {object} article
 * @returns {HTMLElement[]}
 */
export function otherParts({ other_parts: parts = [] }) {
  return parts.map(({ article_id: id, title, page }) =>
    el("a", { href: `/articles/${encodeURIComponent(id)}` }, t("otherPart", { page, title })),
  );
}
