import * as api from "./api.js";
import { answerNodes, spokenAnswer } from "./answer.js";
import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { errorText, t } from "./language.js";
import { loadThread, saveThread } from "./store.js";
import { Welcome } from "./welcome.js";

const HISTORY_TURNS = 6;

/** The conversation: its turns, the one that is running, and what is seen of them. */
export class Chat {
  #list = byId("thread");
  #live = byId("live");
  #turns = loadThread();
  #putAway = [];
  #running = null;
  #nodes = new Map();
  #panel;
  #composer;
  #welcome;

  /**
   * @param {import("./article.js").ArticlePanel} panel
   */
  constructor(panel) {
    this.#panel = panel;
    this.#composer = new Composer({
      onAsk: (question) => this.ask(question),
      onStop: () => this.#running?.abort(),
    });
    this.#welcome = new Welcome({
      onAsk: (question) => {
        this.ask(question);
        // The pressed button is gone: the focus goes on to what it brought.
        this.#nodes.get(this.#turns.at(-1))?.querySelector(".question").focus();
      },
      onRestore: () => this.#restore(),
    });
  }

  /** Shows the saved thread, then what the archive holds. */
  async start() {
    this.redraw();
    this.#nodes.get(this.#turns.at(-1))?.scrollIntoView({ block: "start" });
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
    await this.#welcome.load();
    this.#drawWelcome();
  }

  /** Draws every turn again, as after a change of language. */
  redraw() {
    this.#nodes.clear();
    this.#list.replaceChildren(...this.#turns.map((turn) => this.#turnNode(turn)));
    this.#drawWelcome();
  }

  /**
   * Adds a question to the thread and asks it.
   * @param {string} question
   */
  ask(question) {
    if (this.#running) return;
    const turn = { question, state: "asking" };
    this.#turns.push(turn);
    this.#list.append(this.#turnNode(turn));
    this.#drawWelcome();
    this.#run(turn);
  }

  /** Puts the conversation away and begins a new one. */
  clear() {
    this.#running?.abort();
    this.#panel.close();
    if (this.#turns.length) this.#putAway = this.#turns;
    this.#turns = [];
    saveThread(this.#turns);
    this.redraw();
    this.#composer.focus();
  }

  #restore() {
    this.#turns = this.#putAway;
    this.#putAway = [];
    saveThread(this.#turns);
    this.redraw();
    this.#composer.focus();
  }

  async #run(turn) {
    const request = new AbortController();
    this.#running = request;
    this.#change(turn, { state: "asking", response: undefined, error: undefined });
    this.#composer.setRunning(true);
    this.#nodes.get(turn).scrollIntoView({ block: "start" });
    this.#live.textContent = t("announceStarted");
    try {
      const response = await api.ask(turn.question, this.#historyBefore(turn), request.signal);
      this.#change(turn, { state: "done", response });
      this.#live.textContent = spokenAnswer(response);
    } catch (error) {
      if (error.name === "AbortError") {
        this.#change(turn, { state: "stopped" });
        this.#live.textContent = t("stopped");
      } else {
        const { status = 500, code = "page", message = "" } = error instanceof api.ApiError ? error : {};
        this.#change(turn, { state: "failed", error: { status, code, message } });
        this.#live.textContent = errorText(turn.error);
        if (!(error instanceof api.ApiError)) console.error(error);
      }
    }
    this.#running = null;
    this.#composer.setRunning(false);
  }

  #historyBefore(turn) {
    return this.#turns
      .slice(0, this.#turns.indexOf(turn))
      .filter(({ state }) => state === "done")
      .slice(-HISTORY_TURNS)
      .map(({ question, response }) => ({ question, answer: response.answer ?? "" }));
  }

  #change(turn, values) {
    Object.assign(turn, values);
    if (!this.#turns.includes(turn)) return; // put away while it was running
    saveThread(this.#turns);
    const old = this.#nodes.get(turn);
    const { top, bottom } = old.getBoundingClientRect();
    const inView = bottom > 0 && top < innerHeight;
    const hadFocus = old.contains(document.activeElement);
    const node = this.#turnNode(turn);
    old.replaceWith(node);
    if (hadFocus) node.querySelector(".question").focus({ preventScroll: true });
    // A reader who went elsewhere in the meantime is left there.
    if (inView) node.scrollIntoView({ block: "start" });
  }

  #turnNode(turn) {
    const node = el("li", { class: "turn", "data-state": turn.state },
      el("h2", { class: "question", tabindex: "-1" }, turn.question),
      el("div", { class: "reply" }, ...this.#reply(turn)));
    this.#nodes.set(turn, node);
    return node;
  }

  #reply(turn) {
    if (turn.state === "done") {
      return answerNodes(turn.response, (citation, link) => this.#panel.open(citation, link));
    }
    if (turn.state === "asking") return [el("p", { class: "busy" }, t("asking"))];
    const again = el("button", {
      type: "button",
      onclick: () => !this.#running && this.#run(turn),
    }, t("retry"));
    if (turn.state === "stopped") {
      return [el("p", { class: "note" }, t("stopped")), el("p", { class: "actions" }, again)];
    }
    const edit = el("button", {
      type: "button",
      onclick: () => this.#composer.write(turn.question),
    }, t("edit"));
    return [
      el("p", { class: "failure" }, errorText(turn.error)),
      el("p", { class: "actions" }, again, [400, 413, 422].includes(turn.error.status) && edit),
    ];
  }

  #drawWelcome() {
    this.#welcome.draw(!this.#turns.length, this.#putAway.length > 0);
  }
}
