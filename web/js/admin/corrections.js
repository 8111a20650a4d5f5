// Corrections: a form that shows an article as it stands, and the list of what was corrected, each to be undone.

import { ApiError, article, post, request } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { saveFile } from "../shared/download.js";
import { errorText, longDate, t } from "../shared/language.js";

const FACTS = ["title", "kicker", "subtitle", "byline", "source", "column", "page"];

/** The operator's corrections: made in a form, listed, undone, taken along. */
export class Corrections {
  #authorized;
  #shown = null;
  #listed = [];
  #told = null;

  /** @param {() => Record<string, string>} authorized gives the headers of a request by the operator */
  constructor(authorized) {
    this.#authorized = authorized;
    byId("correct-open").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#open();
    });
    byId("correct").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    byId("correct-merge").addEventListener("click", () => this.#send({ merge_next: true }));
    byId("correct-split").addEventListener("click", () => {
      const text = byId("correct-body");
      // The server counts: what stands before the cursor is sent, not how much.
      this.#send({ split: { after: text.value.slice(0, text.selectionStart) } });
    });
    byId("corrections-export").addEventListener("click", () => this.#export());
  }

  /** Fetches the list anew and draws it. */
  async load() {
    this.#listed = (await request("/api/corrections", { headers: this.#authorized() })).corrections;
    this.draw();
  }

  /** Draws the list, and what became of the last correction. */
  draw() {
    byId("correct-told").replaceChildren(...[this.#told?.()].filter(Boolean));
    byId("corrections-export").hidden = !this.#listed.length;
    byId("corrections").replaceChildren(this.#listed.length
      ? el("ul", {}, ...this.#listed.map((one) => this.#line(one)))
      : el("p", { class: "note" }, t("correctionsNone")));
  }

  #line(one) {
    const where = `${longDate(one.issue_date)} ${one.paper}`;
    const words = (text) => (text === null || text === "" ? "–" : text);
    return el("li", {},
      el("strong", {}, t(`field_${one.field}`)), " ",
      el("span", { lang: "zh-CN" }, el("del", {}, words(one.printed)), " → ", el("ins", {}, words(one.corrected))), " ",
      el("span", { class: "note" }, `${where} `, el("span", { lang: "zh-CN" }, one.headline), one.note && ` (${one.note})`), " ",
      !one.applied && el("strong", {}, t("correctionUnfit")), " ",
      el("button", {
        type: "button", class: "quiet", "aria-label": t("undoNamed", { number: one.correction_id }),
        onclick: () => this.#undo(one),
      }, t("undoCorrection")));
  }

  async #open() {
    const given = byId("correct-article").value.trim();
    // The address of an article's page will do as well.
    const id = decodeURIComponent(given.replace(/^.*\/articles\//, "").replace(/[?#].*$/, ""));
    await this.#tell(async () => {
      this.#show(await article(id, null));
      return null;
    });
  }

  #show(shown) {
    this.#shown = shown;
    byId("correct").hidden = false;
    for (const name of FACTS) byId(`correct-${name}`).value = shown[name] ?? "";
    byId("correct-day").value = shown.issue_date;
    byId("correct-body").value = shown.body;
    byId("correct-note").value = "";
    byId("correct-title").focus();
  }

  async #save() {
    const changed = {};
    for (const name of FACTS) {
      const value = byId(`correct-${name}`).value.trim();
      if (value !== String(this.#shown[name] ?? "")) changed[name] = value || null;
    }
    const body = byId("correct-body").value;
    if (body !== this.#shown.body) changed.body = body;
    const day = byId("correct-day").value;
    if (day && day !== this.#shown.issue_date) changed.day = day;
    await this.#send(changed);
  }

  async #send(changed) {
    const note = byId("correct-note").value.trim() || null;
    const sent = post({ article_id: this.#shown.article_id, ...changed, note });
    await this.#tell(async () => {
      const done = await request("/api/corrections", { ...sent, headers: { ...sent.headers, ...this.#authorized() } });
      // A corrected day gives the issue another id.
      const id = this.#shown.article_id.replace(this.#shown.issue_id, done.issue_id);
      this.#show(await article(id, null));
      await this.load();
      return () => el("p", { class: "notice" }, t("correctDone", { count: done.corrections.length }), " ",
        el("a", { href: `/articles/${encodeURIComponent(id)}` }, t("correctSee")));
    });
  }

  async #undo(one) {
    await this.#tell(async () => {
      await request(`/api/corrections/${one.correction_id}`, { method: "DELETE", headers: this.#authorized() });
      await this.load();
      byId("correct").hidden = true;
      return () => el("p", { class: "notice" }, t("undone", { number: one.correction_id }));
    });
    byId("corrections").querySelector("button")?.focus();
  }

  async #export() {
    const reply = await fetch("/api/corrections/export", { headers: this.#authorized() }).catch(() => null);
    if (reply?.ok) saveFile("corrections.jsonl", "application/jsonl", await reply.text());
  }

  async #tell(act) {
    try {
      this.#told = await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#told = () => el("p", { class: "failure" }, errorText(error));
    }
    this.draw();
  }
}
