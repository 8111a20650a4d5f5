// The form that a question is written in and sent or stopped by.

import { byId } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { Autocomplete } from "./autocomplete.js";

/** The box that questions are written in. */
export class Composer {
  #form = byId("composer");
  #box = byId("question");
  #button = byId("send");
  #running = false;
  #autocomplete;

  /**
   * @param {{onAsk: (question: string) => void, onStop: () => void}} handlers
   */
  constructor({ onAsk, onStop }) {
    // First, so that it may take the Enter that chooses an entry.
    this.#autocomplete = new Autocomplete(this.#box, (text) => this.write(text));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#running) onStop();
      else this.#send(onAsk);
    });
    this.#button.addEventListener("click", (event) => {
      // The second half of a double click would stop what the first half began.
      if (event.detail > 1) event.preventDefault();
    });
    this.#box.addEventListener("keydown", (event) => {
      // Enter also confirms the candidate of an input method; 229 is how Safari tells.
      if (event.key !== "Enter" || event.shiftKey || event.defaultPrevented) return;
      if (event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.#running) this.#send(onAsk);
    });
    this.#box.addEventListener("input", () => this.#fit());
  }

  /**
   * Shows whether a question is running, in which case the button stops it.
   * @param {boolean} running
   */
  setRunning(running) {
    this.#running = running;
    this.#button.dataset.t = running ? "stop" : "send";
    this.#button.textContent = t(this.#button.dataset.t);
  }

  /**
   * Puts a text into the box, ready to be changed.
   * @param {string} text
   */
  write(text) {
    this.#box.value = text;
    this.#fit();
    this.focus();
  }

  /** Moves the focus into the box. */
  focus() {
    this.#box.focus();
  }

  #send(onAsk) {
    const question = this.#box.value.trim();
    if (!question) return this.focus();
    this.#box.value = "";
    this.#autocomplete.close();
    this.#fit();
    onAsk(question);
  }

  #fit() {
    // Browsers without field-sizing need the height told.
    if (CSS.supports("field-sizing", "content")) return;
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight}px`;
  }
}
