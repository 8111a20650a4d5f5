import { copyText } from "./clipboard.js";
import { byId, el } from "./dom.js";
import { language, longDate, t } from "./language.js";
import { markAnswer } from "./quote.js";

const COPIED_FOR_MS = 2500;

/**
 * Lists where a text was printed, as spans; whatever is not known is left out.
 * @param {object} record a citation or an article
 * @returns {HTMLElement[]}
 */
export function imprint(record) {
  const known = (value) => value !== null && value !== undefined && value !== "";
  const parts = [
    known(record.paper) && t("paper", { name: record.paper }),
    known(record.issue_date) && longDate(record.issue_date),
    known(record.issue_number) && t("issueNumber", { number: record.issue_number }),
    known(record.page) && t("pageNumber", { page: record.page }),
    known(record.byline) && record.byline,
    known(record.source) && record.source,
  ];
  return parts.filter(Boolean).map((part) => el("span", {}, part));
}

function eventDates({ event_dates: dates, issue_date: issued }) {
  const others = (dates ?? []).filter((date) => date !== issued);
  if (!others.length) return null;
  const listed = others.map(longDate).join(t("listComma"));
  return el("span", {}, t("eventDates", { dates: listed }));
}

function copyButton(citation) {
  let timer = 0;
  const button = el("button", {
    type: "button",
    class: "quiet",
    onclick: async () => {
      // The quote goes out exactly as printed, so that it can be verified later.
      const done = await copyText([citation.quote, citation.gbt7714].filter(Boolean).join("\n"));
      button.textContent = t(done ? "copied" : "copyFailed");
      byId("live").textContent = button.textContent;
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = t("copy")), COPIED_FOR_MS);
    },
  }, t("copy"));
  return button;
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
  // A saved thread is not to be trusted with any other address.
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

/**
 * Shows one citation: the printed words, where they stand, and a way to take them along.
 * @param {object} citation
 * @param {string[]} words the answering words to mark in the quote
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @returns {HTMLElement}
 */
export function citationItem(citation, words, onOpen) {
  const { id, kicker, title, quote } = citation;
  const zh = language() === "zh-CN" ? null : "zh-CN";
  return el("li", { class: "citation" },
    quote && el("blockquote", { lang: zh }, el("p", {}, ...markAnswer(citation, words))),
    citationLink(citation, onOpen, { class: "chip" },
      el("span", { class: "number" }, `[${id}]`),
      el("span", { class: "headline", lang: zh },
        kicker && el("span", { class: "kicker" }, kicker), kicker && " ", title),
      el("span", { class: "meta" }, ...imprint(citation), eventDates(citation)),
    ),
    quote && copyButton(citation),
  );
}
