// The inbox beside its timelines, in a real browser: review, reports, every part of the settings and what lies over the page, at a
// desk, on a phone at night, and from right to left; and the way between the two programs.
//
// Options: edge, page (a page with the widget), site (its id), owner (who signs in), question, answer, unknown (what nobody has
// taught), parts (of the settings), timeZone, chrome, shots.

import { broken, enterInbox, openPanel, run } from "./drive.mjs";

await run(async ({ options, visit, step, expected }) => {
  const { edge, site, owner, question, answer, unknown, parts } = options;
  const names = ["review", "reports", ...parts.map((part) => `settings/${part}`)];
  const address = (name) => `${edge}/inbox/${site}/${name}`;

  const page = await visit(options.page);
  await step("asked", async () => {
    const { panel } = await openPanel(page, edge);
    const says = async (text) => {
      await panel.locator("#text").fill(text);
      await panel.locator("#text").press("Enter");
    };
    await says(question);
    await panel.getByRole("log").first().getByText(answer).first().waitFor();
    await says(unknown);
    await panel.getByText(unknown).first().waitFor();
  });

  const inbox = await visit(`${edge}/inbox`);
  await enterInbox(inbox, edge, owner);
  expected(/401/);

  /** What stands on the page that is shown, once it has been read. */
  const seen = async () => {
    await inbox.locator("main h1, .settings h1").first().waitFor();
    await inbox.waitForLoadState("networkidle");
    const beyond = await inbox.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const headings = await inbox.getByRole("heading").allInnerTexts();
    return { headings, text: await inbox.locator("main").innerText(), beyond, broken: await broken(inbox.mainFrame()) };
  };
  const through = async (how) => {
    for (const name of names) {
      await step(`${name}${how}`, async () => {
        await inbox.goto(address(name));
        return seen();
      });
    }
  };

  // What lies over a contact, each opened by its button and left by Escape.
  await inbox.locator(".card a").first().click();
  await inbox.locator(".entry").first().waitFor();
  const over = async (name, how = "") => {
    await step(`over: ${name}${how}`, async () => {
      const opens = inbox.getByRole("button", { name, exact: true }).first();
      await opens.click();
      await inbox.getByRole("dialog").waitFor();
      await inbox.waitForLoadState("networkidle");
      return { headings: await inbox.getByRole("dialog").getByRole("heading").allInnerTexts(), broken: await broken(inbox.mainFrame()) };
    });
    await inbox.keyboard.press("Escape");
    await inbox.getByRole("dialog").waitFor({ state: "detached" });
  };
  await inbox.locator("#compose").fill("The wheel is ready.");
  const dialogs = ["Edit name and language", "Record an opt-out", "Who is who", "Erase everything", "Add a field", "Saved replies", "Send later", "Put off"];
  for (const name of dialogs) await over(name);
  await inbox.getByRole("button", { name: /^Notices/ }).click();
  await step("over: Notices", async () => {
    await inbox.getByRole("dialog").waitFor();
    await inbox.waitForLoadState("networkidle");
    return { broken: await broken(inbox.mainFrame()) };
  });
  await inbox.keyboard.press("Escape");
  await inbox.emulateMedia({ colorScheme: "dark" });
  await over("Who is who", ", at night");
  await over("Send later", ", at night");
  await inbox.emulateMedia({ colorScheme: "light" });
  await inbox.locator("#compose").fill("");

  await step("there", async () => {
    await inbox.getByRole("link", { name: "Reports" }).click();
    await inbox.waitForURL(address("reports"));
    return seen();
  });
  await step("back", async () => {
    await inbox.goBack();
    await inbox.locator(".entry").first().waitFor();
    await inbox.goForward();
    await inbox.waitForURL(address("reports"));
    const { text } = await seen();
    await inbox.getByRole("link", { name: /^All/ }).click();
    await inbox.locator(".card").first().waitFor();
    return { text };
  });
  await through("");
  await step("palette", async () => {
    await inbox.keyboard.press("Control+k");
    await inbox.getByRole("dialog").waitFor();
    const found = await broken(inbox.mainFrame());
    const text = await inbox.getByRole("dialog").innerText();
    await inbox.keyboard.type("resolved");
    await inbox.keyboard.press("Enter");
    await inbox.waitForURL(address("resolved"));
    await inbox.getByRole("heading", { name: "Resolved" }).waitFor();
    return { text, broken: found };
  });

  await inbox.setViewportSize({ width: 390, height: 844 });
  await inbox.emulateMedia({ colorScheme: "dark" });
  await through(", phone at night");

  await inbox.evaluate(() => localStorage.setItem("language", "ar"));
  await inbox.setViewportSize({ width: 1280, height: 860 });
  await inbox.emulateMedia({ colorScheme: "light" });
  await through(", Arabic");
  await step("direction", async () => ({ text: await inbox.evaluate(() => document.documentElement.dir) }));
});
