// The chosen language, kept in this browser.

const LANGUAGE = "wenbao.language";

/**
 * Reads the chosen language, or null when none was chosen.
 * @returns {string|null}
 */
export function loadLanguage() {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
}

/**
 * Remembers the chosen language.
 * @param {string} language
 */
export function saveLanguage(language) {
  try {
    localStorage.setItem(LANGUAGE, language);
  } catch {
    // Storage is forbidden: the choice simply ends with this visit.
  }
}
