// One person, one conversation, in a real browser: chat, then text messages, then, two days later, an email.
//
// Options: edge, site, key, name, number, mailbox, shop (its number), post (its mailbox), question, answer, timeZone,
// chrome, shots. Everything is done through the pages; the sandbox's interface is asked only for the time a text arrived.

import { broken, eventually, openPanel, panelOf, run } from "./drive.mjs";

const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;

await run(async ({ options, visit, look, step }) => {
  const { edge, site, name, number, mailbox, question, answer, timeZone } = options;
  const log = (panel) => panel.getByRole("log").first();
  const say = async (panel, text) => {
    await panel.locator("#text").fill(text);
    await panel.locator("#text").press("Enter");
    await log(panel).getByText(text, { exact: true }).first().waitFor();
  };
  const said = async (panel, text) => {
    await eventually(`"${text}" in the chat`, async () => (await log(panel).innerText()).includes(text));
  };
  const region = (page, what) =>
    page.getByRole("region", { name: new RegExp(`${name}.*${what}|${what}.*${name}`, "i") });
  const messages = async (address) => {
    const answer = await fetch(`${edge}/sandbox/api/messages?address=${encodeURIComponent(address)}`);
    return (await answer.json()).filter((message) => message.to === address).sort((a, b) => a.at - b.at);
  };

  const home = await visit(site);
  let panel;
  await step("open", async () => {
    const opened = await openPanel(home, edge);
    panel = opened.panel;
    await panel.locator("#text").waitFor();
    const text = await eventually("the disclosure", async () => {
      const body = await panel.locator("body").innerText();
      return /\bAI\b/.test(body) && body;
    });
    return { by: opened.by, text };
  });
  await step("ask", async () => {
    await say(panel, question);
    await said(panel, answer);
    return { broken: await broken(panel) };
  });
  await step("offer", async () => {
    await say(panel, "Can you text me that?");
    await panel.locator("input[type=tel]").last().waitFor();
    const boxes = panel.getByRole("checkbox");
    return { ticked: await boxes.last().isChecked(), broken: await broken(panel) };
  });
  await step("consent", async () => {
    const field = panel.locator("input[type=tel]").last();
    const card = panel.locator("form").filter({ has: field });
    await field.fill(number);
    await card.getByRole("checkbox").check();
    await card.getByRole("button").click();
    await eventually("the card to be done", async () => (await panel.locator("input[type=tel]").count()) === 0);
  });

  const sandbox = await visit(`${edge}/sandbox`);
  await step("phone", async () => {
    const phone = region(sandbox, "phone");
    await eventually("the text message", async () => (await phone.innerText()).includes(answer));
    await phone.getByRole("textbox").last().fill("Sorry, what was the price again?");
    await phone.getByRole("button", { name: /send|text/i }).last().click();
    const second = await eventually("the answer by text", async () => (await messages(number))[1]);
    await phone.getByText(second.text.slice(0, 40)).last().waitFor();
    return { text: second.text, broken: await broken(sandbox.mainFrame()) };
  });
  await step("mail", async () => {
    const texted = (await messages(number)).at(-1).at;
    const clock = await fetch(`${edge}/dev/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advance_ms: TWO_DAYS_MS }),
    });
    if (!clock.ok) throw new Error(`the clock answered ${clock.status}`);
    await sandbox.reload();
    const box = region(sandbox, "mail");
    await box.getByRole("textbox", { name: /subject/i }).last().fill("My bike");
    await box.getByRole("textbox", { name: /message|text|email/i }).last().fill(
      "Hello, what did you say a basic tune-up costs? Best, Maria",
    );
    await box.getByRole("button", { name: /send/i }).last().click();
    const mail = await eventually("the answer by email", async () => (await messages(mailbox))[0]);
    const weekday = new Intl.DateTimeFormat("en-US", { weekday: "long", timeZone }).format(texted);
    await box.getByText(/when we texted/i).last().waitFor();
    return { text: mail.text, weekday };
  });

  const timeline = await visit(`${edge}/timeline`);
  await step("timeline", async () => {
    const link = timeline.getByRole("link", { name: new RegExp(name) });
    if (await link.count()) await link.first().click();
    const texts = [question, "Sorry, what was the price again?", "what did you say a basic tune-up costs?", "When we texted"];
    const text = await eventually("all channels on one timeline", async () => {
      const text = await timeline.locator("body").innerText();
      return texts.every((part) => text.includes(part)) && text;
    });
    return { text, broken: await broken(timeline.mainFrame()) };
  });

  look(home);
  await step("return", async () => {
    await home.reload();
    await openPanel(home, edge);
    panel = await panelOf(home, edge);
    await panel.locator("#text").waitFor();
    await said(panel, question);
    await said(panel, answer);
    return { text: await log(panel).innerText() };
  });
});
