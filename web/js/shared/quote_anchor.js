// The article page: the quote that its address names (#c31-62) is marked.

import { article as fetchArticle } from "./api.js";
import { cutAround, markedParagraphs, readAnchor } from "./quote.js";

// The page is whole without this module.

async function markQuote() {
  const sheet = document.querySelector("[data-article-id]");
  const range = readAnchor(location.hash);
  // The server has marked the quote already where the address says so before its fragment.
  if (!sheet || !range || document.querySelector("mark:target")) return;
  const article = await fetchArticle(sheet.dataset.articleId, range);
  if (!article.mark?.quote) return;
  const body = sheet.querySelector(".body");
  body.replaceChildren(...markedParagraphs(cutAround(article, null)));
  body.querySelector("mark")?.scrollIntoView({ block: "center" });
}

function markOrLeave() {
  // Without the mark the page still reads well, so a failure is no news to the reader.
  markQuote().catch(() => {});
}

markOrLeave();
addEventListener("hashchange", markOrLeave);
