import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's Chromium, without anything of its own that would ask a network. */
export function openBrowser(executablePath: string): Promise<Browser> {
  // Whoever runs tests in a container is root there, and Chromium's sandbox does not work for root.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
}

/** A page from a file, with all that it asked for and all that it complained of. */
export interface Opened {
  readonly page: Page;
  readonly asked: string[];
  readonly complaints: string[];
}

export async function openPage(browser: Browser, folder: string, html: string, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const file = join(folder, "review.html");
  await writeFile(file, html);
  const page = await browser.newPage({ colorScheme, viewport: { width: 1000, height: 900 } });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  page.on("console", (message) => void complaints.push(message.text()));
  page.on("pageerror", (error) => void complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const url = String(pathToFileURL(file));
  await page.goto(url);
  return { page, asked: asked.filter((one) => one !== url), complaints };
}

/** The contrast of each text with what is behind it, as WCAG computes it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrasts(page: Page, selector: string): Promise<{ text: string; ratio: number }[]> {
  // A text, since the types of the browser are not those of Node.
  return page.evaluate(`(() => {
    const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => {
      const [r, g, b] = numbers(color).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if ((numbers(color)[3] ?? 1) === 1) return color;
      }
      return "rgb(255, 255, 255)";
    };
    return [...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.offsetParent !== null).map((one) => {
      const [a, b] = [luminance(getComputedStyle(one).color), luminance(behind(one))].sort((x, y) => y - x);
      return { text: one.textContent, ratio: (a + 0.05) / (b + 0.05) };
    });
  })()`);
}
