import { ArticlePanel } from "./article.js";
import { Chat } from "./chat.js";
import { byId } from "./dom.js";
import { switchLanguage, t, translatePage } from "./language.js";
import { Shelf } from "./shelf.js";

const panel = new ArticlePanel();
const chat = new Chat(panel);
const shelf = new Shelf({
  current: () => chat.id,
  onChange: (id) => id === chat.id && chat.reopen(),
});

function translate() {
  translatePage();
  document.title = t("title");
}

translate();

byId("language").addEventListener("click", () => {
  switchLanguage();
  translate();
  chat.redraw();
  panel.redraw();
  shelf.redraw();
});
byId("new-conversation").addEventListener("click", () => chat.begin());

chat.start();
