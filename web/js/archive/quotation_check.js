// The quotation check: a box to paste into, the verdict, and how print and quotation differ.

import { post, request } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { credits, imprint } from "../shared/imprint.js";
import { contentLanguage, errorText, t } from "../shared/language.js";

/** The box that checks a quotation against the print. */
export class QuotationCheck {
  #box = byId("quote");
  #verdict = byId("verdict");
  #places = byId("places");
  #checked = null;

  constructor() {
    byId("verify").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
  }

  /** Draws what was last found. */
  draw() {
    if (!this.#checked) return;
    const { status, places, more } = this.#checked;
    this.#verdict.replaceChildren(...[
      el("p", { class: `verdict ${status}` }, t(`verdict_${status}`)),
      more && el("p", { class: "note" }, t("placesMore")),
    ].filter(Boolean));
    this.#places.replaceChildren(...places.map(placeItem));
  }

  async #run() {
    const quote = this.#box.value.trim();
    if (!quote) return this.#box.focus();
    this.#verdict.textContent = t("verifying");
    this.#places.replaceChildren();
    this.#checked = null;
    try {
      this.#checked = await request("/api/verify", post({ quote }));
      this.draw();
    } catch (error) {
      this.#verdict.replaceChildren(el("p", { class: "failure" }, errorText(error)));
    }
  }
}

function placeItem({ status, field, segments, after, citation }) {
  const lang = contentLanguage();
  const differing = segments.flatMap(({ difference }) => difference).filter(({ op }) => op !== "equal");
  const told = differing.map(tellDifference).filter(Boolean);
  const url = field === "body"
    ? `/articles/${citation.article_id}#c${segments[0].start}-${segments.at(-1).end}`
    : `/articles/${citation.article_id}`;
  return el("li", { class: "result" },
    el("h3", { lang }, el("a", { href: url }, citation.title)),
    el("p", { class: "meta" }, el("span", { class: "status" }, t(`status_${status}`)), ...imprint(citation), ...credits(citation)),
    el("p", { class: "text", lang },
      ...segments.flatMap(({ before, printed, difference }) => [
        el("span", { class: "around" }, before),
        ...(difference.length ? difference.flatMap(showStep) : [el("mark", {}, printed)]),
      ]),
      el("span", { class: "around" }, after)),
    told.length > 0 && el("details", { class: "difference" },
      el("summary", {}, t("difference")),
      el("p", { class: "note" }, t("differenceHint")),
      el("ul", {}, ...told.map((line) => el("li", {}, ...line)))));
}

function showStep({ op, quoted, printed }) {
  if (op === "equal") return [printed];
  return [quoted && el("del", {}, quoted), printed && el("ins", {}, printed)].filter(Boolean);
}

// Strokes and colours are for the eye; this is said in words.
function tellDifference({ quoted, printed }) {
  const word = (tag, text) => el(tag, { lang: "zh-CN" }, text);
  if (!quoted.trim() && !printed.trim()) return null;
  if (!printed) return [t("onlyQuoted"), " ", word("del", quoted)];
  if (!quoted) return [t("onlyPrinted"), " ", word("ins", printed)];
  return [t("quotedWord"), " ", word("del", quoted), " ", t("printedWord"), " ", word("ins", printed)];
}
