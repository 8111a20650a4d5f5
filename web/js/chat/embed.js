// The button that opens the chat in a frame on another site.

// One line there:  <script src="https://wenbao.example/embed.js" defer></script>
// It sets no cookie, stores nothing, and asks nobody but this server. A plain script, not a module:
// document.currentScript is how it knows where it came from.
(() => {
  "use strict";
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const WORDS = {
    zh: { open: "问旧报", frame: "问报：向旧报提问", close: "关闭" },
    en: { open: "Ask the newspaper archive", frame: "Wenbao: ask the newspaper archive", close: "Close" },
  };
  const [asked] = (script.dataset.lang ?? document.documentElement.lang).toLowerCase().split("-");
  const language = Object.hasOwn(WORDS, asked) ? asked : "zh";
  const words = WORDS[language];

  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };

  // Within a shadow root neither page's style sheet reaches the other's; a constructed one needs no leave of a strict CSP.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; color-scheme: light dark; }
    button { min-height: 2.75rem; padding: .375rem 1.125rem; border: 1px solid #a3271d; border-radius: .375rem; font: 1rem/1.5 system-ui, sans-serif; cursor: pointer; }
    .open { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; background: #a3271d; color: #fffaf0; box-shadow: 0 2px 10px rgb(0 0 0 / .25); }
    .close { background: #fffdf6; color: #211d17; }
    button:focus-visible { outline: 3px solid #211d17; outline-offset: 2px; box-shadow: 0 0 0 2px #fffdf6; }
    dialog { box-sizing: border-box; width: min(30rem, 100vw - 1rem); max-width: none; height: min(46rem, 100dvh - 1rem); max-height: none; margin: auto .5rem .5rem auto; padding: 0; overflow: hidden; border: 1px solid #8b8170; border-radius: .5rem; background: #f8f4ea; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / .35); }
    .bar { display: flex; justify-content: flex-end; padding: .375rem; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (prefers-color-scheme: dark) { dialog { background: #181613; } .close { background: #211e1a; color: #e9e2d4; } button:focus-visible { outline-color: #e9e2d4; box-shadow: 0 0 0 2px #181613; } }
    @media (max-width: 30rem) { dialog { width: 100vw; height: 100dvh; margin: 0; border: 0; border-radius: 0; } }
    @media print { :host, .open { display: none; } }
  `);

  const frame = make("iframe", { title: words.frame, allow: "clipboard-write" });
  const open = make("button", { type: "button", className: "open", textContent: words.open });
  const close = make("button", { type: "button", className: "close", textContent: words.close });
  // A modal dialog keeps the focus within, closes by Esc, and gives the focus back to the button.
  const dialog = make("dialog", { ariaLabel: words.frame }, make("div", { className: "bar" }, close), frame);
  open.setAttribute("aria-haspopup", "dialog");
  open.addEventListener("click", () => {
    dialog.showModal();
    if (frame.src) return frame.focus();
    frame.src = `${origin}/?embed=1${language === "zh" ? "" : `&lang=${language}`}`; // nothing is asked of the server before
    // The chat hears Esc only once its scripts run: until then the dialog keeps the focus, and closes by itself.
    frame.addEventListener("load", () => dialog.open && root.activeElement === close && frame.focus(), { once: true });
  });
  close.addEventListener("click", () => dialog.close());
  addEventListener("message", (event) => {
    // Keys pressed within the frame stay there; its page tells of Esc.
    if (event.origin === origin && event.source === frame.contentWindow && event.data === "wenbao:close") dialog.close();
  });

  const host = make("div", {});
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];
  root.append(open, dialog);
  document.body.append(host);
})();
