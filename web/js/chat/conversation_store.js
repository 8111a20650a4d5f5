// Conversations, saved in this browser alone.

// Each under a key of its own, so that two tabs with different conversations never overwrite each other.

const PREFIX = "wenbao.conversation.";
const TITLE_LENGTH = 40;

/**
 * Makes an id for a conversation or a turn; not a secret, only unlikely to occur twice in one browser.
 * @returns {string}
 */
export function newId() {
  // crypto.randomUUID is missing where the page is served by plain HTTP.
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/**
 * Begins a conversation, which is not saved before it has a turn.
 * @returns {object}
 */
export function newConversation() {
  const now = new Date().toISOString();
  return { id: newId(), name: null, created: now, changed: now, filters: {}, turns: [] };
}

/**
 * Tells a conversation's name: the one it was given, else its first question.
 * @param {object} conversation
 * @returns {string}
 */
export function nameOf({ name, turns }) {
  return name || (turns[0]?.question ?? "").replace(/\s+/g, " ").slice(0, TITLE_LENGTH);
}

function isWhole(turn) {
  if (typeof turn?.id !== "string" || typeof turn.question !== "string") return false;
  if (turn.state === "done") return Array.isArray(turn.response?.citations);
  return turn.state !== "failed" || Boolean(turn.error);
}

function parse(text) {
  try {
    const conversation = JSON.parse(text);
    if (typeof conversation?.id !== "string" || !Array.isArray(conversation.turns)) return null;
    conversation.filters ??= {};
    // A question that was still running when the page was left counts as stopped.
    conversation.turns = conversation.turns.filter(isWhole)
      .map((turn) => (turn.state === "asking" ? { ...turn, state: "stopped" } : turn));
    return conversation;
  } catch {
    return null;
  }
}

/**
 * Loads a conversation, or null where this browser has none of that id.
 * @param {string} id
 * @returns {object|null}
 */
export function loadConversation(id) {
  try {
    return parse(localStorage.getItem(PREFIX + id));
  } catch {
    return null; // storage is forbidden
  }
}

/**
 * Loads all conversations, the last changed first.
 * @returns {object[]}
 */
export function loadConversations() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => parse(localStorage.getItem(key)))
      .filter((conversation) => conversation?.turns.length)
      .sort((a, b) => (a.changed < b.changed ? 1 : -1));
  } catch {
    return [];
  }
}

/**
 * Saves a conversation; false where the browser has no room for it.
 * @param {object} conversation
 * @returns {boolean}
 */
export function saveConversation(conversation) {
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    return true;
  } catch {
    return false;
  }
}

/**
 * Removes a conversation from this browser.
 * @param {string} id
 */
export function removeConversation(id) {
  localStorage.removeItem(PREFIX + id);
}

/**
 * Calls back when another tab changed the conversation of this id.
 * @param {(id: string) => void} onChange
 */
export function watchConversations(onChange) {
  addEventListener("storage", ({ key }) => key?.startsWith(PREFIX) && onChange(key.slice(PREFIX.length)));
}
