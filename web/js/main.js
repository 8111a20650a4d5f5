import { ArticlePanel } from "./article.js";
import { Chat } from "./chat.js";
import { byId } from "./dom.js";
import { language, switchLanguage, t, translatePage } from "./language.js";

const panel = new ArticlePanel();
const chat = new Chat(panel);

function nameLanguageButton() {
  const button = byId("language");
  button.textContent = t("otherLanguage");
  button.lang = language() === "en" ? "zh-CN" : "en";
  document.title = t("title");
}

translatePage();
nameLanguageButton();

byId("language").addEventListener("click", () => {
  switchLanguage();
  nameLanguageButton();
  chat.redraw();
  panel.redraw();
});
byId("new-conversation").addEventListener("click", () => chat.clear());

chat.start();
