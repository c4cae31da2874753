// A form of the customer's own page: sent without leaving it, and answered in the chat, which opens by itself.
//
// Options: edge, page (the page with the form), name, email, bad (an address that is none), question, answer, timeZone,
// chrome, shots.

import { broken, eventually, run } from "./drive.mjs";

await run(async ({ options, visit, step, expected }) => {
  const { edge, name, email, bad, question, answer } = options;
  const page = await visit(options.page);
  const form = page.locator("form[data-throughline]");
  const status = form.locator("[data-throughline-status]");
  await step("refused", async () => {
    await form.locator("[name=name]").fill(name);
    await form.locator("[name=email]").fill(bad);
    await form.locator("[name=message]").fill(question);
    await page.waitForFunction(() => document.querySelector('script[src$="/forms.js"]'));
    // Whoever is faster than this is a program.
    await page.waitForTimeout(1_700);
    await form.getByRole("button").click();
    await status.waitFor();
    expected(/400/);
    return { text: await status.innerText(), kept: await form.locator("[name=message]").inputValue() };
  });
  await step("sent", async () => {
    await form.locator("[name=email]").fill(email);
    await form.locator("[name=sms_consent]").check();
    await form.getByRole("button").click();
    const frame = await eventually("the panel", () => page.frames().find((frame) => frame.url().startsWith(`${edge}/panel/`)));
    await frame.getByRole("log").first().getByText(answer).first().waitFor();
    return { text: await status.innerText(), left: await form.locator("[name=message]").inputValue(), broken: await broken(page.mainFrame()) };
  });
});
