// The inbox in a real browser: signing in by the link in a mailbox, one person on three lines in one timeline, taking over,
// answering with the undo, giving back, and what the visitor sees of it.
//
// Options: edge, page (a page with the widget), site (its id), owner (who signs in), name, number, mailbox, question, answer,
// timeZone, chrome, shots. The sandbox's interface is asked what arrived.

import { broken, eventually, openPanel, run } from "./drive.mjs";

await run(async ({ options, visit, look, step, expected }) => {
  const { edge, site, owner, number, shop, question, answer } = options;
  const arrived = async (address) => {
    const found = await fetch(`${edge}/sandbox/api/messages?address=${encodeURIComponent(address)}`);
    return (await found.json()).filter((message) => message.to === address).sort((a, b) => a.at - b.at);
  };
  const texts = async (text) => {
    const sent = await fetch(`${edge}/sandbox/api/sms`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ from: number, to: shop, text }),
    });
    if (!sent.ok) throw new Error(`the sandbox answered ${sent.status}`);
  };

  const page = await visit(options.page);
  let panel;
  await step("asked", async () => {
    ({ panel } = await openPanel(page, edge));
    await panel.locator("#text").fill(question);
    await panel.locator("#text").press("Enter");
    await panel.getByRole("log").first().getByText(answer).first().waitFor();
  });

  const inbox = await visit(`${edge}/inbox`);
  await step("door", async () => {
    await inbox.waitForURL(/sign-in/);
    expected(/401/);
    await inbox.getByRole("textbox").fill(owner);
    await inbox.getByRole("button").first().click();
    const mail = await eventually("the link", async () => (await arrived(owner)).at(-1));
    const link = /https?:\/\/\S*\/inbox\/in\/\S+/.exec(mail.text);
    if (!link) throw new Error(`no link in: ${mail.text}`);
    return { text: await inbox.locator("body").innerText(), link: link[0], broken: await broken(inbox.mainFrame()) };
  });
  await step("in", async () => {
    const mail = (await arrived(owner)).at(-1);
    await inbox.goto(/https?:\/\/\S*\/inbox\/in\/\S+/.exec(mail.text)[0]);
    await inbox.getByRole("button").first().click();
    await inbox.waitForURL(/\/inbox(\/|$)/);
    await inbox.locator(".card").first().waitFor();
    return { text: await inbox.locator(".list").innerText(), broken: await broken(inbox.mainFrame()) };
  });
  await step("timeline", async () => {
    await inbox.locator(".card a").first().click();
    await inbox.locator(".entry").first().waitFor();
    await eventually("the answer", async () => (await inbox.locator(".line").innerText()).includes(answer));
    await inbox.locator(".receipt summary").first().click();
    return { text: await inbox.locator(".line").innerText(), broken: await broken(inbox.mainFrame()) };
  });
  await step("taken", async () => {
    await inbox.locator(".line").focus();
    await inbox.keyboard.press("t");
    await inbox.getByRole("button", { name: "Give back" }).waitFor();
    // A visitor who writes now is answered by nobody but the human.
    await panel.locator("#text").fill("Is somebody there?");
    await panel.locator("#text").press("Enter");
    await inbox.locator(".entry").filter({ hasText: "Is somebody there?" }).first().waitFor();
    return { text: await inbox.locator(".bar").innerText() };
  });
  await step("undone", async () => {
    await inbox.locator("#compose").fill("Yes, I am Jun.");
    await inbox.keyboard.press("Control+Enter");
    await inbox.getByRole("button", { name: "Undo" }).click();
    return { kept: await inbox.locator("#compose").inputValue() };
  });
  await step("answered", async () => {
    await inbox.keyboard.press("Control+Enter");
    await panel.getByRole("log").first().getByText("Yes, I am Jun.").first().waitFor();
    await inbox.locator(".entry[data-speaker=agent] .words", { hasText: "Yes, I am Jun." }).first().waitFor();
    look(page);
    return { text: await panel.getByRole("log").first().innerText() };
  });
  await step("given-back", async () => {
    look(inbox);
    await inbox.getByRole("button", { name: "Give back" }).click();
    await inbox.getByRole("button", { name: "Take over" }).waitFor();
    await panel.locator("#text").fill(question);
    await panel.locator("#text").press("Enter");
    await eventually("the assistant's second answer", async () => {
      const text = await panel.getByRole("log").first().innerText();
      return text.split(answer).length > 2;
    });
    return { text: await inbox.locator(".line").innerText() };
  });
  await step("texted", async () => {
    await texts(question);
    await inbox.locator(".card").nth(1).waitFor();
    return { text: await inbox.locator(".list").innerText() };
  });
  await step("keys", async () => {
    await inbox.locator(".line").focus();
    await inbox.keyboard.press("?");
    await inbox.getByRole("dialog").waitFor();
    const found = await broken(inbox.mainFrame());
    await inbox.keyboard.press("Escape");
    await inbox.getByRole("dialog").waitFor({ state: "detached" });
    await inbox.keyboard.press("Escape");
    await inbox.waitForURL(new RegExp(`/inbox/${site}/all`));
    return { broken: found };
  });
  await step("phone", async () => {
    await inbox.setViewportSize({ width: 390, height: 844 });
    await inbox.locator(".card a").first().click();
    await inbox.locator("#compose").waitFor();
    const beyond = await inbox.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    return { beyond, broken: await broken(inbox.mainFrame()) };
  });
  await step("night", async () => {
    await inbox.emulateMedia({ colorScheme: "dark" });
    await inbox.setViewportSize({ width: 1440, height: 900 });
    return { broken: await broken(inbox.mainFrame()) };
  });
});
