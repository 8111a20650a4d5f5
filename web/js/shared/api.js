// The HTTP API as functions, with its errors.

import { language } from "./language.js";
import { BrokenStreamError, serverEvents } from "./sse.js";

/** A request that failed: `status` is 0 when no reply came, or it broke off. */
export class ApiError extends Error {
  constructor(status, code, message, field = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

const lost = () => new ApiError(0, "network", "");

async function send(path, options = {}) {
  try {
    // Errors are worded as the page is, whatever language the browser prefers.
    const headers = { Accept: "application/json", ...options.headers, "Accept-Language": language() };
    return await fetch(path, { ...options, headers });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw lost();
  }
}

async function bodyOf(reply) {
  try {
    return await reply.json();
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    return null; // a proxy may answer with something else than JSON; the status then says enough
  }
}

function failure(status, body) {
  const { code = "bad_reply", message = "", field = null } = body?.error ?? {};
  return new ApiError(status, code, message, field);
}

/**
 * Sends a request to the API and gives its JSON, or null where the reply says that there is none; throws an ApiError.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<object|null>}
 */
export async function request(path, options) {
  const reply = await send(path, options);
  if (reply.status === 204) return null;
  const body = await bodyOf(reply);
  if (!reply.ok || body === null) throw failure(reply.status, body);
  return body;
}

/**
 * Asks for questions to go on with, each of which an article answers.
 * @param {string} articleId
 * @param {string} asked the question that it answered
 * @returns {Promise<string[]>}
 */
export async function further(articleId, asked) {
  return (await request(`/api/further?${new URLSearchParams({ article_id: articleId, asked })}`)).questions;
}

/**
 * Gives the options of a request that sends JSON.
 * @param {object} body
 * @param {string} [accept]
 * @returns {RequestInit}
 */
export function post(body, accept = "application/json") {
  return {
    method: "POST",
    headers: { Accept: accept, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

/**
 * Asks a question and hands on each event as it comes, until the answer is there.
 * @param {{question: string, history: Array<{question: string, answer: string}>, filters: object}} body
 * @param {AbortSignal} signal
 * @param {(event: "understood"|"passages"|"answer"|"done", data: object) => void} onEvent
 */
export async function askStream(body, signal, onEvent) {
  const reply = await send("/api/ask/stream", { ...post(body, "text/event-stream, application/json"), signal });
  if (!reply.ok) throw failure(reply.status, await bodyOf(reply));
  let answered = false;
  try {
    for await (const { event, data } of serverEvents(reply.body)) {
      const content = JSON.parse(data);
      if (event === "error") throw failure(500, content);
      answered ||= event === "answer";
      onEvent(event, content);
    }
  } catch (cause) {
    throw cause instanceof BrokenStreamError ? lost() : cause;
  }
  if (!answered) throw lost();
}

/**
 * Fetches an article, cut in three around a quote when one is named.
 * @param {string} articleId
 * @param {{start: number, end: number}|null} range
 * @param {AbortSignal} [signal]
 * @returns {Promise<object>}
 */
export function article(articleId, range, signal) {
  const query = range ? `?${new URLSearchParams(range)}` : "";
  return request(`/api/articles/${encodeURIComponent(articleId)}${query}`, { signal });
}

/**
 * Fetches an issue with its contents.
 * @param {string} issueId
 * @param {AbortSignal} [signal]
 * @returns {Promise<object>}
 */
export function issue(issueId, signal) {
  return request(`/api/issues/${encodeURIComponent(issueId)}`, { signal });
}

/**
 * Fetches an issue with its contents, and behind it what other papers printed on that day.
 * @param {{issue_id: string, issue_date: string}} printed
 * @param {AbortSignal} signal
 * @returns {Promise<object[]>}
 */
export async function issuesOfDay({ issue_id: id, issue_date: on }, signal) {
  const [first, { issues }] = await Promise.all([
    issue(id, signal), request(`/api/calendar?${new URLSearchParams({ on })}`, { signal }),
  ]);
  const others = issues.filter((other) => other.issue_id !== id);
  return [first, ...await Promise.all(others.map((other) => issue(other.issue_id, signal)))];
}

/**
 * Fetches the newest issue with its contents, or null where the archive is empty.
 * @returns {Promise<object|null>}
 */
export async function newestIssue() {
  const { issues } = await request("/api/issues?limit=1");
  return issues.length ? issue(issues[0].issue_id) : null;
}

/**
 * Tells what the archive holds and whether it is ready.
 * @returns {Promise<object>}
 */
export function health() {
  return request("/api/health");
}

/**
 * Fetches a few questions that this archive can answer.
 * @returns {Promise<string[]>}
 */
export async function examples() {
  return (await request("/api/examples")).questions;
}

/**
 * Completes what is being typed.
 * @param {string} typed
 * @param {AbortSignal} signal
 * @returns {Promise<Array<{kind: string, text: string, count: number, date: string}>>}
 */
export async function suggest(typed, signal) {
  const query = new URLSearchParams({ q: typed, limit: 6 });
  return (await request(`/api/suggest?${query}`, { signal })).suggestions;
}

/**
 * Tells whether the server takes feedback; an operator can turn it off.
 * @returns {Promise<boolean>}
 */
export async function takesFeedback() {
  return (await send("/api/feedback", { method: "OPTIONS" })).ok;
}

/**
 * Says whether an answer helped, or which was chosen in its place.
 * @param {{question: string, answer?: string|null, article_id?: string|null, helpful?: boolean, words?: string|null,
 *   rejected?: string, chosen?: string|null}} entry
 */
export function sendFeedback(entry) {
  return request("/api/feedback", post(entry));
}

/**
 * Gives the address of a reference to an article, as a file to save.
 * @param {string} articleId
 * @param {"bibtex"|"ris"|"csl"|"gbt7714"} format
 * @returns {string}
 */
export function referenceUrl(articleId, format) {
  return `/api/cite/${encodeURIComponent(articleId)}?format=${format}`;
}
