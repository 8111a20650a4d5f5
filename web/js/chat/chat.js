// The open conversation: its turns, the request that is running, and what the page shows of them.

import * as api from "../shared/api.js";
import { spokenAnswer } from "./answer.js";
import { Composer } from "./composer.js";
import {
  loadConversation, loadConversations, nameOf, newConversation, newId, saveConversation, watchConversations,
} from "./conversation_store.js";
import { promote } from "./alternatives.js";
import { announce, byId } from "../shared/dom.js";
import { sendChoice } from "./feedback.js";
import { Filters } from "./filters.js";
import { errorText, t } from "../shared/language.js";
import { conversationRoute, emptyRoute, readRoute, turnRoute } from "./route.js";
import { addFurther, turnNode } from "./turn.js";
import { Reconnection } from "./reconnection.js";
import { Welcome } from "./welcome.js";

const HISTORY_TURNS = 6;

/** The conversation that is open: its turns, the one that is running, and what is seen of them. */
export class Chat {
  #list = byId("thread");
  #conversation = newConversation();
  #running = null;
  #nodes = new Map();
  #panel;
  #composer;
  #filters;
  #welcome;
  #actions;
  #reconnection = new Reconnection(() => this.#recover());

  /**
   * @param {import("./article_panel.js").ArticlePanel} panel
   */
  constructor(panel) {
    this.#panel = panel;
    this.#filters = new Filters((filters) => {
      this.#conversation.filters = filters;
      if (this.#conversation.turns.length) this.#save();
    });
    this.#composer = new Composer({
      onAsk: (question) => this.ask({ question }),
      onStop: () => this.#running?.request.abort(),
    });
    const onOpen = (citation, link) => panel.open(citation, link);
    this.#welcome = new Welcome({
      onAsk: (question) => this.#askFrom({ question }),
      onOpen,
    });
    this.#actions = {
      onOpen,
      onRetry: (turn) => !this.#running && this.#run(turn),
      onEdit: (turn) => this.#composer.write(turn.question),
      onFilters: () => this.#filters.open(),
      onAskAgain: (turn, again) => this.#askFrom({ history: turn.history, ...again }),
      onHelpful: (turn, helpful) => {
        turn.helpful = helpful;
        this.#save();
      },
      onChoose: (turn, place) => this.#choose(turn, place),
      onNone: (turn) => this.#refuse(turn),
      address: (turn) => new URL(turnRoute(this.#conversation, turn), location.href).href,
    };
    addEventListener("hashchange", () => this.#follow());
    watchConversations((id) => id === this.#conversation.id && !this.#running && this.reopen());
  }

  /** The id of the open conversation. */
  get id() {
    return this.#conversation.id;
  }

  /** Shows what the address asks for, then what the archive holds. */
  async start() {
    this.#follow();
    if (matchMedia("(pointer: fine)").matches && !readRoute(location).turn) this.#composer.focus();
    this.#welcome.loadExamples().then(() => this.#drawWelcome());
    const held = await this.#welcome.loadHoldings();
    if (held) this.#filters.offer(held);
    this.#drawWelcome();
  }

  /** Draws every turn again, as after a change of language. */
  redraw() {
    this.#nodes.clear();
    this.#list.replaceChildren(...this.#conversation.turns.map((turn) => this.#node(turn)));
    this.#filters.draw();
    this.#drawWelcome();
  }

  /**
   * Adds a question to the conversation and asks it.
   * @param {{question: string, filters?: object, history?: object[], alone?: boolean}} asked
   */
  ask({ question, filters = this.#conversation.filters, history = this.#history(), alone = false }) {
    if (this.#running) return;
    const turn = { id: newId(), question, filters, history: alone ? [] : history, asked: new Date().toISOString(), state: "asking" };
    this.#conversation.filters = filters;
    this.#filters.show(filters);
    this.#conversation.turns.push(turn);
    this.#list.append(this.#node(turn));
    this.#drawWelcome();
    if (readRoute(location).conversation !== this.id) {
      window.history.replaceState(window.history.state, "", conversationRoute(this.#conversation));
    }
    this.#run(turn);
  }

  /** Begins a new conversation; the one before stays in the list. */
  begin() {
    this.#panel.dismiss();
    this.#show(newConversation());
    window.history.pushState(null, "", emptyRoute(location));
    this.#composer.focus();
  }

  /** Takes up what was changed of the open conversation elsewhere: a name, or that it was deleted. */
  reopen() {
    const kept = loadConversation(this.id);
    this.#show(kept ?? newConversation());
    // A link to it must be heard as a change of address, should it be brought back.
    if (!kept) window.history.replaceState(window.history.state, "", emptyRoute(location));
  }

  #follow() {
    const { conversation, turn, question, filters } = readRoute(location);
    if (conversation && conversation === this.id && this.#conversation.turns.length) return this.#reveal(turn);
    const kept = conversation && loadConversation(conversation);
    if (kept) {
      this.#show(kept);
      return this.#reveal(turn);
    }
    this.#show({ ...newConversation(), filters });
    // Whoever was sent a link to an answer has not got the conversation: the same question is asked again.
    if (question) this.ask({ question, alone: true });
  }

  #reveal(id) {
    const { turns } = this.#conversation;
    const turn = turns.find((one) => one.id === id);
    const node = this.#nodes.get(turn ?? turns.at(-1));
    node?.scrollIntoView({ block: "start" });
    if (turn) node.querySelector(".question").focus({ preventScroll: true });
  }

  #show(conversation) {
    this.#stop();
    this.#conversation = conversation;
    this.#filters.show(conversation.filters);
    this.redraw();
  }

  #stop() {
    if (!this.#running) return;
    const { request, turn } = this.#running;
    this.#running = null;
    request.abort();
    this.#composer.setRunning(false);
    Object.assign(turn, { state: "stopped", passages: undefined });
  }

  #askFrom(asked) {
    if (this.#running) return;
    this.ask(asked);
    // What was pressed is gone, or far above: the focus goes on to what it brought.
    this.#nodes.get(this.#conversation.turns.at(-1)).querySelector(".question").focus({ preventScroll: true });
  }

  async #run(turn) {
    const conversation = this.#conversation;
    const request = new AbortController();
    const change = (values) => conversation === this.#conversation && this.#change(turn, values);
    this.#running = { request, turn };
    change({ state: "asking", understood: undefined, passages: undefined, response: undefined, error: undefined });
    this.#composer.setRunning(true);
    this.#nodes.get(turn).scrollIntoView({ block: "start" });
    announce(t("announceStarted"));
    try {
      const { question, filters, history: earlier } = turn;
      await api.askStream({ question, filters, history: earlier }, request.signal, (event, data) => {
        if (event === "understood") change({ understood: data });
        if (event === "passages") change({ passages: data.passages });
        if (event === "answer") {
          change({ state: "done", response: data });
          announce(spokenAnswer(data));
        }
      });
      this.#goOn(turn, conversation);
    } catch (error) {
      if (this.#running?.request !== request) return; // left for another conversation
      this.#fail(change, error);
    }
    if (this.#running?.request !== request) return;
    this.#running = null;
    this.#composer.setRunning(false);
  }

  /** Puts another candidate in the place of the answer, as the reader chose. */
  #choose(turn, place) {
    const { response } = turn;
    const { text } = response.alternatives[place];
    sendChoice(turn, response.answer, text);
    this.#change(turn, { response: promote(response, place), further: undefined });
    this.#nodes.get(turn).querySelector(".question").focus({ preventScroll: true });
    announce(spokenAnswer(turn.response));
    this.#goOn(turn, this.#conversation);
  }

  /** Opens what else was read, where nothing offered is what was asked for. */
  #refuse(turn) {
    sendChoice(turn, turn.response.answer, null);
    const read = this.#nodes.get(turn).querySelector("details.read");
    if (!read) return announce(t("nothingElseRead"));
    read.open = true;
    read.querySelector("summary").focus();
  }

  /** Offers questions to go on with, once the answer stands; that there are none is no failure worth a word. */
  async #goOn(turn, conversation) {
    const { answered, answers, citations, understood_as: asked } = turn.response ?? {};
    if (!answered) return;
    const { article_id: articleId } = citations.find(({ id }) => id === answers[0].citation);
    const further = await api.further(articleId, asked).catch(() => []);
    if (!further.length || turn.state !== "done" || conversation !== this.#conversation) return;
    turn.further = further;
    this.#save();
    addFurther(this.#nodes.get(turn), turn, this.#actions);
  }

  #fail(change, error) {
    if (error.name === "AbortError") {
      change({ state: "stopped", passages: undefined });
      announce(t("stopped"));
      return;
    }
    const { status = 500, code = "page", message = "" } = error instanceof api.ApiError ? error : {};
    change({ state: "failed", error: { status, code, message }, passages: undefined });
    announce(errorText({ status, message }));
    if (status === 0) this.#reconnection.start();
    if (!(error instanceof api.ApiError)) console.error(error);
  }

  #recover() {
    const turn = this.#conversation.turns.at(-1);
    if (turn?.state === "failed" && turn.error.status === 0 && !this.#running) this.#run(turn);
  }

  #history() {
    return this.#conversation.turns
      .filter(({ state }) => state === "done")
      .slice(-HISTORY_TURNS)
      .map(({ question, response }) => ({ question, answer: response.answer ?? "" }));
  }

  #save() {
    this.#conversation.changed = new Date().toISOString();
    byId("storage-full").hidden = saveConversation(this.#conversation);
  }

  #change(turn, values) {
    Object.assign(turn, values);
    this.#save();
    const old = this.#nodes.get(turn);
    const { top, bottom } = old.getBoundingClientRect();
    const inView = bottom > 0 && top < innerHeight;
    const hadFocus = old.contains(document.activeElement);
    const node = this.#node(turn);
    old.replaceWith(node);
    if (hadFocus) node.querySelector(".question").focus({ preventScroll: true });
    // A reader who went elsewhere in the meantime is left there.
    if (inView) node.scrollIntoView({ block: "start" });
  }

  #node(turn) {
    const node = turnNode(turn, this.#actions);
    this.#nodes.set(turn, node);
    return node;
  }

  #drawWelcome() {
    const empty = !this.#conversation.turns.length;
    const last = empty && loadConversations()[0];
    this.#welcome.draw(empty, last ? { name: nameOf(last), href: conversationRoute(last) } : null);
  }
}
