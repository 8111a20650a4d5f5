// Reconnection with exponential backoff after the server could not be reached.

import * as api from "../shared/api.js";

const FIRST_MS = 1000;
const LONGEST_MS = 15_000;

/** Looks for a server that could not be reached, ever more seldom, and tells when it is back. */
export class Reconnection {
  #timer = 0;
  #wait = 0;
  #onBack;

  /**
   * @param {() => void} onBack
   */
  constructor(onBack) {
    this.#onBack = onBack;
    addEventListener("online", () => this.#wait && this.#look());
  }

  /** Begins to look, unless it does already. */
  start() {
    if (this.#wait) return;
    this.#wait = FIRST_MS;
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), this.#wait);
  }

  async #look() {
    try {
      await api.health();
    } catch {
      this.#wait = Math.min(2 * this.#wait, LONGEST_MS);
      this.#later();
      return;
    }
    this.#wait = 0;
    clearTimeout(this.#timer);
    this.#onBack();
  }
}
