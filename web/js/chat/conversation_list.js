// The list of saved conversations: to open, rename, delete, restore and export.

import {
  loadConversations, nameOf, removeConversation, saveConversation,
} from "./conversation_store.js";
import { announce, byId, el } from "../shared/dom.js";
import { saveConversations } from "./export.js";
import { dayOf, t } from "../shared/language.js";
import { menu } from "./menu.js";
import { conversationRoute } from "./route.js";

/** The dialog that lists the saved conversations; what was deleted can be brought back until it closes. */
export class ConversationList {
  #dialog = byId("conversations");
  #list = byId("conversations-list");
  #removed = new Map();
  #current;
  #onChange;

  /**
   * @param {{current: () => string, onChange: (id: string) => void}} handlers
   */
  constructor({ current, onChange }) {
    this.#current = current;
    this.#onChange = onChange;
    byId("conversations-open").addEventListener("click", () => this.#open());
    byId("conversations-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", ({ target }) => {
      // The dialog itself is hit only where its backdrop is.
      if (target === this.#dialog || target.closest("a[href^='#']")) this.#dialog.close();
    });
  }

  /** Writes the list again, in the language now chosen. */
  redraw() {
    if (this.#dialog.open) this.#draw();
  }

  #open() {
    this.#removed.clear();
    this.#draw();
    this.#dialog.showModal();
  }

  #draw() {
    const kept = loadConversations();
    const rows = [...kept, ...this.#removed.values()].sort((a, b) => (a.changed < b.changed ? 1 : -1));
    this.#list.replaceChildren(...rows.map((conversation) =>
      this.#removed.has(conversation.id) ? this.#removedRow(conversation) : this.#row(conversation)));
    byId("conversations-empty").hidden = rows.length > 0;
    byId("conversations-all").replaceChildren(...(kept.length > 1 ? [this.#exportMenu(t("exportAll"), null, () => loadConversations())] : []));
  }

  #exportMenu(label, name, conversations) {
    return menu(label, name, ...[["JSON", "json"], ["Markdown", "markdown"]].map(([text, format]) =>
      el("button", { type: "button", onclick: () => saveConversations(conversations(), format) }, text)));
  }

  #row(conversation) {
    const { id, changed, turns } = conversation;
    const name = nameOf(conversation);
    const row = el("li", { class: "kept" },
      el("a", { href: conversationRoute(conversation), "aria-current": id === this.#current() ? "true" : null }, name),
      el("p", { class: "meta" },
        el("span", {}, dayOf(changed)), el("span", {}, t("turnCount", { count: turns.length }))),
      el("div", { class: "actions" },
        el("button", { type: "button", class: "quiet", "aria-label": t("renameName", { name }), onclick: () => this.#rename(row, conversation) }, t("rename")),
        el("button", { type: "button", class: "quiet", "aria-label": t("removeName", { name }), onclick: () => this.#remove(conversation) }, t("remove")),
        this.#exportMenu(t("export"), t("exportName", { name }), () => [conversation])));
    return row;
  }

  #removedRow(conversation) {
    return el("li", { class: "kept" },
      el("p", { class: "note" }, t("removed", { name: nameOf(conversation) })),
      el("button", { type: "button", class: "undo", "data-id": conversation.id, onclick: () => this.#restore(conversation) }, t("undo")));
  }

  #rename(row, conversation) {
    const box = el("input", { type: "text", maxlength: 80, "aria-label": t("nameLabel") });
    box.value = nameOf(conversation);
    const done = () => {
      this.#draw();
      this.#focusRow(conversation.id);
    };
    row.replaceChildren(el("form", {
      class: "rename",
      onsubmit: (event) => {
        event.preventDefault();
        conversation.name = box.value.trim() || null;
        saveConversation(conversation);
        this.#onChange(conversation.id);
        done();
      },
      onkeydown: (event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        event.preventDefault(); // the dialog stays open
        done();
      },
    }, box, el("button", {}, t("save"))));
    box.select();
  }

  #remove(conversation) {
    removeConversation(conversation.id);
    this.#removed.set(conversation.id, conversation);
    this.#onChange(conversation.id);
    this.#draw();
    announce(t("removed", { name: nameOf(conversation) }));
    this.#list.querySelector(`[data-id="${conversation.id}"]`).focus();
  }

  #restore(conversation) {
    this.#removed.delete(conversation.id);
    saveConversation(conversation);
    this.#onChange(conversation.id);
    this.#draw();
    this.#focusRow(conversation.id);
  }

  #focusRow(id) {
    this.#list.querySelector(`a[href="#/c/${id}"]`)?.focus();
  }
}
