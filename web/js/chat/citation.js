// A citation: the quote with the answer marked, its imprint, and its reference to copy or download.

import { referenceUrl } from "../shared/api.js";
import { copyButton } from "../shared/clipboard.js";
import { el } from "../shared/dom.js";
import { credits, imprint } from "../shared/imprint.js";
import { contentLanguage, longDate, t } from "../shared/language.js";
import { menu } from "./menu.js";
import { markAnswer, readAnchor } from "../shared/quote.js";

const FORMATS = [["bibtex", "BibTeX"], ["ris", "RIS"], ["csl", "CSL-JSON"]];

function eventDates({ event_dates: dates, issue_date: issued }) {
  const others = (dates ?? []).filter((date) => date !== issued);
  if (!others.length) return null;
  const listed = others.map(longDate).join(t("listComma"));
  return el("span", {}, t("eventDates", { dates: listed }));
}

/**
 * Makes a link that opens the cited article beside the chat, or alone in a new tab.
 * @param {object} citation
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @param {{class: string, "aria-label"?: string}} props
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function citationLink(citation, onOpen, props, ...children) {
  // A saved conversation is not to be trusted with any other address.
  const url = String(citation.url).startsWith("/articles/") ? citation.url : null;
  return el("a", {
    href: url,
    ...props,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      onOpen(citation, event.currentTarget);
    },
  }, ...children);
}

function takeAlong({ id, article_id: article, quote, gbt7714 }) {
  return el("div", { class: "actions" },
    // The quote goes out exactly as printed, so that it can be verified later.
    copyButton("copy", () => [quote, gbt7714].filter(Boolean).join("\n")),
    menu(t("cite"), t("citeAs", { id }), ...FORMATS.map(([format, name]) =>
      el("a", { href: referenceUrl(article, format), download: true }, name))));
}

function printedLine({ corrected, printed }) {
  if (!printed) return null;
  if (!corrected) return el("p", { class: "note" }, t("printedReading"));
  const words = printed.quote === null ? t("correctedArticle") : t("correctedQuote", { printed: printed.quote });
  return el("p", { class: "note" }, words);
}

function relatedLine(later, lang, onOpen) {
  const { start, end } = readAnchor(later.url) ?? {}; // for the panel to mark the quote too
  const place = { ...later, quote_start: start, quote_end: end };
  return el("p", { class: "related" },
    el("strong", {}, t(later.relation === "correction" ? "related_correction" : "related_follow_up")), " ",
    citationLink(place, onOpen, { class: "headline", lang }, later.title), " ",
    el("span", { class: "meta" }, longDate(later.issue_date), later.page && ` ${t("pageNumber", { page: later.page })}`), " ",
    el("q", { lang }, later.quote));
}

function reprintLine(printing, lang, onOpen) {
  return el("p", { class: "related reprint" },
    el("strong", {}, t("seeAlso")), " ",
    citationLink(printing, onOpen, { class: "headline", lang }, printing.title), " ",
    el("span", { class: "meta" }, ...imprint(printing)));
}

/**
 * Shows one citation: the printed words, where they stand, and ways to take them along.
 * @param {object} citation
 * @param {string[]} words the answering words to mark in the quote
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @returns {HTMLElement}
 */
export function citationItem(citation, words, onOpen) {
  const { id, kicker, title, quote, gbt7714, related = [], reprints = [] } = citation;
  const lang = contentLanguage();
  return el("li", { class: "citation" },
    quote && el("blockquote", { lang }, el("p", {}, ...markAnswer(citation, words))),
    printedLine(citation),
    citationLink(citation, onOpen, { class: "chip" },
      el("span", { class: "number" }, id),
      el("span", { class: "headline", lang },
        kicker && el("span", { class: "kicker" }, kicker), kicker && " ", title),
      el("span", { class: "meta" }, ...imprint(citation), ...credits(citation), eventDates(citation)),
    ),
    ...related.map((later) => relatedLine(later, lang, onOpen)),
    ...reprints.map((printing) => reprintLine(printing, lang, onOpen)),
    quote && takeAlong(citation),
    gbt7714 && el("p", { class: "reference", lang }, gbt7714),
  );
}
