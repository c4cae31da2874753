// The whole story in a real browser: a form on the website, an answer in its chat, a link by text, an appointment, its
// confirmation by email, a reminder by text the day before, and a customer who runs late, which is noted on it.
//
// Options: edge, page (the page with the form), name, number, mailbox, question, answer, service, timeZone (the site's),
// chrome, shots. Everything is done through the pages; the sandbox's interface is asked what arrived, and moves the clock.

import { broken, eventually, run } from "./drive.mjs";

const HOUR_MS = 60 * 60 * 1000;

await run(async ({ options, visit, step }) => {
  const { edge, name, number, mailbox, question, answer, service, timeZone } = options;
  const arrived = async (address) => {
    const found = await fetch(`${edge}/sandbox/api/messages?address=${encodeURIComponent(address)}`);
    return (await found.json()).filter((message) => message.to === address).sort((a, b) => a.at - b.at);
  };
  const clock = async (advance_ms) => {
    const moved = await fetch(`${edge}/dev/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advance_ms }),
    });
    if (!moved.ok) throw new Error(`the clock answered ${moved.status}`);
    return (await moved.json()).now_ms;
  };
  const region = (page, what) =>
    page.getByRole("region", { name: new RegExp(`${name}.*${what}|${what}.*${name}`, "i") });
  const texts = async (page, text) => {
    const before = (await arrived(number)).length;
    const phone = region(page, "phone");
    await phone.getByRole("textbox").last().fill(text);
    await phone.getByRole("button", { name: /send/i }).last().click();
    const message = await eventually(`an answer to "${text}"`, async () => (await arrived(number))[before]);
    return message.text;
  };

  const page = await visit(options.page);
  let panel;
  const log = () => panel.getByRole("log").first();
  await step("form", async () => {
    const form = page.locator("form[data-throughline]");
    await form.locator("[name=name]").fill(name);
    await form.locator("[name=email]").fill(mailbox);
    await form.locator("[name=message]").fill(question);
    await page.waitForFunction(() => document.querySelector('script[src$="/forms.js"]'));
    // Whoever is faster than this is a program.
    await page.waitForTimeout(1_700);
    await form.getByRole("button").click();
    panel = await eventually("the panel", () => page.frames().find((frame) => frame.url().startsWith(`${edge}/panel/`)));
    await log().getByText(answer).first().waitFor();
    return { text: await log().innerText(), broken: await broken(page.mainFrame()) };
  });
  await step("asked", async () => {
    await panel.locator("#text").fill("Can you text me a link to book?");
    await panel.locator("#text").press("Enter");
    const field = panel.locator("input[type=tel]").last();
    await field.waitFor();
    const card = panel.locator("form").filter({ has: field });
    await field.fill(number);
    await card.getByRole("checkbox").check();
    await card.getByRole("button").click();
    const text = await eventually("the link by text", async () => (await arrived(number))[0]);
    return { text: text.text, mails: (await arrived(mailbox)).length };
  });

  const sandbox = await visit(`${edge}/sandbox`);
  await step("booked", async () => {
    // A working day that is two days off at least, as people call it.
    const now = await clock(0);
    const named = [2, 3, 4, 5].map((days) =>
      new Intl.DateTimeFormat("en-US", { weekday: "long", timeZone }).format(now + days * 24 * HOUR_MS),
    );
    const day = named.find((name) => !["Saturday", "Sunday", "Monday"].includes(name));
    const text = await texts(sandbox, `I'd like to book a ${service} on ${day} at 3 pm`);
    return { text, day };
  });
  await step("confirmed", async () => {
    const mail = await eventually("the confirmation", async () => (await arrived(mailbox)).find((one) => /Booked/.test(one.subject)));
    await sandbox.reload();
    await region(sandbox, "mail").getByText(/Booked/).first().waitFor();
    return { text: `${mail.subject}\n${mail.text}`, broken: await broken(sandbox.mainFrame()) };
  });
  await step("reminded", async () => {
    const before = (await arrived(number)).length;
    let reminder;
    for (let hours = 0; hours < 24 * 7 && !reminder; hours += 1) {
      await clock(HOUR_MS);
      reminder = (await arrived(number))[before];
    }
    if (!reminder) throw new Error("no reminder came");
    await sandbox.reload();
    await region(sandbox, "phone").getByText(/A reminder/).first().waitFor();
    return { text: reminder.text };
  });
  await step("late", async () => ({ text: await texts(sandbox, "running 10 min late") }));

  const timeline = await visit(`${edge}/timeline?address=${encodeURIComponent(number)}`);
  await step("timeline", async () => {
    const parts = [question, "Can you text me a link to book?", "running 10 min late", "10 minutes late"];
    const text = await eventually("all of it on one timeline", async () => {
      const text = await timeline.locator("body").innerText();
      return parts.every((part) => text.includes(part)) && text;
    });
    return { text, broken: await broken(timeline.mainFrame()) };
  });
});
