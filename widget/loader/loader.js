// The script a site pastes: draws the launcher, and loads the panel when the visitor means to use it.
//
// Before that it asks the network for nothing and stores nothing. It is one block, so it leaves one name in the page:
// `Throughline`. Messages to and from the panel are JSON texts with the key `tl`; see `widget/src/host.rs`.
(() => {
  if (window.Throughline) return;
  const doc = document;
  const script = doc.currentScript || doc.querySelector("script[data-site]");
  const { site, color = "#1f5eff", label } = script.dataset;
  const edge = new URL(script.src).origin;
  const prefix = "throughline:" + site;
  const listeners = {};
  const settings = {};
  const part = (at) => parseInt(color.substr(at, 2), 16);
  const bright = part(1) * 299 + part(3) * 587 + part(5) * 114 > 165e3;
  let frame, ready, open, dead, forms;

  const make = (parent, name, attributes) => {
    const element = doc.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    parent.append(element);
    return element;
  };
  // Beside <body>, not in it: single-page apps that swap the body keep the conversation.
  const host = make(doc.documentElement, "throughline-chat");
  const root = host.attachShadow({ mode: "closed" });
  const button = make(root, "button", {
    type: "button",
    "aria-expanded": false,
    "aria-label": label || (/^es/.test(doc.documentElement.lang) ? "Chatea con nosotros" : "Chat with us"),
  });
  make(button, "i");
  const badge = make(button, "b", { "aria-hidden": true });
  const box = make(root, "div", { role: "dialog", "aria-label": "Chat" });
  const paint = (ground, ink) => {
    host.style.setProperty("--c", ground);
    host.style.setProperty("--k", ink);
  };
  // A constructed sheet, because a strict host page refuses inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host{all:initial!important}
button,div{position:fixed;z-index:2147483001;bottom:calc(20px + env(safe-area-inset-bottom));inset-inline-end:20px;box-shadow:0 8px 24px #0003}
button{width:56px;height:56px;padding:0;border:0;border-radius:50%;background:var(--c);color:var(--k);cursor:pointer}
button:focus-visible{outline:3px solid var(--c);outline-offset:3px}
i{position:absolute;inset:16px;background:currentColor;clip-path:path("M12 2C6 2 2 6 2 11c0 3 1 5 3 6v5l5-3c8 1 12-3 12-8s-4-9-10-9z")}
[aria-expanded=true] i{clip-path:path("M12 17 3 8l2-2 7 7 7-7 2 2z")}
b{position:absolute;top:-4px;inset-inline-end:-4px;min-width:10px;padding:0 6px;border-radius:11px;
background:#c81e3a;color:#fff;font:600 12px/22px system-ui}
b:empty{display:none}.x{background:#767b85;color:#fff}
div{bottom:92px;width:400px;height:min(704px,100dvh - 112px);border-radius:20px;overflow:hidden;background:#fff;
visibility:hidden;opacity:0;transition:.2s}
div.o{visibility:visible;opacity:1}
iframe{display:block;width:100%;height:100%;border:0}
@media(max-width:480px){div{inset:var(--t,0) 0 auto;width:auto;height:var(--h,100dvh);border-radius:0}}
@media(prefers-color-scheme:dark){div{background:#16181c}}
@media(prefers-reduced-motion){div{transition:none}}
@media(forced-colors:active){button{border:2px solid}i{background:ButtonText;forced-color-adjust:none}}`);
  root.adoptedStyleSheets = [sheet];
  paint(color, bright ? "#121418" : "#fff");

  const emit = (name, detail) => (listeners[name] || []).forEach((act) => act(detail));
  const say = (tl, more) => ready && frame.contentWindow.postMessage(JSON.stringify({ tl, ...more }), edge);
  // Storage throws where the visitor forbids it; then nothing outlives the page.
  const attempt = (act) => {
    try {
      act(localStorage);
    } catch {}
  };
  const own = (key) => key === prefix || key.startsWith(prefix + ":");
  const drop = () => {
    show(false);
    frame?.remove();
    frame = ready = 0;
  };
  const load = () => {
    if (frame || dead) return;
    frame = make(box, "iframe", { title: "Chat", src: `${edge}/panel/${site}#${location.origin}` });
    fetch(`${edge}/v1/widgets/${site}`)
      .then(async (answer) => {
        if (answer.ok) return;
        const { text } = await answer.json();
        console.error("Throughline: " + text);
        dead = 1;
        button.className = "x";
        button.title = text;
        button.setAttribute("aria-disabled", true);
        drop();
        emit("error", text);
      })
      .catch(() => {});
  };
  const show = (on) => {
    if (on) load();
    on = !!on && !dead;
    if (on === !!open) return;
    open = on;
    const inside = doc.activeElement === host;
    box.classList.toggle("o", on);
    button.setAttribute("aria-expanded", on);
    say(on ? "open" : "close");
    if (on) frame.focus();
    else if (inside) button.focus();
    emit(on ? "open" : "close");
  };
  const set = (tl) => (v) => {
    settings[tl] = v;
    say(tl, { v });
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== edge) return;
    const { tl, k, v, n, label, name, color, ink } = JSON.parse(data);
    if (tl === "hi") {
      const saved = {};
      attempt((store) => {
        for (const key of Object.keys(store)) if (own(key)) saved[key.slice(prefix.length)] = store[key];
      });
      ready = 1;
      say("init", { ...settings, saved, open });
      emit("ready");
    } else if (tl === "put") attempt((store) => (v === null ? store.removeItem(prefix + k) : store.setItem(prefix + k, v)));
    else if (tl === "close") show(false);
    else if (tl === "look") paint(color, ink);
    else if (tl === "unread") {
      badge.textContent = n ? (n > 9 ? "9+" : n) : "";
      button.setAttribute("aria-label", label);
      emit("unread", n);
    } else if (tl === "event") emit(name);
  });
  // What another tab keeps or forgets; without its first text the visitor has been reset there.
  addEventListener("storage", ({ key, newValue: v }) => {
    if (key === prefix && v === null) drop();
    else if (key && own(key)) say("saved", { k: key.slice(prefix.length), v });
  });
  // A finger enters as well.
  button.addEventListener("pointerenter", load);
  button.addEventListener("focus", load);
  button.addEventListener("click", () => show(!open));
  root.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  // A form of the page that is marked for us brings a script of its own once somebody touches it.
  addEventListener("focusin", ({ target }) => {
    if (target.closest("[data-throughline]")) forms ||= make(host, "script", { src: edge + "/forms.js", "data-site": site });
  });
  // A phone's keyboard shrinks what is visible, not the page: the full-screen panel follows it.
  const view = window.visualViewport;
  const fit = () => {
    box.style.setProperty("--h", view.height + "px");
    box.style.setProperty("--t", view.offsetTop + "px");
  };
  if (view) view.onresize = view.onscroll = () => open && fit();

  window.Throughline = {
    open: () => show(true),
    close: () => show(false),
    on(name, act) {
      (listeners[name] ||= []).push(act);
    },
    reset() {
      drop();
      attempt((store) => Object.keys(store).forEach((key) => own(key) && store.removeItem(key)));
    },
    identify: set("identify"),
    setLocale: set("locale"),
    setTheme: set("theme"),
  };
})();
