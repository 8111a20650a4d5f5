// Storage may be full, forbidden or hold an older shape: the page works without it.

const THREAD = "wenbao.thread.1";
const LANGUAGE = "wenbao.language";
const KEPT_TURNS = 30;

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the thread simply ends with this visit.
  }
}

/**
 * Reads the saved turns; a question that was still running counts as stopped.
 * @returns {Array<object>}
 */
export function loadThread() {
  try {
    const turns = JSON.parse(read(THREAD) ?? "[]");
    return turns
      .filter((turn) => typeof turn?.question === "string")
      .filter((turn) => turn.state !== "done" || Array.isArray(turn.response?.citations))
      .filter((turn) => turn.state !== "failed" || turn.error)
      .map((turn) => (turn.state === "asking" ? { ...turn, state: "stopped" } : turn));
  } catch {
    return [];
  }
}

/**
 * Saves the last turns of the thread.
 * @param {Array<object>} turns
 */
export function saveThread(turns) {
  write(THREAD, JSON.stringify(turns.slice(-KEPT_TURNS)));
}

/**
 * Reads the chosen language, or null when none was chosen.
 * @returns {string|null}
 */
export function loadLanguage() {
  return read(LANGUAGE);
}

/**
 * Remembers the chosen language.
 * @param {string} language
 */
export function saveLanguage(language) {
  write(LANGUAGE, language);
}
