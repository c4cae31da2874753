// An appointment is booked in the chat with the keyboard alone: no mouse, no finger, no call of a page's function.
//
// Options: edge, site, ask (the words that ask for times), held (words of the card that asks once more), done (words of the
// booked appointment), timeZone, chrome, shots.

import { broken, eventually, panelOf, run } from "./drive.mjs";

/** How many times Tab may be pressed until something has the focus. */
const MOST_TABS = 40;

await run(async ({ options, visit, step, shot }) => {
  const { edge, site, ask, held, done } = options;
  const page = await visit(site);
  const press = (key) => page.keyboard.press(key);
  // The panel's focus is asked of its own document: from outside the whole frame has it.
  const focused = (panel) =>
    panel.evaluate(() => {
      const { activeElement: at } = document;
      const shown = at && at !== document.body && getComputedStyle(at);
      return {
        id: at?.id ?? "",
        name: at?.textContent?.trim() ?? "",
        ring: shown ? shown.outlineStyle !== "none" || shown.boxShadow !== "none" : false,
      };
    });
  const tabTo = async (panel, what, key, fits) => {
    for (let tabs = 1; tabs <= MOST_TABS; tabs += 1) {
      await press(key);
      const at = await focused(panel);
      if (fits(at)) return { tabs, ring: at.ring };
    }
    throw new Error(`${what} is not reached by ${key}`);
  };
  const log = (panel) => panel.getByRole("log").first();

  let panel;
  await step("opened", async () => {
    await page.waitForFunction(() => typeof window.Throughline?.open === "function");
    // The launcher is in a part of its own, whose element the page takes for what has the focus.
    const launcher = () => page.evaluate(() => document.activeElement?.localName === "throughline-chat");
    for (let tabs = 0; tabs < MOST_TABS && !(await launcher()); tabs += 1) await press("Tab");
    await press("Enter");
    panel = await panelOf(page, edge);
    await panel.locator("#text").waitFor();
    await eventually("the composer to have the focus", async () => (await focused(panel)).id === "text");
  });
  await step("times", async () => {
    await page.keyboard.type(ask);
    await press("Enter");
    await panel.locator(".time-choice").nth(2).waitFor();
    return { text: await log(panel).innerText(), broken: await broken(panel) };
  });
  let chosen;
  await step("held", async () => {
    chosen = await panel.locator(".time-choice").last().innerText();
    const reached = await tabTo(panel, "a time", "Shift+Tab", ({ name }) => name === chosen);
    await press("Enter");
    await panel.getByText(held).first().waitFor();
    return { ...reached, text: await log(panel).innerText(), broken: await broken(panel) };
  });
  await step("back", async () => {
    const reached = await tabTo(panel, "the way back", "Tab", ({ name }) => /^No,/.test(name));
    await press("Enter");
    await eventually("other times", async () => (await panel.locator(".time-choice").count()) === 3);
    const others = await panel.locator(".time-choice").allInnerTexts();
    return { ...reached, others: others.map((other) => other.split(" · ")[1]), chosen: chosen.split(" · ")[1] };
  });
  await step("again", async () => {
    const reached = await tabTo(panel, "another time", "Tab", ({ name }) => /^1 · /.test(name));
    await press("Space");
    await panel.getByRole("button", { name: /^Yes,/ }).waitFor();
    return reached;
  });
  await step("phone", async () => {
    const faults = [];
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 700 });
      await shot(`phone-${colorScheme}`);
      const beyond = await panel.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (beyond > 0) faults.push(`${colorScheme}: ${beyond} px beyond the edge`);
      faults.push(...(await broken(panel)).map((fault) => `${colorScheme}: ${fault}`));
    }
    await page.setViewportSize({ width: 1280, height: 860 });
    return { broken: faults };
  });
  await step("booked", async () => {
    const reached = await tabTo(panel, "the yes", "Tab", ({ name }) => /^Yes,/.test(name));
    await press("Enter");
    await panel.getByText(done).first().waitFor();
    const calendar = panel.getByRole("link", { name: /calendar/i });
    await calendar.waitFor();
    return { ...reached, text: await log(panel).innerText(), link: await calendar.getAttribute("href"), broken: await broken(panel) };
  });
  await step("closed", async () => {
    await press("Escape");
    await eventually("the launcher to have the focus again", async () => {
      const inPanel = await panel.evaluate(() => document.hasFocus());
      return !inPanel && page.evaluate(() => document.activeElement?.localName === "throughline-chat");
    });
  });
});
