// The panel that shows the article of a citation beside the chat.

import * as api from "../shared/api.js";
import { announce, byId, el } from "../shared/dom.js";
import { credits, imprint, otherParts } from "../shared/imprint.js";
import { errorText, t } from "../shared/language.js";
import { cutAround, markedParagraphs } from "../shared/quote.js";

const BESIDE = "(min-width: 60rem)"; // as in style.css: below it the panel covers the chat

/** The panel that shows a whole article beside the chat, or over it on a phone. */
export class ArticlePanel {
  #panel = byId("article-panel");
  #sheet = byId("panel-article");
  #chat = byId("chat-side");
  #contents = byId("panel-contents");
  #before = byId("panel-before");
  #after = byId("panel-after");
  #beside = matchMedia(BESIDE);
  #opener = null;
  #shown = null;
  #day = []; // the issue of the article, then what other papers printed that day
  #request = null;

  constructor() {
    byId("panel-close").addEventListener("click", () => this.close());
    this.#before.addEventListener("click", () => this.#turnOver(-1));
    this.#after.addEventListener("click", () => this.#turnOver(1));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      if (this.#isOpen && !document.querySelector("dialog[open]")) this.close();
    });
    this.#beside.addEventListener("change", () => this.#fence());
    // The back gesture of a phone closes the panel instead of leaving the page.
    addEventListener("popstate", () => this.#isOpen && this.#hide());
    history.replaceState(null, "");
  }

  get #isOpen() {
    return !this.#panel.hidden;
  }

  /**
   * Opens the article that a citation names, at its quote; or from its beginning where no quote is named.
   * @param {object} citation
   * @param {HTMLElement} opener gets the focus back on closing
   */
  open(citation, opener) {
    if (!this.#isOpen) history.pushState({ article: true }, "");
    this.#opener = opener;
    this.#panel.hidden = false;
    document.body.classList.add("reading");
    this.#fence();
    this.#panel.focus({ preventScroll: true });
    this.#load(citation);
  }

  /** Closes the panel and gives the focus back. */
  close() {
    if (!this.#isOpen) return;
    this.#hide();
    if (history.state?.article) history.back();
  }

  /** Closes the panel where the page goes on to another address by itself. */
  dismiss() {
    if (this.#isOpen) this.#hide();
  }

  /** Writes the open article again, in the language now chosen. */
  redraw() {
    if (!this.#isOpen || !this.#shown) return;
    this.#draw();
    this.#drawContents();
  }

  #hide() {
    this.#request?.abort();
    this.#panel.hidden = true;
    this.#shown = null;
    document.body.classList.remove("reading");
    this.#fence();
    this.#focusOpener();
  }

  #focusOpener() {
    const url = CSS.escape(this.#opener.getAttribute("href") ?? "");
    // The thread may have been drawn again since: then the same link stands there anew.
    const again = document.querySelector(`#thread a[href="${url}"]`) ?? byId("question");
    (this.#opener.isConnected ? this.#opener : again).focus();
  }

  #fence() {
    // What lies under the panel must not take the focus.
    this.#chat.inert = this.#isOpen && !this.#beside.matches;
  }

  async #load(citation) {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    this.#shown = null;
    const { article_id: id, quote_start: start, quote_end: end, quote = null } = citation;
    byId("panel-link").setAttribute("href", `/articles/${encodeURIComponent(id)}${quote ? `#c${start}-${end}` : ""}`);
    this.#sheet.replaceChildren(el("p", { class: "busy" }, t("articleLoading")));
    try {
      const article = await this.#fetch(id, quote ? { start, end } : null, request.signal);
      this.#shown = { article, quote };
      this.#draw();
      announce(article.title);
      await this.#loadContents(article, request.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof api.ApiError)) throw error;
      this.#sheet.replaceChildren(
        el("p", { class: "failure", role: "alert" }, errorText(error)),
        el("button", { type: "button", onclick: () => this.#load(citation) }, t("retry")),
      );
    }
  }

  async #fetch(id, range, signal) {
    try {
      return await api.article(id, range, signal);
    } catch (error) {
      // Offsets of an old answer may lie outside an article that was replaced since.
      if (error.status !== 400 && error.status !== 422) throw error;
      return api.article(id, null, signal);
    }
  }

  async #loadContents(article, signal) {
    if (this.#day[0]?.issue_id !== article.issue_id) {
      this.#day = [];
      this.#drawContents();
      this.#day = await api.issuesOfDay(article, signal);
    }
    this.#drawContents();
  }

  get #articles() {
    return this.#day[0]?.articles ?? [];
  }

  get #place() {
    return this.#articles.findIndex(({ article_id: id }) => id === this.#shown?.article.article_id);
  }

  #turnOver(step) {
    const next = this.#place < 0 ? null : this.#articles[this.#place + step];
    if (next) this.#load(next);
  }

  #draw() {
    const { article, quote } = this.#shown;
    const cut = cutAround(article, quote);
    const written = credits(article);
    this.#sheet.replaceChildren(...[
      el("p", { class: "imprint" }, ...imprint(article), ...otherParts(article)),
      article.column && el("p", { class: "column" }, article.column),
      article.kicker && el("p", { class: "kicker" }, article.kicker),
      el("h3", {}, article.title),
      article.subtitle && el("p", { class: "subtitle" }, article.subtitle),
      written.length && el("p", { class: "meta" }, ...written),
      quote && !cut.quote && el("p", { class: "notice" }, t("quoteMoved")),
      el("div", { class: "body" }, ...markedParagraphs(cut)),
    ].filter(Boolean));
    this.#panel.scrollTop = 0;
    this.#sheet.querySelector("mark")?.scrollIntoView({ block: "center" });
  }

  #drawContents() {
    const articles = this.#articles;
    const place = this.#place;
    // A disabled button would lose the focus at the last article.
    this.#before.setAttribute("aria-disabled", String(place <= 0));
    this.#after.setAttribute("aria-disabled", String(place < 0 || place >= articles.length - 1));
    this.#contents.hidden = !articles.length;
    if (!articles.length) return;
    this.#contents.querySelector("summary").textContent = t("contents", { count: articles.length });
    byId("panel-day").replaceChildren(...this.#day.flatMap((issue, index) => [
      index > 0 && el("h3", {}, t("sameDay"), " ", t("paper", { name: issue.paper })),
      el("ol", {}, ...issue.articles.map((line) => this.#contentsLine(line))),
    ].filter(Boolean)));
  }

  #contentsLine(line) {
    const here = line.article_id === this.#shown?.article.article_id;
    return el("li", {}, el("a", {
      href: `/articles/${encodeURIComponent(line.article_id)}`,
      "aria-current": here ? "true" : null,
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        this.#contents.open = false;
        this.#panel.focus({ preventScroll: true });
        this.#load(line);
      },
    }, line.title));
  }
}
