// A quote marked in its citation or within an article's paragraphs.

import { el } from "./dom.js";

/**
 * Gives a citation's quote as nodes, with the answering words in it marked.
 * @param {object} citation
 * @param {string[]} words the answers that stand in this quote
 * @returns {Array<Node|string>}
 */
export function markAnswer({ quote, quote_parts: parts }, words) {
  // The server knows which of two equal words is meant; only several answers in one quote are looked for.
  if (parts && words.length === 1 && parts.answer === words[0]) {
    return [parts.before, el("mark", {}, parts.answer), parts.after].filter((node) => node !== "");
  }
  return markWords(quote, words);
}

function markWords(quote, words) {
  const nodes = [];
  let rest = quote;
  while (rest) {
    const found = words
      .map((word) => ({ word, at: word ? rest.indexOf(word) : -1 }))
      .filter(({ at }) => at >= 0)
      // The longer of two at one place, so that a short answer never hides a longer one.
      .sort((a, b) => a.at - b.at || b.word.length - a.word.length)[0];
    if (!found) break;
    nodes.push(rest.slice(0, found.at), el("mark", {}, found.word));
    rest = rest.slice(found.at + found.word.length);
    words = words.filter((word) => word !== found.word);
  }
  return [...nodes, rest].filter((node) => node !== "");
}

/**
 * Reads which quote an address of an article names, as in /articles/yxrb-2024-03-12-01#c31-62; null where it names none.
 * @param {string} url
 * @returns {{start: number, end: number}|null}
 */
export function readAnchor(url) {
  const found = /#c(\d+)-(\d+)$/.exec(url);
  return found && { start: Number(found[1]), end: Number(found[2]) };
}

/**
 * Cuts an article in three around a quote; the body is left whole when the quote is not in it.
 * @param {{body: string, mark?: {before: string, quote: string, after: string}}} article
 * @param {string|null} quote the words cited, where they are known
 * @returns {{before: string, quote: string, after: string}}
 */
export function cutAround({ body, mark }, quote) {
  if (mark && (!quote || mark.quote === quote)) return mark;
  // The issue was replaced since the answer was given: look for the same words elsewhere.
  const at = quote ? body.indexOf(quote) : -1;
  if (at < 0) return { before: body, quote: "", after: "" };
  return { before: body.slice(0, at), quote, after: body.slice(at + quote.length) };
}

/**
 * Builds the paragraphs of an article with the quote marked, even across paragraph ends.
 * @param {{before: string, quote: string, after: string}} cut
 * @returns {HTMLElement[]}
 */
export function markedParagraphs({ before, quote, after }) {
  const paragraphs = [el("p")];
  for (const [text, marked] of [[before, false], [quote, true], [after, false]]) {
    text.split(/\r?\n/).forEach((line, index) => {
      if (index > 0) paragraphs.push(el("p"));
      const paragraph = paragraphs.at(-1);
      // Printed indents are set by the style sheet, so that all articles match.
      const shown = paragraph.textContent ? line : line.trimStart();
      if (shown) paragraph.append(marked ? el("mark", {}, shown) : shown);
    });
  }
  return paragraphs.filter((paragraph) => paragraph.textContent.trim());
}
