// The archive page: the calendar, the search of passages and the quotation check, joined by one range of days.

import { request } from "../shared/api.js";
import { Calendar } from "./calendar.js";
import { byId, el } from "../shared/dom.js";
import { errorText, longDate, ready, t } from "../shared/language.js";
import { Search } from "./search.js";
import { QuotationCheck } from "./quotation_check.js";

const LISTED = 12;
const SETTLE_MS = 350; // a span that is being dragged is searched when it rests

const from = byId("from");
const to = byId("to");
const paper = byId("paper");
let issues = [];
let span = null;
let timer = 0;

const calendar = new Calendar((picked) => choose(picked));
const search = new Search({ filters, onMatches });
const quotationCheck = new QuotationCheck();

function filters() {
  return Object.fromEntries(Object.entries({ from: span?.from, to: span?.to, paper: paper.value }).filter(([, value]) => value));
}

const ofPaper = () => issues.filter((issue) => !paper.value || issue.paper === paper.value);
const inSpan = () => ofPaper().filter(({ date }) => !span || (date >= span.from && date <= span.to));
const total = (list, field) => list.reduce((sum, issue) => sum + issue[field], 0);

function onMatches(counted, passages) {
  issues = counted;
  const matches = total(inSpan(), "matches");
  // Of a whole question often no passage holds every word: then the nearest passages colour their days.
  if (!total(issues, "matches")) issues = issues.map((issue) => ({ ...issue, matches: foundIn(issue, passages) }));
  calendar.show(ofPaper());
  remember();
  return matches;
}

function foundIn({ issue_id: id }, passages) {
  return passages.filter((passage) => passage.issue_id === id).length;
}

function choose(picked) {
  span = picked;
  from.value = span?.from ?? "";
  to.value = span?.to ?? "";
  remember();
  tell();
  clearTimeout(timer);
  if (search.words) timer = setTimeout(() => search.run(), SETTLE_MS);
}

// The address keeps what is chosen, so that it can be sent on or kept.
function remember() {
  const query = new URLSearchParams({ ...filters(), ...(search.words && { q: search.words }) });
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  const asked = new URLSearchParams(filters());
  byId("ask-span").href = `/#/?${asked}`;
  byId("ask-span").hidden = !asked.size;
}

function tell() {
  const held = inSpan();
  const values = { from: longDate(span?.from), to: longDate(span?.to), issues: held.length, articles: total(held, "articles") };
  const key = !span ? "spanAll" : !held.length ? "spanEmpty" : span.from === span.to ? "spanDay" : "spanTold";
  byId("span-told").textContent = t(key, values);
  byId("clear").disabled = !span;
  const listed = span ? held.slice(-LISTED).reverse() : [];
  const more = span ? held.length - listed.length : 0;
  byId("span-issues").replaceChildren(
    ...listed.map((issue) => el("li", {},
      el("a", { href: `/issues/${encodeURIComponent(issue.issue_id)}` }, longDate(issue.date), " ",
        el("span", { lang: "zh-CN" }, issue.paper)),
      el("span", { class: "meta" },
        issue.issue_number !== null && el("span", {}, t("issueNumber", { number: issue.issue_number })),
        el("span", {}, t("articlesInAll", { count: issue.articles }))))),
    ...(more > 0 ? [el("li", {}, el("a", { href: `/issues?year=${span.to.slice(0, 4)}` }, t("spanMore", { count: more })))] : []));
}

function tellHoldings() {
  const held = ofPaper();
  byId("holdings").textContent = held.length
    ? t("heldFromTo", {
      from: longDate(held[0].date), to: longDate(held.at(-1).date), issues: held.length, articles: total(held, "articles"),
    })
    : t("archiveEmpty");
}

function drawPapers(chosen) {
  const names = [...new Set(issues.map((issue) => issue.paper))].sort();
  byId("papers").hidden = names.length < 2;
  paper.replaceChildren(el("option", { value: "" }, t("allPapers")),
    ...names.map((name) => el("option", { value: name, lang: "zh-CN" }, name)));
  paper.value = names.includes(chosen) ? chosen : "";
}

function readSpan() {
  // One end alone means that one day, until the other is given.
  const [one, other] = [from.value || to.value, to.value || from.value];
  if (!one) return null;
  return one <= other ? { from: one, to: other } : { from: other, to: one };
}

function draw() {
  drawPapers(paper.value);
  calendar.show(ofPaper());
  tellHoldings();
  tell();
}

async function start() {
  const asked = new URLSearchParams(location.search);
  from.value = asked.get("from") ?? ""; // a date box leaves out whatever is no day
  to.value = asked.get("to") ?? "";
  search.words = asked.get("q") ?? "";
  span = readSpan();
  try {
    issues = (await request("/api/calendar")).issues;
  } catch (error) {
    byId("holdings").textContent = errorText(error);
    return;
  }
  drawPapers(asked.get("paper"));
  calendar.pick(span);
  calendar.show(ofPaper());
  tellHoldings();
  choose(span);
}

for (const field of [from, to]) {
  field.addEventListener("change", () => {
    choose(readSpan());
    calendar.pick(span);
  });
}
byId("clear").addEventListener("click", () => {
  choose(null);
  calendar.pick(null);
});
paper.addEventListener("change", () => {
  calendar.show(ofPaper());
  tellHoldings();
  choose(span);
});
byId("span").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("wenbao:language", () => {
  draw();
  search.draw();
  quotationCheck.draw();
});
await ready;
start();
