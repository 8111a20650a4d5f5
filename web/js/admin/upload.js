// The upload of issue files: a form, what the files are read as, its progress, and the report of what was added or refused.

import { ApiError, request } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { errorText, hasText, language, t } from "../shared/language.js";
import { previewTable } from "./preview.js";

// Files go in small lots, so that the progress tells something and one bad lot spoils no other.
const LOT_FILES = 8;
const LOT_BYTES = 2 ** 21;
const MEGABYTE = 2 ** 20;
const ASK_AGAIN_MS = 400;
const PATIENCE = 10; // askings without an answer, before an upload on its way is given up

/** The form that sends issue files, by choosing or by dropping them: looked at first, and kept when that is confirmed. */
export class Uploader {
  #input = byId("files");
  #drop = byId("drop");
  #told = byId("upload-told");
  #queue = [];
  #running = false;
  #report = null;
  #show = () => {};
  #foreseen = null; // what the files that wait for a word are read as
  #token;
  #limit;
  #onDone;

  /**
   * @param {{token: () => string, limit: () => number, onDone: () => void}} handlers
   *   `limit` gives the bytes that one upload may have
   */
  constructor({ token, limit, onDone }) {
    this.#token = token;
    this.#limit = limit;
    this.#onDone = onDone;
    byId("upload").addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("change", () => {
      const files = [...this.#input.files];
      this.#input.value = ""; // so that the same file, mended, can be chosen again
      this.#look(files);
    });
    this.#drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.#drop.classList.add("over");
    });
    this.#drop.addEventListener("dragleave", () => this.#drop.classList.remove("over"));
    this.#drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#drop.classList.remove("over");
      this.#look([...event.dataTransfer.files]);
    });
  }

  /** Draws what the files are read as, or the last report. */
  draw() {
    if (this.#foreseen) return this.#drawForeseen();
    if (!this.#report) return;
    const { states, failed, warnings } = this.#report;
    const count = (state) => [...states.values()].filter((each) => each === state).length;
    const values = { added: count("added"), replaced: count("replaced"), unchanged: count("unchanged"), failed: failed.length };
    this.#told.replaceChildren(...[
      el("p", {}, t("uploadDone", values)),
      failed.length && failureTable(failed),
      warnings.length && el("details", {},
        el("summary", {}, `${t("uploadWarnings")} (${warnings.length})`),
        el("ul", { lang: "zh-CN" }, ...warnings.map((warning) => el("li", {}, warning)))),
    ].filter(Boolean));
  }

  #drawForeseen() {
    const { files, failed } = this.#foreseen;
    this.#told.replaceChildren(...[
      files.length && previewTable(files),
      failed.length && failureTable(failed),
      el("p", { class: "actions" },
        files.length && el("button", { type: "button", class: "primary", onclick: () => this.#take() },
          t("previewTake", { count: files.length })),
        el("button", { type: "button", onclick: () => this.#leave() }, t("previewLeave"))),
    ].filter(Boolean));
  }

  // Looks at files without keeping them, and asks whether they are meant so.
  async #look(files) {
    this.#queue.push(...files);
    if (this.#running || !this.#queue.length) return;
    this.#foreseen ??= { kept: [], files: [], failed: [] };
    await this.#inLots(this.#foreseen.failed, "looking", async (lot) => {
      const reply = await this.#post(lot, true);
      const taken = new Set(reply.files.map(({ file }) => file));
      this.#foreseen.kept.push(...lot.filter(({ name }) => taken.has(name)));
      this.#foreseen.files.push(...reply.files);
      this.#foreseen.failed.push(...reply.failed);
    });
    this.draw();
    this.#told.querySelector("button")?.focus();
  }

  #leave() {
    this.#foreseen = null;
    this.#report = null;
    this.#told.replaceChildren();
    this.#input.focus();
  }

  // Sends the files that were looked at; what was refused then is told again in the report.
  async #take() {
    const { kept, failed } = this.#foreseen;
    this.#foreseen = null;
    this.#report = { states: new Map(), failed: [...failed], warnings: [] };
    this.#queue.push(...kept);
    await this.#inLots(this.#report.failed, "indexing", async (lot) => {
      const reply = await this.#post(lot, false);
      for (const { issue_id: issue, state } of reply.issues) {
        if (this.#report.states.get(issue) !== "added") this.#report.states.set(issue, state);
      }
      this.#report.failed.push(...reply.failed);
      this.#report.warnings.push(...reply.warnings);
    });
    this.draw();
    this.#onDone();
  }

  async #inLots(failed, doing, send) {
    this.#running = true;
    this.#told.replaceChildren();
    let done = 0;
    while (this.#queue.length) {
      const lot = this.#nextLot(failed);
      if (lot.length) await this.#sendLot(lot, done, done + lot.length + this.#queue.length, failed, doing, send);
      done += lot.length;
    }
    this.#running = false;
    byId("progress").hidden = true;
  }

  #nextLot(failed) {
    const lot = [];
    let bytes = 0;
    while (this.#queue.length && lot.length < LOT_FILES) {
      const file = this.#queue[0];
      if (file.size > this.#limit()) {
        const size = { size: (file.size / MEGABYTE).toFixed(1), most: (this.#limit() / MEGABYTE).toFixed(1) };
        failed.push({ file: file.name, line: null, code: "too_large", values: size });
        this.#queue.shift();
        continue;
      }
      if (lot.length && bytes + file.size > Math.min(LOT_BYTES, this.#limit())) break;
      bytes += file.size;
      lot.push(this.#queue.shift());
    }
    return lot;
  }

  async #sendLot(lot, done, total, failed, doing, send) {
    const values = { from: done + 1, to: done + lot.length, total };
    // The share is 1 when all is sent, and 2 when all is taken in.
    this.#show = (share) => {
      byId("progress").hidden = false;
      byId("progress-bar").value = (done + (share * lot.length) / 2) / total;
      byId("progress-told").textContent = t(share < 1 ? "uploading" : doing, values);
    };
    this.#show(0);
    try {
      await send(lot);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push(...(error.failed ?? lot.map((file) => ({ file: file.name, line: null, reason: errorText(error) }))));
    }
  }

  async #post(lot, dryRun) {
    const said = { paper: "upload-paper", encoding: "upload-encoding", map: "upload-map" };
    const query = Object.entries(said).map(([name, id]) => [name, byId(id).value.trim()]).filter(([, value]) => value);
    if (dryRun) query.push(["dry_run", "true"]);
    const reply = await post(lot, new URLSearchParams(query), this.#token(), this.#show);
    return reply.upload_id ? this.#taken(reply) : reply;
  }

  // Asks how far an upload is until it has ended, and gives its report.
  async #taken(job) {
    let unanswered = 0;
    while (job.state === "queued" || job.state === "running") {
      this.#show(1 + job.files_done / job.files);
      await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
      try {
        job = await request(job.url, { headers: { Authorization: `Bearer ${this.#token()}` } });
        unanswered = 0;
      } catch (error) {
        // The upload goes on where the page only cannot hear of it.
        const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
        if (!passing || (unanswered += 1) > PATIENCE) throw error;
      }
    }
    if (job.state === "done") return job.report;
    const { code, message, field } = job.error;
    throw Object.assign(new ApiError(500, code, message, field), { failed: job.report?.failed });
  }
}

// XMLHttpRequest, because fetch does not tell how much was sent.
function post(files, query, token, onProgress) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", `/api/issues?${query}`);
  request.setRequestHeader("Authorization", `Bearer ${token}`);
  request.setRequestHeader("Accept-Language", language());
  request.responseType = "json";
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("error", () => reject(new ApiError(0, "network", "")));
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status < 300 && response) return resolve(response);
      const { code = "bad_reply", message = "", field = null } = response?.error ?? {};
      reject(Object.assign(new ApiError(status, code, message, field), { failed: response?.failed }));
    });
    request.send(form);
  });
}

function failureTable(failed) {
  return el("table", { class: "failed" },
    el("caption", {}, t("uploadFailures")),
    el("thead", {}, el("tr", {}, ...["uploadFile", "uploadLine", "uploadReason"].map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, ...failed.map(({ file, line, ...why }) => el("tr", {},
      el("th", { scope: "row" }, file), el("td", {}, line === null ? "–" : String(line)), el("td", {}, reasonText(why))))));
}

// What has no code known here is told as the server words it.
function reasonText({ reason, code, values }) {
  return hasText(`refused_${code}`) ? t(`refused_${code}`, values) : reason;
}
