// The filters of a question: a panel for days and paper, and their chips.

import { chip, filterChips } from "./chips.js";
import { byId, el } from "../shared/dom.js";
import { t } from "../shared/language.js";

/** Which part of the archive is asked: days and paper, in a small panel beside the question box. */
export class Filters {
  #button = byId("filters-button");
  #panel = byId("filters");
  #chips = byId("filters-chosen");
  #from = byId("filter-from");
  #to = byId("filter-to");
  #paper = byId("filter-paper");
  #problem = byId("filter-problem");
  #value = {};
  #papers = [];
  #onChange;

  /**
   * @param {(filters: object) => void} onChange
   */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#button.addEventListener("click", () => (this.#panel.hidden ? this.open() : this.#close()));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input, select")) {
        event.preventDefault(); // the question is not asked from here
        this.#close();
      }
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#close();
    });
    this.#panel.addEventListener("change", () => this.#read());
    byId("filters-clear").addEventListener("click", () => this.#set({}));
    byId("filters-done").addEventListener("click", () => this.#close());
  }

  /**
   * Tells what can be chosen.
   * @param {{from: string|null, to: string|null, papers: string[]}} extent
   */
  offer({ from, to, papers }) {
    for (const box of [this.#from, this.#to]) {
      if (from) box.min = from;
      if (to) box.max = to;
    }
    this.#papers = papers;
    this.draw();
  }

  /**
   * Shows these filters without saying that they changed.
   * @param {object} filters
   */
  show(filters) {
    this.#value = filters;
    this.#problem.hidden = true;
    this.draw();
  }

  /** Opens the panel at its first field. */
  open() {
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#from.focus();
  }

  /** Writes the panel and the chips again, in the language now chosen. */
  draw() {
    const { from = "", to = "", paper = "" } = this.#value;
    this.#from.value = from;
    this.#to.value = to;
    const names = paper && !this.#papers.includes(paper) ? [...this.#papers, paper] : this.#papers;
    this.#paper.replaceChildren(
      el("option", { value: "" }, t("anyPaper")),
      ...names.map((name) => el("option", { value: name, lang: "zh-CN" }, name)),
    );
    this.#paper.value = paper;
    this.#chips.replaceChildren(...filterChips(this.#value).map(({ text, without }) =>
      chip({ text, onEdit: () => this.open(), onRemove: () => {
        this.#set(without);
        this.#button.focus();
      } })));
    this.#chips.hidden = !this.#chips.children.length;
  }

  #close() {
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.focus();
  }

  #read() {
    const [from, to, paper] = [this.#from.value, this.#to.value, this.#paper.value];
    const reversed = Boolean(from && to && from > to);
    this.#problem.hidden = !reversed;
    if (reversed) return;
    const { issue_id: issue } = this.#value;
    this.#set({
      ...(from && { from }), ...(to && { to }), ...(paper && { paper }), ...(issue && { issue_id: issue }),
    });
  }

  #set(filters) {
    this.show(filters);
    this.#onChange(filters);
  }
}
