import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { renderPage } from "../../../components/review/page";
import { childOf, digestOf, image, index } from "../../support/builders/package";
import { findingOn, recordAfter, reviewWith } from "../../support/builders/reviewed";
import { contrasts, type Opened, openBrowser, openPage } from "../../support/review/browser";
import { review, rules, world } from "../../support/review/page-world";
import { toolOrSkip } from "../../support/tools";

describe("the review as a page, in a browser", function () {
  this.timeout(60_000);

  let browser: Browser;
  let folder: string;
  let opened: Opened;

  before(async function () {
    browser = await openBrowser(toolOrSkip(this, "chromium"));
    folder = await mkdtemp(join(tmpdir(), "ghcr-retention-page-"));
    opened = await openPage(browser, folder, renderPage(review));
  });
  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const section = (name: string) => opened.page.getByRole("region", { name, exact: true }).first();
  const version = (name: string) => opened.page.getByRole("button", { name }).first();
  const search = () => opened.page.getByRole("searchbox", { name: "Tag, digest or reason:" });

  it("asks nothing of any network and complains of nothing", () => assert.deepEqual([opened.asked, opened.complaints], [[], []]));

  it("has each package in a table of contents on top, which leads to it", async () => {
    const contents = opened.page.getByRole("navigation", { name: "Packages" });
    const rows = await contents.getByRole("row").allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split("\t").map((cell) => cell.replace(/^20.*/, "(id)"))),
      [
        ["package", "status", "waits", "cannot go", "withheld", "plan"],
        ["logto-io/gone", "not reviewed", "–", "–", "–", "–"],
        ["logto-io/greedy", "cannot be approved", "–", "3", "1", "(id)"],
        ["logto-io/logto", "waits for approval", "12", "–", "1", "(id)"],
      ],
    );
    await contents.getByRole("link", { name: "logto-io/logto" }).click();
    const heading = section("logto-io/logto").getByRole("heading", { name: "logto-io/logto" });
    assert.ok(((await heading.boundingBox())?.y ?? 900) < 100);
    await opened.page.evaluate("scrollTo(0, 0)");
  });

  it("sums up on top what becomes of versions", async () => {
    const facts = await opened.page.locator("dl > div").allInnerTexts();
    assert.deepEqual(
      facts.map((fact) => fact.replaceAll(/\s+/g, " ")),
      [
        "not reviewed 1 package",
        "cannot go 3 versions in 1 package",
        "wait for approval 12 versions in 1 package",
        "withheld 2 versions in 2 packages",
      ],
    );
  });

  it("shows what waits with its age, its rule and its platforms, folds its parts under it, and folds what stays", async () => {
    const text = await section("logto-io/logto").innerText();
    assert.match(text, /To approve exactly this:\s+pulumi config set --path 'ghcr-retention:policies\[0\]\.approve' 20/);
    assert.match(text, /It frees [a-z ]*2 MB/);
    assert.match(
      text,
      /To undo it within 30 days, and then pulumi up:\s+pulumi config set --path 'ghcr-retention:policies\[0\]\.restore\[0\]' 20/,
    );
    assert.match(text, /Waits for approval \(4\)/);
    assert.match(text, /waits\s+pr-1\s+30 days\s+drop-pr\s+linux\/amd64, linux\/arm64\s+waits\s+pr-2/);
    assert.doesNotMatch(text, /linux\/arm64 sha256:/);
    assert.match(
      text,
      /Withheld, since something keeps it, and what needs it \(1\)\s+stays\s+v-2 1 part withheld\s+51 days\s+kept by keep-releases/,
    );
    assert.match(text, /\d+ images stay/);
    assert.doesNotMatch(text, /v-7\b/);
    await opened.page
      .getByRole("button", { name: /images stay/ })
      .first()
      .click();
    assert.match(await section("logto-io/logto").innerText(), /v-7\b/);
    await opened.page
      .getByRole("button", { name: /images stay/ })
      .first()
      .click();
  });

  it("has the preview's tables as well, folded", async () => {
    const table = section("logto-io/logto").locator("details", { hasText: "withheld, since something keeps it" });
    assert.ok(await table.locator("pre").isHidden());
    await table.locator("summary").click();
    assert.match(await table.locator("pre").innerText(), /linux\/arm64 of v-2 +drop-versions/);
    await table.locator("summary").click();
  });

  it("says that something goes only where it can go", async () => {
    const text = await opened.page.locator("main").innerText();
    assert.doesNotMatch(text, /\bgoes\b(?!:)/i);
    assert.match(await section("logto-io/greedy").innerText(), /Cannot go: nobody can approve this plan \(1\)\s+cannot go\s+pr-2/);
    const approve = findingOn(world, { policy: { rules } }).report?.plans[0]?.id ?? "";
    const approved = findingOn(world, { policy: { rules, approve }, record: recordAfter(world, { policy: { rules } }) });
    const { page } = await openPage(browser, folder, renderPage(reviewWith([approved])));
    assert.match(await page.locator("main").innerText(), /Goes with the next pulumi up \(4\)\s+goes\s+pr-1/);
    await page.close();
  });

  it("keeps the name of a package in sight while its images are read", async () => {
    const { page } = opened;
    const name = section("logto-io/logto").getByRole("heading", { level: 2 });
    await version("waits pr-nested").scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 500);
    await page.waitForFunction("scrollY > 400");
    const box = await name.boundingBox();
    assert.ok(box !== null && box.y >= 0 && box.y < 60, JSON.stringify(box));
    await page.evaluate("scrollTo(0, 0)");
  });

  it("marks tags that move", async () => {
    const moving = [...world, image("old", { tags: ["latest", "pr-9"], days: 60 })];
    const all = [...rules, { name: "drop-latest", action: "delete" as const, tags: ["latest"] }];
    const { page } = await openPage(browser, folder, renderPage(reviewWith([findingOn(moving, { policy: { rules: all } })])));
    assert.match(await page.getByRole("button", { name: /^waits latest/ }).innerText(), /^waits\s+latest moves pr-9\s+60 days/);
    await page.close();
  });

  it("draws an index within an index, a level deeper each", async () => {
    await version("waits pr-nested").click();
    await version("waits index").click();
    const row = opened.page.locator("li", { has: opened.page.getByText("pr-nested", { exact: true }) }).last();
    assert.equal(await row.locator("ul li ul > li").count(), 1);
    await version("waits pr-nested").click();
  });

  it("lets broken images, breaches of limits and failures stand out", async () => {
    const bad = await opened.page.locator(".alert.bad").allInnerTexts();
    assert.equal(bad.length, 3, bad.join("\n"));
    assert.match(bad.join("\n"), /GitHub answered 404/);
    assert.match(bad.join("\n"), /cannot be approved: it deletes 100\.0%|cannot be approved: it deletes/);
    assert.match(bad.join("\n"), /broken \(partial\): v0\.9 lists 2 manifests/);
    assert.match(await section("logto-io/logto").innerText(), /Broken: cannot be pulled whole \(1\)/);
  });

  it("tells on a click why, and closes on another", async () => {
    await version("waits pr-1").click();
    const why = opened.page.getByRole("region", { name: "Why: pr-1" }).first();
    assert.match(await why.innerText(), /^pr-1, 30 days old \(drop-pr\)/);
    assert.match(await why.innerText(), new RegExp(digestOf("pr0")));
    await version("waits pr-1").click();
    assert.ok(await why.isHidden());
  });

  it("can be used by keyboard: tab to it, enter, escape; the focus is seen and comes back", async () => {
    const { page } = opened;
    await search().focus();
    const focused = page.locator(":focus-visible");
    for (let presses = 0; presses < 20 && !/pr-1\s/.test(await focused.innerText()); presses++) await page.keyboard.press("Tab");
    assert.match(await focused.innerText(), /pr-1/);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outline");
    assert.match(String(outline), /solid 3px/);
    await page.keyboard.press("Enter");
    assert.equal(await focused.getAttribute("aria-expanded"), "true");
    const why = page.locator(`#${await focused.getAttribute("aria-controls")}`);
    assert.ok(await why.isVisible());
    await page.keyboard.press("Escape");
    assert.ok(await why.isHidden());
    assert.equal(await focused.getAttribute("aria-expanded"), "false");
  });

  it("finds a version by tag, digest and reason, with the image that it is a part of, and what stays as well", async () => {
    await search().fill("v-7");
    // The image, and its parts: the reason why they stay names it.
    assert.equal(await opened.page.locator("button.node.hit").count(), 3);
    assert.match(await opened.page.getByRole("status").innerText(), /^ ?3 versions$/);
    await search().fill(digestOf("pr1-arm64").slice(7, 30));
    assert.match(await opened.page.locator("main").innerText(), /pr-2/);
    assert.equal(await opened.page.locator("button.node.hit").count(), 2);
    await search().fill("drop-versions");
    assert.match(await opened.page.locator("main").innerText(), /withheld\s+linux\/arm64/);
    await search().fill("nothing has this");
    assert.deepEqual(await opened.page.locator("section:visible").count(), 0);
    await search().press("Escape");
    assert.equal(await opened.page.locator("section:visible").count(), 3);
  });

  for (const scheme of ["light", "dark"] as const) {
    it(`is readable where people prefer it ${scheme}`, async () => {
      const { page } = await openPage(browser, folder, renderPage(review), scheme);
      await page.getByRole("button", { name: "waits pr-1" }).first().click();
      const texts = await contrasts(
        page,
        "h1, h2, h3, p, a, th, td, dt, dd, button, summary, .badge, .broken, .age, .has, .says, .alert, .why, code, input",
      );
      assert.ok(texts.length > 40);
      for (const { text, ratio } of texts) assert.ok(ratio >= 4.5, `${ratio.toFixed(2)}: ${text}`);
      const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      assert.equal(paper, scheme === "dark" ? "rgb(18, 22, 27)" : "rgb(255, 255, 255)");
      await page.close();
    });
  }

  describe("when names and texts are hostile", () => {
    it("shows them as text, and runs and fetches nothing", async () => {
      const nasty = "</script><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)><!--";
      const child = childOf("amd64", nasty);
      const finding = findingOn([
        index("pr", [child], { tags: ["pr-1"], days: 30 }),
        image("amd64", { days: 30 }),
        image("prod", { tags: ["prod"] }),
      ]);
      const hostile = reviewWith([{ ...finding, name: nasty, warnings: [nasty] }], {
        notes: [nasty],
        errors: [nasty],
        organizations: [{ name: nasty, headline: nasty }],
      });
      const { page, asked, complaints } = await openPage(browser, folder, renderPage({ ...hostile, stack: nasty }));
      await page.getByRole("button", { name: /^waits/ }).click();
      assert.deepEqual([asked, complaints], [[], []]);
      assert.equal(await page.locator("img").count(), 0);
      assert.ok((await page.locator("main").innerText()).includes(nasty));
      assert.ok((await page.title()).includes(nasty));
      await page.close();
    });
    it("lets no other script run, wherever it comes from", async () => {
      const html = renderPage(review).replace(
        "</body>",
        "<script>document.title = 'ran'</script><img src='https://evil.example/x'></body>",
      );
      const { page } = await openPage(browser, folder, html);
      assert.equal(await page.title(), "Retention of prod");
      await page.close();
    });
  });
});
