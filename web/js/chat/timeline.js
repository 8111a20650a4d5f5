// The timeline of a number over several days: a date axis, and a line chart.

import { citationLink } from "./citation.js";
import { el, svg } from "../shared/dom.js";
import { contentLanguage, longDate, shortDate, t } from "../shared/language.js";

const DAY_MS = 86_400_000;

const WIDTH = 360;
const HEIGHT = 148;
const LEFT = 12;
const TOP = 24;
const BOTTOM = 46;

function daysBetween(first, last) {
  return (Date.parse(last) - Date.parse(first)) / DAY_MS;
}

/** The values, where all are numbers of one unit; null otherwise, and of answers kept before the server told values. */
function valuesOf(entries) {
  const comparable = entries.every(({ value, unit }) => Number.isFinite(value) && unit === entries[0].unit);
  return comparable ? entries.map(({ value }) => value) : null;
}

function anchorAt(x) {
  if (x < WIDTH * 0.2) return "start";
  return x > WIDTH * 0.8 ? "end" : "middle";
}

/** Draws a line chart by hand: a chart library would weigh more than the whole page for one line and its points. */
function chart(entries, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const length = daysBetween(entries[0].date, entries.at(-1).date) || 1;
  const points = entries.map((entry, index) => ({
    ...entry,
    x: LEFT + (daysBetween(entries[0].date, entry.date) / length) * (WIDTH - 2 * LEFT),
    y: TOP + (high === low ? 0.5 : (high - values[index]) / (high - low)) * (HEIGHT - TOP - BOTTOM),
  }));
  const [first, last] = [points[0], points.at(-1)];
  // A value is written below its point where the line rises beside it, else above, so that the line does not cross it.
  const rises = (index) => Math.max(values[index - 1] ?? low, values[index + 1] ?? low) > values[index];
  // Only what stands out is written at its point; the list below the chart has every value.
  const named = new Set([first, last, points[values.indexOf(low)], points[values.indexOf(high)]]);
  const label = t("chartLabel", {
    from: longDate(first.date), to: longDate(last.date), first: first.answer, last: last.answer, count: points.length,
  });
  return svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT - 20, y2: HEIGHT - 20 }),
    svg("polyline", { points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") }),
    ...points.map(({ x, y }) => svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 3.5 })),
    ...[...named].map((point) => svg("text", {
      x: point.x.toFixed(1), y: (point.y + (rises(points.indexOf(point)) ? 18 : -9)).toFixed(1), "text-anchor": anchorAt(point.x),
    }, point.answer)),
    ...[first, last].map(({ x, date }, index) =>
      svg("text", { class: "day", x, y: HEIGHT - 4, "text-anchor": index ? "end" : "start" }, shortDate(date))));
}

function axisEntry(entry, index, entries, citations, onOpen) {
  const citation = citations.get(entry.citation);
  const words = [el("span", { lang: contentLanguage() }, entry.answer)];
  const item = el("li", {},
    el("time", { datetime: entry.date }, longDate(entry.date)), " ",
    citation
      ? citationLink(citation, onOpen, { class: "value" }, ...words, " ", el("span", { class: "number" }, citation.id))
      : el("span", { class: "value" }, ...words));
  if (index > 0) {
    const length = daysBetween(entries[0].date, entries.at(-1).date) || 1;
    const share = daysBetween(entries[index - 1].date, entry.date) / length;
    // The style sheet turns it into room on the axis, so that long pauses are seen as such.
    item.style.setProperty("--share", share.toFixed(3));
  }
  return item;
}

/**
 * Shows how an answer changed from day to day: a date axis, and a chart where the values are numbers of one unit.
 * @param {Array<{date: string, answer: string, citation: number, value: number|null, unit: string}>} timeline
 * @param {Map<number, object>} citations
 * @param {(citation: object, link: HTMLElement) => void} onOpen
 * @returns {HTMLElement|null} null where there are not two days to compare
 */
export function timelineSection(timeline, citations, onOpen) {
  const entries = [...timeline].sort((a, b) => a.date.localeCompare(b.date));
  if (entries.length < 2) return null;
  const values = valuesOf(entries);
  return el("section", { class: "timeline" },
    el("h3", {}, t("timeline")),
    values && values.length > 2 && chart(entries, values),
    el("ol", {}, ...entries.map((entry, index) => axisEntry(entry, index, entries, citations, onOpen))));
}
