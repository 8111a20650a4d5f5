// The admin page: missing issues, the list of all issues, removing one, a test question, the feedback to download.

import { ApiError, post, request } from "../shared/api.js";
import { announce, byId, el } from "../shared/dom.js";
import { errorText, longDate, ready, t } from "../shared/language.js";
import { saveFile } from "../shared/download.js";
import { asHeader, keepToken, readToken } from "./token.js";
import { Alerts } from "./alerts.js";
import { Corrections } from "./corrections.js";
import { Uploader } from "./upload.js";

const ROWS = 100; // shown at once; more on demand

let overview = null;
let tried = null;
let rows = ROWS;

const authorized = () => ({
  Accept: "application/json", "Accept-Language": document.documentElement.lang,
  Authorization: `Bearer ${asHeader(readToken())}`,
});
const uploader = new Uploader({ token: () => asHeader(readToken()), limit: () => overview.max_upload, onDone: () => load() });
const corrections = new Corrections(authorized);
const alerts = new Alerts(authorized);

async function load() {
  try {
    overview = await request("/api/admin", { headers: authorized() });
    showDesk();
    await Promise.all([corrections.load(), alerts.load()]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const ours = { 401: "tokenWrong", 403: "adminOff" }[error.status];
    if (ours) keepToken("");
    showDoor(ours ? t(ours) : errorText(error));
  }
}

function showDoor(message) {
  overview = null;
  byId("desk").hidden = true;
  byId("enter").hidden = false;
  byId("enter-told").hidden = !message;
  byId("enter-told").textContent = message;
  byId("token").value = "";
  byId("token").focus();
}

function showDesk() {
  const entered = byId("desk").hidden;
  byId("enter").hidden = true;
  byId("enter-told").hidden = true;
  byId("desk").hidden = false;
  byId("feedback").hidden = !overview.feedback;
  draw();
  if (entered) byId("main").focus();
}

function draw() {
  if (!overview) return;
  drawGaps();
  drawHeld();
  drawTried();
  uploader.draw();
  corrections.draw();
  alerts.draw();
}

function drawGaps() {
  const { gaps, misplaced, audit = [] } = overview;
  const told = new Set(["gap", "far", "order"]); // in the lines above, with their issues
  const lines = [
    ...gaps.map(({ paper, first, last, before, after, plausible }) => {
      const numbers = t(first === last ? "gapOne" : "gapMany", { first, last });
      const between = { before: longDate(before.date), after: longDate(after.date) };
      return [t("gap", { paper, numbers, count: last - first + 1, ...between }), !plausible && t("gapDoubtful")];
    }),
    ...misplaced.map(({ paper, date, issue_number: number }) => [t("misplaced", { paper, number, date: longDate(date) })]),
    ...audit.filter(({ fault }) => !told.has(fault)).map(({ text }) => [text]),
  ];
  byId("gaps").replaceChildren(lines.length
    ? el("ul", {}, ...lines.map(([line, doubt]) => el("li", {}, line, doubt && " ", doubt && el("strong", {}, doubt))))
    : el("p", { class: "note" }, t("gapsNone")));
}

function drawHeld() {
  const { issues } = overview;
  const total = (field) => issues.reduce((sum, issue) => sum + issue[field], 0);
  byId("held-count").textContent = t("heldCount", {
    issues: issues.length, articles: total("articles"), chunks: total("chunks"),
  });
  const columns = ["heldDate", "heldPaper", "heldNumber", "heldArticles", "heldChunks", "heldRemove"];
  const rest = issues.length - rows;
  byId("held").replaceChildren(...[
    issues.length > 0 && el("table", {},
      el("thead", {}, el("tr", {}, ...columns.map((key) => el("th", { scope: "col" }, t(key))))),
      el("tbody", {}, ...issues.slice(0, rows).map(heldRow))),
    rest > 0 && el("button", { type: "button", onclick: showMore }, t("heldMore", { count: Math.min(rest, ROWS) })),
  ].filter(Boolean));
}

function heldRow(issue) {
  const name = `${longDate(issue.issue_date)} ${issue.paper}`;
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: `/issues/${encodeURIComponent(issue.issue_id)}` }, longDate(issue.issue_date))),
    el("td", { lang: "zh-CN" }, issue.paper),
    el("td", { class: "figure" }, issue.issue_number === null ? "–" : String(issue.issue_number)),
    el("td", { class: "figure" }, String(issue.articles)),
    el("td", { class: "figure" }, String(issue.chunks)),
    el("td", {}, issue.removable
      ? el("button", {
        type: "button", class: "quiet", "aria-label": t("removeNamed", { issue: name }), onclick: () => confirmRemoval(issue),
      }, t("remove"))
      : el("span", { class: "note" }, t("heldElsewhere"))));
}

