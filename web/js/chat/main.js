// The chat page: its parts, put together, and the switch of language.

import { ArticlePanel } from "./article_panel.js";
import { Chat } from "./chat.js";
import { byId } from "../shared/dom.js";
import { ready, switchLanguage, t, translatePage } from "../shared/language.js";
import { ConversationList } from "./conversation_list.js";

await ready;

const panel = new ArticlePanel();
const chat = new Chat(panel);
const conversations = new ConversationList({
  current: () => chat.id,
  onChange: (id) => id === chat.id && chat.reopen(),
});

function translate() {
  translatePage();
  document.title = t("title");
}

translate();

byId("language").addEventListener("click", async () => {
  await switchLanguage();
  translate();
  chat.redraw();
  panel.redraw();
  conversations.redraw();
});
byId("new-conversation").addEventListener("click", () => chat.begin());

chat.start();
