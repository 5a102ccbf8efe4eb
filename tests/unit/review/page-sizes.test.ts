import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { renderPage } from "../../../components/review/page";
import { findingOn, reviewWith } from "../../support/builders/reviewed";
import { openBrowser, openPage } from "../../support/review/browser";
import { images, review, rules, world } from "../../support/review/page-world";
import { toolOrSkip } from "../../support/tools";

describe("the review as a page, of any size", function () {
  this.timeout(60_000);

  let browser: Browser;
  let folder: string;

  before(async function () {
    browser = await openBrowser(toolOrSkip(this, "chromium"));
    folder = await mkdtemp(join(tmpdir(), "ghcr-retention-page-"));
  });
  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  describe("when a package holds thousands of versions", () => {
    it("opens, and draws what stays in pieces on demand", async () => {
      const large = reviewWith([findingOn([...images("pr", 2, 30), ...images("v", 1_000, 50)], { policy: { rules } })]);
      const { page, complaints } = await openPage(browser, folder, renderPage(large));
      const fold = page.getByRole("button", { name: "999 images stay" });
      assert.equal(await page.locator("button.node").count(), 3);
      await fold.click();
      assert.equal(await page.locator("button.node").count(), 3 + 200);
      await page.getByRole("button", { name: "show more: 799 are left" }).click();
      assert.equal(await page.locator("button.node").count(), 3 + 400);
      await page.getByRole("searchbox").fill("v-999");
      // The image, and its parts: the reason why they stay names it.
      assert.equal(await page.locator("button.node.hit").count(), 3);
      assert.deepEqual(complaints, []);
      await page.close();
    });
  });

  describe("on a phone", () => {
    it("needs no scrolling to the side, and has all that a wide screen has", async () => {
      const { page } = await openPage(browser, folder, renderPage(review));
      await page.setViewportSize({ width: 375, height: 800 });
      await page.getByRole("button", { name: "waits pr-1" }).first().click();
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
      const text = await page.locator("main").innerText();
      assert.match(text, /logto-io\/logto\s+waits for approval\s+12\s+1\s+20/);
      assert.match(text, /waits\s+pr-1\s+30 days\s+drop-pr\s+linux\/amd64, linux\/arm64/);
      const picture = page.getByRole("img", { name: "The images of logto-io/logto over time" });
      assert.equal(await picture.count(), 1);
      assert.ok(((await picture.boundingBox())?.width ?? 0) > 280);
      await page.close();
    });
  });

  describe("when there are 400 packages, and most have nothing to delete", () => {
    it("opens within seconds, folds those, and opens one by its link", async () => {
      const [busy, quiet] = [
        findingOn(world, { policy: { rules } }),
        findingOn(images("v", 2, 50), { policy: { rules: rules.slice(0, 1) } }),
      ];
      const many = reviewWith(
        Array.from({ length: 400 }, (_, place) => ({ ...(place < 30 ? busy : quiet), name: `acme/app-${String(place).padStart(3, "0")}` })),
      );
      const started = performance.now();
      const { page, complaints } = await openPage(browser, folder, renderPage(many));
      await page.getByRole("heading", { name: "acme/app-399" }).waitFor();
      assert.ok(performance.now() - started < 20_000);
      assert.ok(Number(await page.evaluate("document.querySelectorAll('*').length")) < 20_000);
      assert.equal(await page.getByRole("navigation").getByRole("row").count(), 1 + 30);
      assert.equal(await page.locator("#p-399").getByRole("img").count(), 0);
      await page.getByRole("button", { name: "370 packages with nothing to delete" }).press("Enter");
      await page.getByRole("link", { name: "acme/app-399" }).press("Enter");
      assert.equal(await page.locator("#p-399").getByRole("img", { name: "The images of acme/app-399 over time" }).count(), 1);
      await page.keyboard.press("Tab");
      assert.equal(await page.locator(":focus").innerText(), "acme/app-399");
      assert.deepEqual(complaints, []);
      await page.close();
    });
  });

  describe("the picture in docs/review.md", () => {
    it("is one of this page, and small", async () => {
      const file = join(__dirname, "..", "..", "..", "docs", "review.png");
      // `GENERATE=1 npm test -- tests/unit/review/page-sizes.test.ts` takes it anew.
      if (process.env.GENERATE) {
        const { page } = await openPage(browser, folder, renderPage(reviewWith([findingOn(world, { policy: { rules } })])));
        await page.getByRole("button", { name: "waits pr-1" }).first().click();
        await page.setViewportSize({ width: 1000, height: 1250 });
        await page.evaluate("scrollTo(0, 0)");
        await writeFile(file, await page.screenshot());
        await page.close();
      }
      assert.ok((await stat(file)).size < 200_000);
    });
  });
});
