// What every browser story needs: a fresh Chromium, steps told as JSON lines, and the panel inside its frame.
//
// The first argument is a JSON object of options; every line on stdout is {"step","ok",…}. A failing step ends the story.

import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);

/** How long a step may wait: generous, because machines are shared. */
const PATIENCE_MS = 30_000;

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** What the visitor sits at, unless a story says otherwise. */
const DESK = { viewport: { width: 1280, height: 860 } };

/** A phone of the usual width, at night. */
export const PHONE_AT_NIGHT = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" };

/**
 * Runs `story(tools)` in a browser with a profile of its own, and ends the process with its result. `device` is what the visitor
 * sits at, or makes it out of the options.
 */
export async function run(story, device = DESK) {
  const options = JSON.parse(process.argv[2]);
  mkdirSync(options.shots, { recursive: true });
  const browser = await chromium.launch({
    executablePath: options.chrome,
    headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: options.timeZone,
    ...(typeof device === "function" ? device(options) : device),
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  const listen = (page) => {
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && complaints.push(`${page.url()}: ${message.text()}`));
  };
  context.on("page", listen);

  let shots = 0;
  let current = null;
  const shot = async (name) => {
    shots += 1;
    const file = join(options.shots, `${String(shots).padStart(2, "0")}-${name}.png`);
    await current?.screenshot({ path: file }).catch(() => {});
    return file;
  };
  const tools = {
    options,
    /** Opens a page and makes it the one that is photographed. */
    async visit(url) {
      current = await context.newPage();
      await current.goto(url);
      return current;
    },
    look(page) {
      current = page;
    },
    /** A picture of it as it is. */
    shot,
    /** What pages have complained of that matches, once; it does not count against the story. */
    expected(pattern) {
      const found = complaints.filter((complaint) => pattern.test(complaint));
      for (const complaint of found) complaints.splice(complaints.indexOf(complaint), 1);
      return found;
    },
    /** Does one step; what it returns is told with it. */
    async step(name, act) {
      try {
        const seen = (await act()) ?? {};
        say({ step: name, ok: true, ...seen, shot: await shot(name) });
      } catch (error) {
        say({ step: name, ok: false, error: String(error.message ?? error).slice(0, 4000), shot: await shot(name) });
        throw error;
      }
    },
  };

  let code = 0;
  try {
    await story(tools);
    say({ step: "complaints", ok: complaints.length === 0, complaints });
  } catch {
    say({ step: "complaints", ok: complaints.length === 0, complaints });
    code = 1;
  }
  await browser.close();
  process.exit(code);
}

/** Waits until `look` returns something. */
export async function eventually(what, look) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The panel's frame. It stands in a closed shadow root, where selectors do not reach but frames are listed. */
export async function panelOf(page, edge) {
  const frame = await eventually("the panel's frame", () =>
    page.frames().find((candidate) => candidate.url().startsWith(`${edge}/panel/`)),
  );
  await frame.waitForLoadState("domcontentloaded");
  return frame;
}

/** Opens the panel as a person would, by the button in the corner; tells whether that was possible. */
export async function openPanel(page, edge) {
  await page.waitForFunction(() => typeof window.Throughline?.open === "function");
  const { width, height } = page.viewportSize();
  const opened = () => page.frames().some((frame) => frame.url().startsWith(`${edge}/panel/`));
  if (opened()) return { by: "itself", panel: await panelOf(page, edge) };
  await page.mouse.click(width - 48, height - 48);
  for (let look = 0; look < 20 && !opened(); look += 1) await page.waitForTimeout(100);
  const by = opened() ? "button" : "api";
  if (by === "api") await page.evaluate(() => window.Throughline.open());
  return { by, panel: await panelOf(page, edge) };
}

/** What arrived at an address of the sandbox, the newest last. */
export async function arrived(edge, address) {
  const found = await fetch(`${edge}/sandbox/api/messages?address=${encodeURIComponent(address)}`);
  return (await found.json()).filter((message) => message.to === address).sort((a, b) => a.at - b.at);
}

/** The link that signs whoever has the mailbox in to the inbox, once it has arrived. */
export async function signInLink(edge, owner) {
  const mail = await eventually("the link", async () => (await arrived(edge, owner)).at(-1));
  const link = /https?:\/\/\S*\/inbox\/in\/\S+/.exec(mail.text);
  if (!link) throw new Error(`no link in: ${mail.text}`);
  return link[0];
}

/** Asks at the sign-in page for a link, and comes in by it. */
export async function enterInbox(inbox, edge, owner) {
  await inbox.waitForURL(/sign-in/);
  await inbox.getByRole("textbox").fill(owner);
  await inbox.getByRole("button").first().click();
  await inbox.goto(await signInLink(edge, owner));
  await inbox.getByRole("button").first().click();
  await inbox.waitForURL(/\/inbox(\/|$)/);
  await inbox.locator(".card").first().waitFor();
}

/** The rules of WCAG that a page or frame breaks, by axe. */
export async function broken(frame) {
  await frame.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return frame.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await window.axe.run(document, { runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
}
