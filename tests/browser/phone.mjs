// Every page on a phone at night: nothing stands out sideways, and nothing breaks WCAG.
//
// Options: pages (name to address), timeZone, chrome, shots.

import { PHONE_AT_NIGHT, broken, run } from "./drive.mjs";

await run(async ({ options, visit, step }) => {
  for (const [name, address] of Object.entries(options.pages)) {
    const page = await visit(address);
    await step(name, async () => {
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      return { beyond, broken: await broken(page.mainFrame()) };
    });
  }
}, PHONE_AT_NIGHT);
