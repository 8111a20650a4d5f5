// The admin token, kept in this tab.

// sessionStorage ends with the tab, and no request carries it unasked, as a cookie would.
const KEY = "wenbao.admin";

/** @returns {string} the token that was entered in this tab, or nothing */
export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

/** @param {string} token kept until the tab closes; empty: forgotten at once */
export function keepToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}

/**
 * Gives a token as a header may carry it: its bytes in UTF-8, one a character.
 * @param {string} token
 * @returns {string}
 */
export function asHeader(token) {
  return String.fromCharCode(...new TextEncoder().encode(token));
}
