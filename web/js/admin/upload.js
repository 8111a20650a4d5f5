// The upload of issue files: a form, its progress, and the report of what was added or refused.

import { ApiError } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { errorText, hasText, language, t } from "../shared/language.js";

// Files go in small lots, so that the progress tells something and one bad lot spoils no other.
const LOT_FILES = 8;
const LOT_BYTES = 2 ** 21;
const MEGABYTE = 2 ** 20;

/** The form that sends issue files, by choosing or by dropping them, and the report of what became of them. */
export class Uploader {
  #input = byId("files");
  #drop = byId("drop");
  #told = byId("upload-told");
  #queue = [];
  #running = false;
  #report = null;
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
      this.#send(files);
    });
    this.#drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.#drop.classList.add("over");
    });
    this.#drop.addEventListener("dragleave", () => this.#drop.classList.remove("over"));
    this.#drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#drop.classList.remove("over");
      this.#send([...event.dataTransfer.files]);
    });
  }

  /** Draws the last report. */
  draw() {
    if (!this.#report) return;
    const { states, failed, warnings } = this.#report;
    const count = (state) => states.filter((each) => each === state).length;
    const values = { added: count("added"), replaced: count("replaced"), unchanged: count("unchanged"), failed: failed.length };
    this.#told.replaceChildren(...[
      el("p", {}, t("uploadDone", values)),
      failed.length && failureTable(failed),
      warnings.length && el("details", {},
        el("summary", {}, `${t("uploadWarnings")} (${warnings.length})`),
        el("ul", { lang: "zh-CN" }, ...warnings.map((warning) => el("li", {}, warning)))),
    ].filter(Boolean));
  }

  async #send(files) {
    this.#queue.push(...files);
    if (this.#running || !this.#queue.length) return;
    this.#running = true;
    this.#report = { states: [], failed: [], warnings: [] };
    this.#told.replaceChildren();
    let done = 0;
    while (this.#queue.length) {
      const lot = this.#nextLot();
      if (lot.length) await this.#sendLot(lot, done, done + lot.length + this.#queue.length);
      done += lot.length;
    }
    this.#running = false;
    byId("progress").hidden = true;
    this.draw();
    this.#onDone();
  }

  #nextLot() {
    const lot = [];
    let bytes = 0;
    while (this.#queue.length && lot.length < LOT_FILES) {
      const file = this.#queue[0];
      if (file.size > this.#limit()) {
        const size = { size: (file.size / MEGABYTE).toFixed(1), most: (this.#limit() / MEGABYTE).toFixed(1) };
        this.#report.failed.push({ file: file.name, line: null, code: "too_large", values: size });
        this.#queue.shift();
        continue;
      }
      if (lot.length && bytes + file.size > Math.min(LOT_BYTES, this.#limit())) break;
      bytes += file.size;
      lot.push(this.#queue.shift());
    }
    return lot;
  }

  async #sendLot(lot, done, total) {
    const values = { from: done + 1, to: done + lot.length, total };
    const show = (share, key) => {
      byId("progress").hidden = false;
      byId("progress-bar").value = (done + share * lot.length) / total;
      byId("progress-told").textContent = t(key, values);
    };
    show(0, "uploading");
    try {
      const reply = await post(lot, byId("upload-paper").value.trim(), this.#token(), (share) =>
        show(share / 2, share < 1 ? "uploading" : "indexing"));
      this.#report.states.push(...reply.issues.map((issue) => issue.state));
      this.#report.failed.push(...reply.failed);
      this.#report.warnings.push(...reply.warnings);
      show(1, "indexing");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const refused = error.failed ?? lot.map((file) => ({ file: file.name, line: null, reason: errorText(error) }));
      this.#report.failed.push(...refused);
    }
  }
}

// XMLHttpRequest, because fetch does not tell how much was sent.
function post(files, paper, token, onProgress) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", `/api/issues${paper ? `?${new URLSearchParams({ paper })}` : ""}`);
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
