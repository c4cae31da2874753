// What the panel does before its program is there: takes text, and fetches the words and the program side by side.
const assets = JSON.parse(document.getElementById("tl-assets").textContent);
const known = (tag) => assets[`lang/${tag.slice(0, 2).toLowerCase()}.json`];
const locale = navigator.languages.find(known) ?? "en";

const form = document.getElementById("composer");
const field = document.getElementById("text");
const person = document.getElementById("person");
const early = [];
let wanted = false;

const bubble = (text, kind) => {
  const row = document.getElementById("early").appendChild(document.createElement("div"));
  row.className = kind;
  const body = kind === "note" ? row : row.appendChild(document.createElement("div"));
  body.className += kind === "note" ? "" : "bubble";
  body.dir = "auto";
  body.textContent = text;
};
const keep = (event) => {
  event.preventDefault();
  const text = field.value.trim();
  // Too long a text stays in the field; the program says why.
  if (!text || [...text].length > 4000) return;
  early.push(text);
  field.value = "";
  bubble(text, "row own last");
};
const key = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) keep(event);
};
const want = () => {
  wanted = person.disabled = true;
};
const close = () => parent.postMessage('{"tl":"close"}', location.hash.slice(1) || origin);
const escape = (event) => event.key === "Escape" && close();
form.addEventListener("submit", keep);
field.addEventListener("keydown", key);
person.addEventListener("click", want);
document.addEventListener("keydown", escape);
document.getElementById("close").addEventListener("click", close);

try {
  const [words, program] = await Promise.all([
    fetch(known(locale)).then((answer) => answer.text()),
    import("./widget.js").then(async (module) => {
      await module.default();
      return module;
    }),
  ]);
  form.removeEventListener("submit", keep);
  field.removeEventListener("keydown", key);
  person.removeEventListener("click", want);
  person.disabled = false;
  document.removeEventListener("keydown", escape);
  program.start(words, locale, JSON.stringify(early), wanted);
} catch (error) {
  // The browser is too old, or the network went away: nothing that was typed is thrown away.
  console.error(error);
  bubble("The chat could not be loaded. Please reload the page, or reach us by phone or email.", "note");
}
