// The search of passages: its box, its results and their pages.

import { request } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { imprint } from "../shared/imprint.js";
import { contentLanguage, errorText, t } from "../shared/language.js";

const FOUND_AT_MOST = 50;
const A_PAGE = 10;

/** The search of passages: the words, what was found, and its pages. */
export class Search {
  #box = byId("words");
  #told = byId("search-told");
  #list = byId("results");
  #pager = byId("pager");
  #passages = null;
  #matches = 0;
  #page = 0;
  #running = null;
  #filters;
  #onMatches;

  /**
   * @param {{filters: () => Record<string, string>, onMatches: (issues: object[], passages: object[]) => number}} handlers
   *   `filters` gives the days and paper to search; `onMatches` takes the issues with their matches, and what was found, and counts the matches
   */
  constructor({ filters, onMatches }) {
    this.#filters = filters;
    this.#onMatches = onMatches;
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
  }

  /** @returns {string} the words to search, as typed */
  get words() {
    return this.#box.value.trim();
  }

  set words(words) {
    this.#box.value = words;
  }

  /** Searches for the words in the box; without any it says so. */
  async run() {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const { signal } = running;
    const q = this.words;
    if (!q) {
      this.#told.textContent = t("searchEmpty");
      return this.#box.focus();
    }
    this.#told.textContent = t("searching");
    const query = new URLSearchParams({ q, k: FOUND_AT_MOST, ...this.#filters() });
    try {
      const [found, calendar] = await Promise.all([
        request(`/api/search?${query}`, { signal }),
        request(`/api/calendar?${new URLSearchParams({ q })}`, { signal }),
      ]);
      this.#passages = found.passages;
      this.#matches = this.#onMatches(calendar.issues, found.passages);
      this.#page = 0;
      this.draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#passages = null;
      this.draw();
      this.#told.textContent = errorText(error);
    }
  }

  /** Draws the page of results that is open. */
  draw() {
    const found = this.#passages ?? [];
    if (this.#passages) {
      this.#told.textContent = found.length
        ? t("searchFound", { count: found.length, matches: this.#matches })
        : t("searchNothing");
    }
    this.#list.start = this.#page * A_PAGE + 1;
    this.#list.replaceChildren(...found.slice(this.#page * A_PAGE, (this.#page + 1) * A_PAGE).map(resultItem));
    this.#drawPager(Math.ceil(found.length / A_PAGE));
  }

  #drawPager(pages) {
    this.#pager.hidden = pages < 2;
    const turn = (key, by) => el("button", {
      type: "button", disabled: this.#page + by < 0 || this.#page + by >= pages, onclick: () => this.#turn(by),
    }, t(key));
    this.#pager.replaceChildren(
      turn("pageBefore", -1), el("span", {}, t("pageOf", { page: this.#page + 1, pages })), turn("pageAfter", 1));
  }

  #turn(by) {
    this.#page += by;
    this.draw();
    this.#list.querySelector("a").focus();
  }
}

function resultItem({ title, url, stretches, ...record }) {
  const lang = contentLanguage();
  return el("li", { class: "result" },
    el("h3", { lang }, el("a", { href: url }, title)),
    el("p", { class: "meta" }, ...imprint(record)),
    el("p", { class: "text", lang }, ...stretches.map(({ text, found }) => (found ? el("mark", {}, text) : text))));
}
