// Sends the page's forms that are marked `data-throughline` to the edge, and shows the answer in the chat.
//
// The loader brings it once somebody touches such a form. What was typed stays in the form until it has been taken, and a
// second try with the same words is the same filling-in to the edge. Without scripts, a form whose `action` is the edge's address is sent as
// it is.
(() => {
  const script = document.currentScript;
  const { site } = script.dataset;
  const edge = new URL(script.src).origin;
  const key = "throughline:" + site;
  // What each form said last, and the id of that filling-in.
  const sent = new WeakMap();

  // Storage throws where the visitor forbids it.
  const kept = (act) => {
    try {
      return act(localStorage);
    } catch {}
  };
  const newId = () => "evt_" + crypto.randomUUID().replaceAll("-", "");
  const words = (box) => [...(box.labels || [])].map((label) => label.innerText.replace(/\s+/g, " ").trim()).join(" ");

  const read = (form) => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    for (const box of form.elements) {
      if (box.type === "checkbox" && box.checked && box.name) fields.append("tl_label." + box.name, words(box));
    }
    const text = fields.toString();
    if (sent.get(form)?.text !== text) sent.set(form, { text, id: newId() });
    fields.append("tl_id", sent.get(form).id);
    fields.append("tl_ms", Math.round(performance.now()));
    // What the page calls it: `data-throughline="quote"`.
    fields.append("tl_form", form.dataset.throughline);
    fields.append("tl_page", location.origin + location.pathname);
    // The visitor's session, as the panel keeps it.
    const token = kept((store) => JSON.parse(store.getItem(key))?.token);
    if (token) fields.append("tl_token", token);
    return fields;
  };

  // Where the page says what became of it: its own element, or one of ours at the form's end.
  const tell = (form, text, isError) => {
    let status = form.querySelector("[data-throughline-status]");
    if (!status) {
      status = document.createElement("p");
      status.setAttribute("data-throughline-status", "");
      form.append(status);
    }
    status.setAttribute("role", isError ? "alert" : "status");
    status.hidden = false;
    status.textContent = text;
  };

  // A refusal that names a field stands at the field.
  const point = (form, code) => {
    const kind = { bad_email: "email", bad_phone: "tel" }[code];
    const field = kind && [...form.elements].find((field) => field.type === kind || field.name === kind);
    field?.focus();
  };

  const send = async (form) => {
    const answer = await fetch(`${edge}/v1/forms/${site}`, {
      method: "POST",
      body: read(form),
      headers: { accept: "application/json" },
    });
    const told = await answer.json();
    if (!answer.ok) return [told, true];
    kept((store) => store.getItem(key) || store.setItem(key, JSON.stringify(told.session)));
    return [told, false];
  };

  addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-throughline]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    try {
      const [told, isError] = await send(form);
      tell(form, told.text, isError);
      if (isError) point(form, told.code);
      else {
        sent.delete(form);
        form.reset();
        form.dispatchEvent(new CustomEvent("throughline:sent", { bubbles: true }));
        window.Throughline?.open();
      }
    } catch {
      const spanish = /^es/.test(document.documentElement.lang);
      tell(form, spanish ? "No se ha podido enviar. Lo que escribió sigue aquí: inténtelo otra vez." : "That could not be sent. What you wrote is still here: please try again.", true);
    }
    if (button) button.disabled = false;
  });
})();
