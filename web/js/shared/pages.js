// What all pages beside the chat share: the switch of language, and buttons that copy references.

import { copyButton } from "./clipboard.js";
import { byId } from "./dom.js";
import { longDate, longMonth, ready, switchLanguage, t, translatePage } from "./language.js";

function translateTitle() {
  const { title: key, titleValues = "{}" } = document.querySelector("title").dataset;
  const { date, ...values } = JSON.parse(titleValues);
  document.title = `${t(key, { ...values, date: longDate(date) })} - ${t("title")}`;
}

// The server writes Chinese; what it wrote with numbers and days in it is told here to the other language.
function translateAll() {
  translatePage();
  translateTitle();
  for (const node of document.querySelectorAll("[data-t-values]")) {
    node.textContent = t(node.dataset.t, JSON.parse(node.dataset.tValues));
  }
  for (const node of document.querySelectorAll("time[data-date]")) {
    node.textContent = longDate(node.dateTime);
  }
  for (const node of document.querySelectorAll("[data-month]")) {
    node.textContent = longMonth(node.dataset.month);
  }
}

function addCopying() {
  for (const place of document.querySelectorAll("[data-copy]")) {
    const button = copyButton("copyReference", () => byId(place.dataset.copy).textContent);
    button.dataset.t = "copyReference";
    place.append(button);
  }
}

await ready;
addCopying();
translateAll();
byId("language").hidden = false;
byId("language").addEventListener("click", async () => {
  await switchLanguage();
  translateAll();
  document.dispatchEvent(new Event("wenbao:language"));
});
