// Autocomplete for the question box: headlines and names that go on with what is typed.

import * as api from "../shared/api.js";
import { announce, byId, el } from "../shared/dom.js";
import { longDate, t } from "../shared/language.js";

const PAUSE_MS = 150;
const LONGEST = 30; // a longer text is a question already, which no headline completes

/**
 * Completions under what is being typed. The box stays a text box of several lines, which may not take the role
 * combobox (ARIA in HTML); it names its list and the chosen entry by the same attributes.
 */
export class Autocomplete {
  #box;
  #list = byId("suggestions");
  #found = [];
  #chosen = -1;
  #timer = 0;
  #request = null;
  #onChoose;

  /**
   * @param {HTMLTextAreaElement} box
   * @param {(text: string) => void} onChoose
   */
  constructor(box, onChoose) {
    this.#box = box;
    this.#onChoose = onChoose;
    box.addEventListener("input", (event) => !event.isComposing && this.#later());
    box.addEventListener("compositionend", () => this.#later());
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("blur", () => this.close());
  }

  /** Takes the list away, and what may still come. */
  close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#found = [];
    this.#chosen = -1;
    this.#draw();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    this.#request?.abort();
    const typed = this.#box.value.trim();
    if (!typed || typed.length > LONGEST || typed.includes("\n")) return this.close();
    const request = (this.#request = new AbortController());
    try {
      const found = await api.suggest(typed, request.signal);
      if (request.signal.aborted) return;
      this.#found = found.filter(({ text }) => text !== typed);
      this.#chosen = -1;
      this.#draw();
      if (this.#found.length) announce(t("suggestionsFound", { count: this.#found.length }));
    } catch {
      // Completions are a help only: without them a question is asked as well.
      if (!request.signal.aborted) this.close();
    }
  }

  #key(event) {
    if (!this.#found.length || event.isComposing || event.keyCode === 229) return;
    const last = this.#found.length - 1;
    if (event.key === "ArrowDown") this.#choose(this.#chosen >= last ? -1 : this.#chosen + 1);
    else if (event.key === "ArrowUp") this.#choose(this.#chosen < 0 ? last : this.#chosen - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.#chosen >= 0) this.#take(this.#chosen);
    else return;
    event.preventDefault();
  }

  #choose(index) {
    this.#chosen = index;
    this.#draw();
  }

  #take(index) {
    const { text } = this.#found[index];
    this.close();
    this.#onChoose(text);
  }

  #draw() {
    this.#list.hidden = !this.#found.length;
    this.#list.replaceChildren(...this.#found.map(({ kind, text, count, date }, index) =>
      el("li", {
        id: `suggestion-${index}`,
        role: "option",
        "aria-selected": String(index === this.#chosen),
        onpointerdown: (event) => event.preventDefault(), // the box keeps the focus
        onclick: () => this.#take(index),
      },
      el("span", { lang: "zh-CN" }, text), " ",
      el("small", {}, kind === "headline" ? longDate(date) : t("inArticles", { count })))));
    if (this.#chosen < 0) this.#box.removeAttribute("aria-activedescendant");
    else this.#box.setAttribute("aria-activedescendant", `suggestion-${this.#chosen}`);
  }
}
