// The welcome before the first question: what the archive holds, and example questions.

import * as api from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { contentLanguage, longDate, t } from "../shared/language.js";

const NAMED_PAPERS = 3;
const SHOWN = 4;

function paperNames(papers) {
  const names = papers.slice(0, NAMED_PAPERS).map((name) => t("paper", { name })).join("");
  return papers.length > NAMED_PAPERS ? t("papersMore", { names, count: papers.length }) : names;
}

function holdings(health) {
  if (!health) return t("archiveUnknown");
  if (!health.ready) return t("archiveLoading");
  if (!health.issues) return t("archiveEmpty");
  const { issues, articles, from, to } = health;
  return t(from === to ? "holdingsOneDay" : "holdings", {
    papers: paperNames(health.papers ?? []), issues, articles,
    from: longDate(from), to: longDate(to),
  });
}

/** What stands on the page before the first question: the archive's extent and some examples. */
export class Welcome {
  #section = byId("welcome");
  #health = undefined;
  #examples = [];
  #newest = null;
  #onAsk;
  #onOpen;

  /**
   * @param {{onAsk: (question: string) => void, onOpen: (article: object, link: HTMLElement) => void}} handlers
   */
  constructor({ onAsk, onOpen }) {
    this.#onAsk = onAsk;
    this.#onOpen = onOpen;
  }

  /**
   * Asks the server what it holds; the page does not wait for it.
   * @returns {Promise<object|null>} what the archive holds, where it could be reached
   */
  async loadHoldings() {
    this.#health = await api.health().catch(() => null);
    return this.#health;
  }

  /** Asks for questions to begin with, which a server that has just started chooses by asking them; else for headlines. */
  async loadExamples() {
    this.#examples = await api.examples().catch(() => []);
    if (!this.#examples.length) this.#newest = await api.newestIssue().catch(() => null);
  }

  /**
   * Shows or hides the welcome.
   * @param {boolean} shown
   * @param {{name: string, href: string}|null} last the conversation that was put down last
   */
  draw(shown, last) {
    this.#section.hidden = !shown;
    if (!shown) return;
    this.#section.replaceChildren(...[
      el("h2", {}, t("welcome")),
      el("p", { class: "promise" }, t("promise")),
      el("p", { class: "note holdings" }, this.#health === undefined ? "" : holdings(this.#health)),
      this.#exampleList() ?? this.#headlineList(),
      last && el("p", { class: "note last" }, t("goOn"), " ", el("a", { href: last.href, lang: contentLanguage() }, last.name)),
    ].filter(Boolean));
  }

  #exampleList() {
    if (!this.#examples.length) return null;
    return el("div", { class: "examples" },
      el("h3", {}, t("examples")),
      el("ul", { lang: contentLanguage() }, ...this.#examples.slice(0, SHOWN).map((question) =>
        el("li", {}, el("button", { type: "button", onclick: () => this.#onAsk(question) }, question)))));
  }

  #headlineList() {
    if (!this.#newest) return null;
    const open = (article) => (event) => {
      event.preventDefault();
      this.#onOpen(article, event.currentTarget);
    };
    return el("div", { class: "examples" },
      el("h3", {}, t("newest", { date: longDate(this.#newest.issue_date) })),
      el("ul", { lang: contentLanguage() }, ...this.#newest.articles.slice(0, SHOWN).map((article) =>
        el("li", {}, el("a", { href: `/articles/${article.article_id}`, onclick: open(article) }, article.title)))));
  }
}
