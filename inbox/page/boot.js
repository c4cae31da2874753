// Fetches the reader's language and the program that shows what the address names, side by side, and starts it.
const LANGUAGES = ["en", "es", "fr", "de", "ar"];
const RIGHT_TO_LEFT = ["ar"];

const assets = JSON.parse(document.getElementById("tl-assets").textContent);
const wished = (navigator.languages || [navigator.language || "en"]).map((tag) => tag.split("-")[0].toLowerCase());
const kept = localStorage.getItem("language");
const language = [kept, ...wished, "en"].find((tag) => LANGUAGES.includes(tag) && assets[`lang/${tag}.json`]);
const locale = (navigator.languages || []).find((tag) => tag.toLowerCase().startsWith(language)) || language;
document.documentElement.lang = language;
document.documentElement.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";

const early = document.getElementById("early");
try {
  const words = fetch(assets[`lang/${language}.json`]).then((answer) => answer.text());
  const isPage = /^\/inbox\/[^/]+\/(review|reports|settings)(\/|$)/.test(location.pathname);
  const program = fetch(isPage ? "pages_bg.wasm" : "threads_bg.wasm");
  const { default: load, start } = await (isPage ? import("pages.js") : import("threads.js"));
  await load({ module_or_path: program });
  start(await words, locale);
} catch (error) {
  console.error(error);
  early.textContent = "The inbox could not be opened. Please load the page again.";
}
