// The pages people book and change their mind on: the site's own, a contact's personal one, and the page of the appointment.
// None has a script. Each is looked at at a desk, on a narrow phone and at night, and held against WCAG.
//
// Options: edge, public and personal (addresses of the booking pages), name and mailbox (who books on the site's own page),
// service, told (the zone Cloudflare tells), zone (another one to choose), timeZone, chrome,
// shots.

import { broken, run } from "./drive.mjs";

/** Widths and colours that each page is looked at in. */
const LOOKS = [
  { name: "desk", width: 1280, height: 860, colorScheme: "light" },
  { name: "phone", width: 320, height: 720, colorScheme: "light" },
  { name: "night", width: 390, height: 844, colorScheme: "dark" },
];

await run(async ({ options, visit, step, shot, expected }) => {
  const { edge, service, name, mailbox, told, zone } = options;
  const seen = async (page, what) => {
    const faults = [];
    for (const { name: look, width, height, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (beyond > 0) faults.push(`${look}: ${beyond} px beyond the edge`);
      faults.push(...(await broken(page.mainFrame())).map((fault) => `${look}: ${fault}`));
      await shot(`${what}-${look}`);
    }
    return faults;
  };
  const times = async (page) => {
    const offer = page.getByRole("link", { name: service });
    if (await offer.count()) await offer.first().click();
    await page.locator(".day a").first().waitFor();
  };

  const page = await visit(options.public);
  await step("services", async () => ({ text: await page.locator("body").innerText(), broken: await seen(page, "services") }));
  await step("times", async () => {
    await times(page);
    const zoneOf = () => page.locator("#zone").inputValue();
    const first = await zoneOf();
    await page.locator("#zone").selectOption(zone);
    await page.locator("form.zone button").click();
    const second = await zoneOf();
    return { first, second, told, broken: await seen(page, "times") };
  });
  await step("details", async () => {
    await page.locator(".day a").last().click();
    await page.getByRole("textbox").first().waitFor();
    return { text: await page.locator("body").innerText(), broken: await seen(page, "details") };
  });
  await step("wrong", async () => {
    await page.locator("form.details").evaluate((form) => form.setAttribute("novalidate", ""));
    await page.locator("#email").fill("nobody@");
    await page.locator("form.details button").click();
    await page.getByRole("alert").waitFor();
    expected(/400/);
    return { text: await page.getByRole("alert").innerText(), broken: await seen(page, "wrong") };
  });
  await step("booked", async () => {
    await page.locator("#name").fill(name);
    await page.locator("#email").fill(mailbox);
    await page.locator("form.details button").click();
    await page.waitForURL(/\/b\//);
    return { text: await page.locator("body").innerText(), broken: await seen(page, "booked") };
  });
  await step("move", async () => {
    await page.locator(".deeds a").nth(1).click();
    const shown = await seen(page, "move");
    await page.locator(".day a").first().click();
    const asked = await seen(page, "move-to");
    await page.locator("main form button.loud").click();
    await page.getByRole("status").waitFor();
    return { text: await page.locator("body").innerText(), broken: [...shown, ...asked, ...(await seen(page, "moved"))] };
  });
  await step("cancel", async () => {
    await page.locator(".deeds a").nth(2).click();
    const asked = await seen(page, "cancel");
    await page.locator("main form button.grave").click();
    await page.getByRole("status").waitFor();
    return { text: await page.locator("body").innerText(), broken: [...asked, ...(await seen(page, "cancelled"))] };
  });

  const own = await visit(options.personal);
  await step("personal", async () => {
    await times(own);
    await own.locator(".day a").last().click();
    await own.locator(".known").waitFor();
    return { text: await own.locator("form.details").innerText(), fields: await own.locator("form.details .field input").count(), broken: await seen(own, "personal") };
  });
  await step("theirs", async () => {
    await own.locator("form.details button").click();
    await own.waitForURL(/\/b\//);
    return { text: await own.locator("body").innerText(), broken: await seen(own, "theirs") };
  });
  await step("spanish", async () => {
    await own.getByRole("link", { name: "Español" }).click();
    return { text: await own.locator("body").innerText(), broken: await seen(own, "spanish") };
  });
  await step("forged", async () => {
    const gone = await visit(`${edge}/book/a.b`);
    expected(/404/);
    return { text: await gone.locator("body").innerText(), broken: await seen(gone, "forged") };
  });
}, (options) => ({
  viewport: { width: 1280, height: 860 },
  // What the local platform takes for what Cloudflare knows of a request.
  extraHTTPHeaders: { "MF-CF-Blob": JSON.stringify({ timezone: options.told }) },
}));
