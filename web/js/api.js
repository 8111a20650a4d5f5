/** A request that failed: `status` is 0 when no reply came at all. */
export class ApiError extends Error {
  constructor(status, code, message, field = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

async function request(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, { headers: { Accept: "application/json" }, ...options });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new ApiError(0, "network", "");
  }
  let body = null;
  try {
    body = await reply.json();
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    // A proxy may answer with something else than JSON; the status then says enough.
  }
  if (!reply.ok || body === null) {
    const { code = "bad_reply", message = "", field = null } = body?.error ?? {};
    throw new ApiError(reply.status, code, message, field);
  }
  return body;
}

/**
 * Asks a question, with the earlier turns that it may lean on.
 * @param {string} question
 * @param {Array<{question: string, answer: string}>} history
 * @param {AbortSignal} signal
 * @returns {Promise<object>}
 */
export function ask(question, history, signal) {
  return request("/api/ask", {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ question, history }),
    signal,
  });
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
