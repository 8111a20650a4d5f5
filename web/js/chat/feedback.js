// Feedback on an answer: two buttons and a line of words.

import * as api from "../shared/api.js";
import { announce, el } from "../shared/dom.js";
import { errorText, t } from "../shared/language.js";

let open = null;

/** Asks the server once whether it takes feedback, when the first answer is shown. */
function isOpen() {
  open ??= api.takesFeedback().catch(() => ((open = null), false));
  return open;
}

/**
 * Tells the server which answer a reader put aside and which was chosen for it, where it takes feedback.
 * @param {object} turn
 * @param {string} rejected
 * @param {string|null} chosen null where none of those offered was meant
 */
export async function sendChoice({ question }, rejected, chosen) {
  if (!(await isOpen())) return;
  // The choice stands whether or not it could be kept.
  await api.sendFeedback({ question, rejected: rejected.slice(0, 2000), chosen: chosen?.slice(0, 2000) ?? null }).catch(() => {});
}

function wordsForm(turn, helpful, onSent, onBack) {
  const words = el("input", { type: "text", maxlength: 2000, "aria-label": t("feedbackWords"), placeholder: t("feedbackWords") });
  const failure = el("p", { class: "failure", role: "alert", hidden: true });
  const form = el("form", {
    class: "feedback-form",
    onsubmit: async (event) => {
      event.preventDefault();
      const { question, response } = turn;
      try {
        await api.sendFeedback({
          question, helpful, answer: response.answer?.slice(0, 2000) ?? null,
          article_id: response.citations[0]?.article_id ?? null, words: words.value.trim() || null,
        });
        onSent();
      } catch (error) {
        if (!(error instanceof api.ApiError)) throw error;
        failure.textContent = errorText(error);
        failure.hidden = false;
      }
    },
    onkeydown: (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      onBack();
    },
  }, words, el("button", {}, t("feedbackSend")), failure);
  return { form, words };
}

/**
 * Makes the buttons by which a reader says whether an answer helped; nothing where the server takes no feedback.
 * @param {object} turn
 * @param {(helpful: boolean) => void} onSent
 * @returns {HTMLElement}
 */
export function feedbackButtons(turn, onSent) {
  const node = el("div", { class: "feedback", hidden: true });
  const thanks = () => node.replaceChildren(el("span", { class: "note" }, t("feedbackThanks")));
  const offer = () => node.replaceChildren(...[["helpful", true], ["notHelpful", false]].map(([key, helpful]) =>
    el("button", { type: "button", class: "quiet", onclick: ({ currentTarget }) => write(currentTarget, helpful) }, t(key))));
  const write = (button, helpful) => {
    const { form, words } = wordsForm(turn, helpful, () => {
      thanks();
      announce(t("feedbackThanks"));
      onSent(helpful);
    }, () => {
      offer();
      node.children[helpful ? 0 : 1].focus();
    });
    button.setAttribute("aria-pressed", "true");
    node.replaceChildren(button, form);
    words.focus();
  };
  if (turn.helpful === undefined) offer();
  else thanks();
  isOpen().then((taken) => (node.hidden = !taken));
  return node;
}