function showMore() {
  const next = rows;
  rows += ROWS;
  drawHeld();
  byId("held").querySelectorAll("tbody a")[next]?.focus();
}

function confirmRemoval(issue) {
  const dialog = byId("confirm");
  byId("confirm-name").textContent = t("removeQuestion", { date: longDate(issue.issue_date), paper: issue.paper });
  byId("confirm-together").hidden = !issue.together;
  byId("confirm-together").textContent = issue.together ? t("removeTogether", { count: issue.together }) : "";
  dialog.returnValue = "cancel";
  dialog.onclose = () => dialog.returnValue === "remove" && remove(issue);
  dialog.showModal();
}

async function remove(issue) {
  let told = el("p", { class: "notice", role: "status" }, t("issueRemoved", { issue: issue.issue_id }));
  try {
    const together = issue.together ? "?together=true" : "";
    const address = `/api/issues/${encodeURIComponent(issue.issue_id)}${together}`;
    await request(address, { method: "DELETE", headers: authorized() });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    told = el("p", { class: "failure", role: "status" }, errorText(error));
  }
  await load();
  byId("held").prepend(told);
  byId("held").querySelector("a, button")?.focus();
}

async function downloadFeedback() {
  const reply = await fetch("/api/feedback", { headers: authorized() }).catch(() => null);
  if (!reply?.ok) return load(); // which says what is wrong
  const lines = await reply.text();
  if (lines) return saveFile("feedback.jsonl", "application/jsonl", lines);
  byId("feedback").textContent = t("feedbackEmpty");
  announce(t("feedbackEmpty"));
}

async function tryQuestion() {
  byId("try-told").textContent = t("searching");
  try {
    tried = await request("/api/ask", post({ question: byId("try-question").value.trim() }));
    drawTried();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tried = null;
    byId("try-told").replaceChildren(el("p", { class: "failure" }, errorText(error)));
  }
}

function drawTried() {
  if (!tried) return;
  const { answered, answer, citations, took_ms: took, reader } = tried;
  const confidence = tried.confidence.toFixed(2);
  byId("try-told").replaceChildren(
    el("p", { class: "tried" }, answered ? t("tryAnswer", { answer, confidence }) : t("tryNone", { confidence })),
    el("p", { class: "note" }, t("tryTimes", { ...took, reader })),
    el("ol", { class: "tried-citations", lang: "zh-CN" }, ...citations.map((citation) =>
      el("li", {}, el("a", { href: citation.url }, citation.title), " ", el("q", {}, citation.quote)))));
}

byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(byId("token").value.trim());
  load();
});
byId("leave").addEventListener("click", () => {
  keepToken("");
  showDoor("");
});
byId("feedback").addEventListener("click", downloadFeedback);
byId("try").addEventListener("submit", (event) => {
  event.preventDefault();
  tryQuestion();
});
document.addEventListener("wenbao:language", () => {
  draw();
  if (overview) load(); // what the server words
});

await ready;
if (readToken()) load();
else showDoor("");
