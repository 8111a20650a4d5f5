// The calendar of issues: months and days as buttons, coloured by matches, of which a range is picked.

import { addDays, addMonths, lastDay, weekday } from "./dates.js";
import { byId, el } from "../shared/dom.js";
import { language, longDate, longMonth, t } from "../shared/language.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const MONTH_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -12, ArrowDown: 12 };
const LEVELS = 4;

/** The issues by day: a strip of all months, and the days of one year, of which a span can be picked. */
export class Calendar {
  #months = byId("months");
  #days = byId("days");
  #byDay = new Map();
  #byMonth = new Map();
  #first = null;
  #last = null;
  #year = null;
  #focused = null;
  #anchor = null;
  #span = null;
  #dragging = false;
  #onPick;

  /**
   * @param {(span: {from: string, to: string}|null) => void} onPick called whenever other days are picked
   */
  constructor(onPick) {
    this.#onPick = onPick;
    this.#days.addEventListener("pointerdown", (event) => this.#press(event));
    this.#days.addEventListener("pointermove", (event) => this.#drag(event));
    addEventListener("pointerup", () => this.#release());
    addEventListener("pointercancel", () => this.#release());
    this.#days.addEventListener("click", (event) => this.#click(event));
    this.#days.addEventListener("keydown", (event) => this.#key(event));
    this.#months.addEventListener("click", (event) => this.#pickMonth(event.target.closest("[data-month]")));
    this.#months.addEventListener("keydown", (event) => this.#monthKey(event));
  }

  /**
   * Shows these issues; each has its date, its number of articles and, after a search, its matches.
   * @param {Array<{date: string, articles: number, matches: number|null}>} issues
   */
  show(issues) {
    this.#byDay.clear();
    this.#byMonth.clear();
    for (const issue of issues) {
      for (const [map, key] of [[this.#byDay, issue.date], [this.#byMonth, issue.date.slice(0, 7)]]) {
        const sum = map.get(key) ?? { issues: 0, articles: 0, matches: null };
        sum.issues += 1;
        sum.articles += issue.articles;
        if (issue.matches !== null) sum.matches = (sum.matches ?? 0) + issue.matches;
        map.set(key, sum);
      }
    }
    const dates = issues.map((issue) => issue.date).sort();
    this.#first = dates.at(0)?.slice(0, 7) ?? null;
    this.#last = dates.at(-1)?.slice(0, 7) ?? null;
    this.#focused = this.#clamp(this.#focused ?? this.#span?.to ?? dates.at(-1));
    this.#year = this.#focused?.slice(0, 4) ?? null;
    this.draw();
  }

  /** Draws all again, as after a change of language. */
  draw() {
    this.#drawMonths();
    this.#drawDays();
  }

  /**
   * Picks a span without telling of it; null picks all days.
   * @param {{from: string, to: string}|null} span
   */
  pick(span) {
    this.#span = span;
    this.#anchor = span?.from ?? null;
    if (span && this.#first) this.#go(span.to);
    this.#paint();
  }

  #choose(one, other) {
    const [from, to] = one <= other ? [one, other] : [other, one];
    this.#span = { from, to };
    this.#paint();
    this.#onPick(this.#span);
  }

  #clamp(day) {
    if (!day || !this.#first) return null;
    if (day < `${this.#first}-01`) return `${this.#first}-01`;
    const end = lastDay(this.#last);
    return day > end ? end : day;
  }

  // Drawing

  #drawMonths() {
    if (!this.#first) return this.#months.replaceChildren();
    const most = Math.max(0, ...[...this.#byMonth.values()].map((sum) => sum.matches ?? 0));
    const rows = [];
    for (let year = this.#first.slice(0, 4); year <= this.#last.slice(0, 4); year = String(Number(year) + 1).padStart(4, "0")) {
      const cells = [];
      for (let number = 1; number <= 12; number += 1) {
        const month = `${year}-${String(number).padStart(2, "0")}`;
        const sum = this.#byMonth.get(month);
        cells.push(el("button", {
          type: "button", class: "month-cell", tabindex: month === this.#focused.slice(0, 7) ? "0" : "-1",
          "data-month": month, "data-held": sum ? "" : null, "data-level": level(sum, most),
          disabled: month < this.#first || month > this.#last,
          "aria-label": this.#monthName(month, sum), title: this.#monthName(month, sum),
        }, String(number)));
      }
      rows.push(el("div", { class: "year-row" }, el("span", { class: "year" }, year), ...cells));
    }
    this.#months.replaceChildren(...rows);
    this.#paint();
  }

  #drawDays() {
    if (!this.#year) return this.#days.replaceChildren();
    const most = Math.max(0, ...[...this.#byDay.values()].map((sum) => sum.matches ?? 0));
    const sheets = [];
    for (let month = `${this.#year}-01`; month <= `${this.#year}-12`; month = addMonths(month, 1)) {
      if (month >= this.#first && month <= this.#last) sheets.push(this.#sheet(month, most));
    }
    this.#days.replaceChildren(...sheets);
    this.#paint();
  }

  #sheet(month, most) {
    const cells = [];
    const end = lastDay(month);
    for (let day = `${month}-01`; day <= end; day = addDays(day, 1)) {
      const sum = this.#byDay.get(day);
      const name = this.#dayName(day, sum);
      cells.push(el("button", {
        type: "button", class: "day", "data-day": day, "data-held": sum ? "" : null, "data-level": level(sum, most),
        "data-weekday": day.endsWith("-01") ? weekday(day) : null, tabindex: "-1", "aria-label": name, title: name,
      }, String(Number(day.slice(8)))));
    }
    return el("div", { class: "sheet", role: "group", "aria-label": longMonth(month) },
      el("button", { type: "button", class: "sheet-name", "data-sheet": month }, longMonth(month)),
      el("div", { class: "week", "aria-hidden": "true" }, ...weekdayNames().map((name) => el("span", {}, name))),
      el("div", { class: "cells" }, ...cells));
  }

  #dayName(day, sum) {
    const named = { day: longDate(day), issues: sum?.issues, articles: sum?.articles, count: sum?.matches };
    if (!sum) return t("dayNone", named);
    return t(sum.matches === null ? "dayHeld" : "dayMatches", named);
  }

  #monthName(month, sum) {
    const named = { month: longMonth(month), issues: sum?.issues ?? 0, count: sum?.matches };
    return t(sum && sum.matches !== null ? "monthMatches" : "monthHeld", named);
  }

  #paint() {
    const { from, to } = this.#span ?? {};
    for (const cell of this.#days.querySelectorAll("[data-day]")) {
      const { day } = cell.dataset;
      cell.setAttribute("aria-pressed", String(Boolean(from) && day >= from && day <= to));
      cell.tabIndex = day === this.#focused ? 0 : -1;
    }
    for (const cell of this.#months.querySelectorAll("[data-month]")) {
      const { month } = cell.dataset;
      cell.setAttribute("aria-pressed", String(Boolean(from) && month >= from.slice(0, 7) && month <= to.slice(0, 7)));
      cell.toggleAttribute("data-shown", month.slice(0, 4) === this.#year);
    }
  }

  #go(day) {
    this.#focused = this.#clamp(day);
    if (this.#focused.slice(0, 4) === this.#year) return this.#paint();
    this.#year = this.#focused.slice(0, 4);
    this.#drawDays();
  }

  // Picking with a pointer. A finger scrolls the strip, so that it picks single days, and spans by the fields below.

  #press(event) {
    const day = event.target.closest("[data-day]")?.dataset.day;
    if (!day || event.button !== 0 || event.pointerType === "touch" || event.shiftKey) return;
    this.#dragging = true;
    this.#anchor = day;
    this.#focused = day;
    this.#days.classList.add("dragging");
  }

  #drag(event) {
    if (!this.#dragging) return;
    const day = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]")?.dataset.day;
    if (!day || day === this.#focused) return;
    this.#focused = day;
    this.#choose(this.#anchor, day);
  }

  #release() {
    this.#dragging = false;
    this.#days.classList.remove("dragging");
  }

  #click(event) {
    const sheet = event.target.closest("[data-sheet]")?.dataset.sheet;
    if (sheet) return this.#choose(`${sheet}-01`, lastDay(sheet));
    const day = event.target.closest("[data-day]")?.dataset.day;
    if (!day) return;
    if (!event.shiftKey || !this.#anchor) this.#anchor = day;
    this.#focused = day;
    this.#choose(this.#anchor, day);
  }

  #pickMonth(cell) {
    if (!cell) return;
    const { month } = cell.dataset;
    this.#anchor = `${month}-01`;
    this.#go(`${month}-01`);
    this.#choose(`${month}-01`, lastDay(month));
    this.#days.querySelector(`[data-sheet="${month}"]`)?.scrollIntoView({ block: "nearest", inline: "start" });
  }

  // Picking by keyboard

  #key(event) {
    const from = event.target.closest("[data-day]")?.dataset.day;
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const month = from.slice(0, 7);
    const to = {
      Home: addDays(from, -weekday(from)),
      End: addDays(from, 6 - weekday(from)),
      PageUp: `${addMonths(month, -1)}-01`,
      PageDown: `${addMonths(month, 1)}-01`,
    }[event.key] ?? (STEPS[event.key] && addDays(from, STEPS[event.key]));
    if (!to) return;
    event.preventDefault();
    if (event.shiftKey) this.#anchor ??= from;
    this.#go(to);
    if (event.shiftKey) this.#choose(this.#anchor, this.#focused);
    else this.#anchor = this.#focused;
    this.#days.querySelector(`[data-day="${this.#focused}"]`).focus();
  }

  #monthKey(event) {
    const from = event.target.closest("[data-month]")?.dataset.month;
    const step = MONTH_STEPS[event.key];
    if (!from || !step) return;
    event.preventDefault();
    const cell = this.#months.querySelector(`[data-month="${addMonths(from, step)}"]:not(:disabled)`);
    if (!cell) return;
    event.target.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  }
}

function level(sum, most) {
  if (!sum || sum.matches === null) return null;
  return sum.matches ? Math.ceil((LEVELS * sum.matches) / most) : 0;
}

function weekdayNames() {
  const format = new Intl.DateTimeFormat(language(), { weekday: "narrow", timeZone: "UTC" });
  // The first of January 2024 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format.format(new Date(Date.UTC(2024, 0, day))));
}
