// Keeps the pages fresh, and nothing more: without it every link and form works, and a reload shows what is new.
//
// Every 1.5 s it asks for the page's version. When that has changed it fetches the page and replaces those parts
// (`[data-live]`) whose markup is another now. What is being typed, what is folded open and where the focus is stays.

"use strict";
(() => {
  const EVERY_MS = 1500;
  const SLOWEST_MS = 30000;
  const main = document.querySelector("main");
  const status = document.getElementById("status");
  const seen = new Map();
  let wait = EVERY_MS;
  let timer = 0;
  let composing = false;
  let running = null;

  const parts = (root) => root.querySelectorAll("[data-live]");
  const remember = (root) => {
    for (const part of parts(root)) seen.set(part.id, part.outerHTML);
  };

  // The end of a phone or a timeline is the newest.
  const toEnd = (element) => {
    element.scrollTop = element.scrollHeight;
  };
  const isAtEnd = (element) => element.scrollHeight - element.scrollTop - element.clientHeight < 80;

  const keep = (part) => {
    const focus = part.contains(document.activeElement) ? document.activeElement : null;
    const fields = [...part.querySelectorAll("textarea, input:not([type=hidden])")];
    const typed = fields.map((field) => [field.id, field.value, field.selectionStart, field.selectionEnd]);
    const open = [...part.querySelectorAll("details[open]")].map((details) => details.id);
    const focused = focus && { id: focus.id, fold: focus.tagName === "SUMMARY" ? focus.parentElement.id : "", href: focus.getAttribute("href") };
    return { typed, open, focused, top: part.scrollTop, end: isAtEnd(part), answers: part.querySelector("[name=in_reply_to]")?.value };
  };

  const giveBack = (part, kept) => {
    const same = kept.answers === part.querySelector("[name=in_reply_to]")?.value;
    for (const [id, value, start, end] of kept.typed) {
      const field = id && part.querySelector(`#${CSS.escape(id)}`);
      if (!field || !same) continue;
      field.value = value;
      if (kept.focused?.id === id) field.setSelectionRange(start, end);
    }
    for (const id of kept.open) {
      const details = id && part.querySelector(`#${CSS.escape(id)}`);
      if (details) details.open = true;
    }
    part.scrollTop = kept.top;
    const { id, fold, href } = kept.focused ?? {};
    const again =
      (id && document.getElementById(id)) ||
      (fold && document.getElementById(fold)?.querySelector("summary")) ||
      (href && part.querySelector(`a[href="${CSS.escape(href)}"]`));
    if (again) again.focus({ preventScroll: true });
    if (part.hasAttribute("data-stick") && kept.end) toEnd(part);
  };

  const replace = (page) => {
    const fresh = [...parts(page)];
    const ids = fresh.map((part) => part.id).join();
    const known = [...parts(document)].map((part) => part.id).join();
    if (ids !== known) {
      const kept = keep(main);
      const next = document.importNode(page.querySelector("main"), true);
      main.replaceChildren(...next.childNodes);
      giveBack(main, kept);
      main.querySelectorAll("[data-stick]").forEach(toEnd);
      document.getElementById("clock")?.replaceWith(document.importNode(page.getElementById("clock"), true));
      remember(page);
    } else {
      for (const part of fresh) {
        if (seen.get(part.id) === part.outerHTML) continue;
        const old = document.getElementById(part.id);
        const kept = keep(old);
        // An answer that is being written stays with the mail it answers.
        const writing = kept.typed.some(([id, value]) => value || kept.focused?.id === id);
        if (writing && kept.answers !== part.querySelector("[name=in_reply_to]")?.value) continue;
        seen.set(part.id, part.outerHTML);
        const next = document.importNode(part, true);
        old.replaceWith(next);
        giveBack(next, kept);
      }
    }
    main.dataset.version = page.querySelector("main").dataset.version;
    document.title = page.title;
    tick.base = null;
  };

  const refresh = () => {
    running ??= (async () => {
      try {
        const answer = await fetch(location.href.split("#")[0], { headers: { accept: "text/html" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (page.querySelector("main")) replace(page);
      } finally {
        running = null;
      }
    })();
    return running;
  };

  const look = async () => {
    clearTimeout(timer);
    try {
      if (!document.hidden && !composing) {
        const answer = await fetch(main.dataset.poll, { cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const version = (await answer.text()).trim();
        if (version !== main.dataset.version.trim()) {
          await refresh();
          // The page may carry another name for the same state: this one counts.
          main.dataset.version = version;
          status.textContent = "";
          setTimeout(() => (status.textContent = "Something new has arrived."), 100);
        }
      }
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS);
    }
    timer = setTimeout(look, wait);
  };

  // The clock runs on between two looks.
  const tick = () => {
    const clocks = document.querySelectorAll("[data-now]");
    tick.base ??= Date.now();
    for (const clock of clocks) {
      const now = new Date(Number(clock.dataset.now) + Date.now() - tick.base);
      const zone = { timeZone: clock.dataset.zone, hourCycle: "h23" };
      let parts;
      try {
        const format = new Intl.DateTimeFormat("en-GB", {
          ...zone, weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit",
        });
        parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
      } catch {
        continue;
      }
      const time = `${Number(parts.hour)}:${parts.minute}`;
      const whole = `${parts.weekday}, ${parts.day} ${parts.month} ${parts.year} at ${time}`;
      const text = clock.dataset.shape === "clock" ? time : whole;
      if (clock.textContent !== text) clock.textContent = text;
    }
  };

  const post = async (form, submitter) => {
    const trouble = form.querySelector(".trouble");
    const buttons = form.querySelectorAll("button");
    const fields = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
    const sent = fields.map((field) => field.value);
    const body = new URLSearchParams(new FormData(form, submitter));
    if (trouble) trouble.textContent = "";
    buttons.forEach((button) => (button.disabled = true));
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (!answer.ok) throw new Error(`it was refused with ${answer.status}`);
      fields.forEach((field, index) => {
        if (field.value === sent[index]) field.value = "";
      });
      const fold = form.closest("details");
      if (fold) fold.open = false;
      await refresh();
      document.querySelectorAll("[data-stick]").forEach(toEnd);
    } catch (error) {
      if (trouble) trouble.textContent = `Not sent: ${error.message}. Your words are still here.`;
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      if (submitter?.id && document.activeElement === document.body) document.getElementById(submitter.id)?.focus();
    }
    look();
  };

  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    event.preventDefault();
    post(event.target, event.submitter);
  });
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => (composing = false));
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-enter]");
    if (!form || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (event.target.value.trim()) form.requestSubmit();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.firstChild.textContent = "Copied";
    } catch {
      button.firstChild.textContent = "Not copied";
    }
    setTimeout(() => (button.firstChild.textContent = "Copy"), 1600);
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());

  document.documentElement.classList.add("js");
  remember(document);
  if (!location.hash) document.querySelectorAll("[data-stick]").forEach(toEnd);
  tick();
  setInterval(tick, 1000);
  timer = setTimeout(look, main.dataset.version ? EVERY_MS : 0);
})();
