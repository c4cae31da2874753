// What is refused is said where it is read: to the site's owner in the console, to the visitor in the panel.
//
// Options: edge, site (allowed), stranger (the same pages at an address that is not), say (one message more than may be
// sent in a minute), another (what is said where sockets are blocked), timeZone, chrome, shots.

import { eventually, openPanel, run } from "./drive.mjs";

await run(async ({ options, visit, expected, step }) => {
  const { edge, site, stranger, say, another } = options;
  const closed = await visit(stranger);
  await step("stranger", async () => {
    await closed.waitForFunction(() => typeof window.Throughline?.open === "function");
    await closed.evaluate(() => window.Throughline.open());
    const text = await eventually("the console's message", () => expected(/Throughline: /)[0]);
    await eventually("the panel to go", () => !closed.frames().some((frame) => frame.url().startsWith(`${edge}/panel/`)));
    return { text };
  });

  const home = await visit(site);
  await step("hurried", async () => {
    const { panel } = await openPanel(home, edge);
    for (const text of say) {
      await panel.locator("#text").fill(text);
      await panel.locator("#text").press("Enter");
      await panel.getByRole("log").first().getByText(text, { exact: true }).waitFor();
    }
    const failed = panel.locator(".state.failed");
    await failed.waitFor();
    return { text: await failed.innerText(), retry: await failed.getByRole("button").innerText() };
  });

  await home.context().addInitScript(() => {
    window.WebSocket = class {
      constructor() {
        throw new Error("sockets are blocked here");
      }
    };
  });
  const behind = await visit(site);
  await step("plain", async () => {
    const { panel } = await openPanel(behind, edge);
    const answered = () => panel.locator(".state.failed");
    await answered().first().waitFor();
    await panel.locator("#text").fill(another);
    await panel.locator("#text").press("Enter");
    await eventually("the second refusal", async () => (await answered().count()) === 2);
    // Long enough for a line that was taken for broken to say so.
    await eventually("the line to be up", async () => (await panel.locator(".banner").count()) === 0);
    await behind.waitForTimeout(1_500);
    expected(/429/);
    const failed = answered().last();
    return {
      text: await failed.innerText(),
      retry: await failed.getByRole("button").innerText(),
      banners: await panel.locator(".banner").allInnerTexts(),
    };
  });
  // The browser says in its own time that the stranger may not frame the panel.
  expected(new RegExp(`^${stranger}.*(frame-ancestors|403|Failed to load resource)`, "s"));
});
