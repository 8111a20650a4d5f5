// Alerts: questions that are asked again when issues come in, what they found that is new, and the address of their feed.

import { ApiError, post, request } from "../shared/api.js";
import { copyButton } from "../shared/clipboard.js";
import { byId, el } from "../shared/dom.js";
import { imprint } from "../shared/imprint.js";
import { contentLanguage, errorText, momentOf, t } from "../shared/language.js";

const LOOK_MS = 15_000; // what a server finds meanwhile comes by itself

/** The operator's alerts: saved, listed with what is new, marked as seen, deleted. */
export class Alerts {
  #authorized;
  #listed = { alerts: [], evidence: [], feed: null };
  #told = null;

  /** @param {() => Record<string, string>} authorized gives the headers of a request by the operator */
  constructor(authorized) {
    this.#authorized = authorized;
    byId("alert-save").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Fetches the list anew and draws it; where it cannot be had, the rest of the page goes on. */
  async load() {
    try {
      this.#listed = await request("/api/alerts", { headers: this.#authorized() });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#told = () => el("p", { class: "failure" }, errorText(error));
    }
    this.draw();
  }

  /** Draws the list, and what was done last. */
  draw() {
    const { alerts, feed } = this.#listed;
    byId("alerts-told").replaceChildren(...[this.#told?.()].filter(Boolean));
    byId("alerts").replaceChildren(alerts.length
      ? el("ul", {}, ...alerts.map((alert) => this.#item(alert)))
      : el("p", { class: "note" }, t("alertsNone")));
    byId("alerts-feed").hidden = !feed;
    if (!feed) return byId("alerts-feed").replaceChildren();
    const address = new URL(feed, location.href).href;
    byId("alerts-feed").replaceChildren(
      el("a", { class: "button", href: address, type: "application/atom+xml" }, t("alertFeed")),
      copyButton("alertFeedCopy", () => address),
      el("span", { class: "note" }, t("alertFeedHint")));
  }

  #item(alert) {
    const { alert_id: id, question, asked } = alert;
    const found = this.#listed.evidence.filter((one) => one.alert_id === id);
    const fresh = found.filter(({ seen }) => !seen);
    const earlier = found.filter(({ seen }) => seen);
    return el("li", {},
      el("h3", { lang: contentLanguage() }, question),
      el("p", { class: "note" }, asked ? t("alertAsked", { when: momentOf(asked) }) : t("alertNotAsked"), " · ",
        fresh.length ? el("strong", {}, t("alertNew", { count: fresh.length })) : t("alertNothing")),
      fresh.length > 0 && evidenceList(fresh, "evidence new"),
      earlier.length > 0 && el("details", {},
        el("summary", {}, t("alertEarlier", { count: earlier.length })), evidenceList(earlier, "evidence")),
      el("p", { class: "actions" },
        fresh.length > 0 && el("button", {
          type: "button", "aria-label": t("alertSeenNamed", { question }), onclick: () => this.#markSeen(alert, fresh),
        }, t("alertSeen")),
        el("button", {
          type: "button", class: "quiet", "aria-label": t("alertDeleteNamed", { question }), onclick: () => this.#delete(alert),
        }, t("alertDelete"))));
  }

  async #save() {
    const box = byId("alert-question");
    const question = box.value.trim();
    await this.#tell("/api/alerts", post({ question }), () => {
      box.value = "";
      return () => el("p", { class: "notice" }, t("alertSaved", { question }));
    });
    box.focus();
  }

  async #markSeen({ alert_id: id }, fresh) {
    // What is found while the operator reads stays new.
    const until = fresh.map(({ found }) => found).sort().at(-1);
    await this.#tell(`/api/alerts/${encodeURIComponent(id)}/seen`, post({ until }), () => null);
    this.#focus();
  }

  async #delete({ alert_id: id, question }) {
    await this.#tell(`/api/alerts/${encodeURIComponent(id)}`, { method: "DELETE" },
      () => () => el("p", { class: "notice" }, t("alertDeleted", { question })));
    this.#focus();
  }

  #focus() {
    (byId("alerts").querySelector("button, summary") ?? byId("alert-question")).focus();
  }

  // Sends a request, lists anew, and tells what `done` gives, or what failed.
  async #tell(path, options, done) {
    try {
      await request(path, { ...options, headers: { ...options.headers, ...this.#authorized() } });
      this.#told = done();
      await this.load();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#told = () => el("p", { class: "failure" }, errorText(error));
      this.draw();
    }
  }

  async #look() {
    // Only where there is something to wait for, and nothing is taken from under the operator's hand.
    if (byId("desk").hidden || document.hidden || !this.#listed.alerts.length) return;
    const before = JSON.stringify(this.#listed);
    const now = await request("/api/alerts", { headers: this.#authorized() }).catch(() => null);
    if (!now || JSON.stringify(now) === before || byId("alerts").contains(document.activeElement)) return;
    this.#listed = now;
    this.draw();
  }
}

function evidenceList(found, name) {
  const lang = contentLanguage();
  return el("ul", { class: name }, ...found.map(({ answer, quote, title, url, ...record }) => el("li", {},
    el("strong", { lang }, answer), " ", el("a", { href: url, lang }, title),
    el("q", { lang }, quote),
    el("p", { class: "meta" }, ...imprint(record)))));
}
