// The addresses of the chat page: read, and written for conversations, answers and the archive page.

/**
 * Reads what an address of the page asks for: `#/c/<conversation>/<turn>?q=…`, or `?q=…&from=…&to=…&paper=…`
 * as other pages and sites link to it.
 * @param {{hash: string, search: string}} address
 * @returns {{conversation: string|null, turn: string|null, question: string, filters: object}}
 */
export function readRoute({ hash, search }) {
  const [path, query = search] = hash.replace(/^#\/?/, "").split("?");
  const [, conversation = null, turn = null] = /^c\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
  const values = new URLSearchParams(query);
  const filters = {};
  for (const name of ["from", "to", "paper", "issue_id"]) {
    if (values.get(name)) filters[name] = values.get(name);
  }
  return { conversation, turn, question: values.get("q")?.trim() ?? "", filters };
}

/**
 * Gives the address of the page without any conversation; within a frame it stays the page of the frame.
 * @param {{pathname: string, search: string}} address
 * @returns {string}
 */
export function emptyRoute({ pathname, search }) {
  return new URLSearchParams(search).get("embed") === "1" ? `${pathname}?embed=1` : pathname;
}

/**
 * Gives the address of a conversation.
 * @param {{id: string}} conversation
 * @returns {string}
 */
export function conversationRoute({ id }) {
  return `#/c/${id}`;
}

/**
 * Gives the address of an answer. It names the whole question too: where this conversation is not kept, it is asked again.
 * @param {{id: string}} conversation
 * @param {object} turn
 * @returns {string}
 */
export function turnRoute({ id }, turn) {
  return `#/c/${id}/${turn.id}?${asked(turn)}`;
}

/**
 * Gives the address of the archive by its days, with the matches of a turn's question.
 * @param {object} turn
 * @returns {string}
 */
export function archiveRoute(turn) {
  return `/archive?${asked(turn)}`;
}

function asked({ question, response, filters }) {
  return new URLSearchParams({ q: response?.understood_as || question, ...filters });
}
