import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { longDate, t } from "./language.js";

const NAMED_PAPERS = 3;

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
  #onAsk;
  #onRestore;

  /**
   * @param {{onAsk: (question: string) => void, onRestore: () => void}} handlers
   */
  constructor({ onAsk, onRestore }) {
    this.#onAsk = onAsk;
    this.#onRestore = onRestore;
  }

  /** Asks the server what it holds; the page does not wait for it. */
  async load() {
    const [health, examples] = await Promise.allSettled([api.health(), api.examples()]);
    this.#health = health.status === "fulfilled" ? health.value : null;
    this.#examples = examples.status === "fulfilled" ? (examples.value ?? []) : [];
  }

  /**
   * Shows or hides the welcome.
   * @param {boolean} shown
   * @param {boolean} canRestore whether a conversation was just put away
   */
  draw(shown, canRestore) {
    this.#section.hidden = !shown;
    if (!shown) return;
    this.#section.replaceChildren(...[
      el("h2", {}, t("welcome")),
      el("p", {}, t("promise")),
      el("p", { class: "note holdings" }, this.#health === undefined ? "" : holdings(this.#health)),
      this.#exampleList(),
      canRestore && el("button", { type: "button", class: "quiet", onclick: this.#onRestore },
        t("restore")),
    ].filter(Boolean));
  }

  #exampleList() {
    if (!this.#examples.length) return null;
    return el("div", { class: "examples" },
      el("h3", {}, t("examples")),
      el("ul", { lang: "zh-CN" }, ...this.#examples.slice(0, 4).map((question) =>
        el("li", {}, el("button", { type: "button", onclick: () => this.#onAsk(question) },
          question)))));
  }
}
