import * as api from "./api.js";
import { imprint } from "./citation.js";
import { byId, el } from "./dom.js";
import { errorText, t } from "./language.js";
import { cutAround, markedParagraphs } from "./quote.js";

const BESIDE = "(min-width: 60rem)"; // as in style.css: below it the panel covers the chat

/** The panel that shows a whole article beside the chat, or over it on a phone. */
export class ArticlePanel {
  #panel = byId("article-panel");
  #sheet = byId("panel-article");
  #chat = byId("chat-side");
  #beside = matchMedia(BESIDE);
  #opener = null;
  #shown = null;
  #request = null;

  constructor() {
    byId("panel-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && this.#isOpen) this.close();
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
   * Opens the article that a citation names, at its quote.
   * @param {object} citation
   * @param {HTMLElement} opener gets the focus back on closing
   */
  open(citation, opener) {
    if (!this.#isOpen) history.pushState({ article: true }, "");
    this.#opener = opener;
    this.#panel.hidden = false;
    document.body.classList.add("reading");
    this.#fence();
    byId("panel-link").setAttribute("href", opener.getAttribute("href") ?? "/");
    this.#panel.focus({ preventScroll: true });
    this.#load(citation);
  }

  /** Closes the panel and gives the focus back. */
  close() {
    if (!this.#isOpen) return;
    this.#hide();
    if (history.state?.article) history.back();
  }

  /** Writes the open article again, in the language now chosen. */
  redraw() {
    if (this.#isOpen && this.#shown) this.#draw();
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
    this.#sheet.replaceChildren(el("p", { class: "busy", role: "status" }, t("articleLoading")));
    const { article_id: id, quote_start: start, quote_end: end } = citation;
    try {
      const article = await this.#fetch(id, { start, end }, request.signal);
      this.#shown = { article, quote: citation.quote };
      this.#draw();
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

  #draw() {
    const { article, quote } = this.#shown;
    const cut = cutAround(article, quote);
    this.#sheet.replaceChildren(...[
      article.kicker && el("p", { class: "kicker" }, article.kicker),
      el("h3", {}, article.title),
      article.subtitle && el("p", { class: "subtitle" }, article.subtitle),
      el("p", { class: "meta" }, ...imprint(article)),
      quote && !cut.quote && el("p", { class: "notice" }, t("quoteMoved")),
      el("div", { class: "body" }, ...markedParagraphs(cut)),
    ].filter(Boolean));
    this.#panel.scrollTop = 0;
    this.#sheet.querySelector("mark")?.scrollIntoView({ block: "center" });
  }
}
