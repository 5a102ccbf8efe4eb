import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withoutControls } from "../model/printable";
import { pageData } from "./page-data";
import { style } from "./page-style";
import { pictureElement } from "./picture/draw";
import { timelineOfPackage } from "./picture-data";
import type { PackageReview, Review } from "./review";

/** The scripts as they are compiled, also where the modules are not: tests run these from their sources. */
const scriptFolder = join(dirname(require.resolve("ghcr-retention/package.json")), "bin", "components", "review", "browser");
/** In this order, since the last one draws the page. */
const scriptNames = ["elements", "trees", "packages", "search", "script"];

/** Renders a review as one HTML page that loads nothing: it holds data, style and script, and its policy allows no other. */
export function renderPage(review: Review): string {
  const script = scriptNames.map((name) => readFileSync(join(scriptFolder, `${name}.js`), "utf8")).join("\n");
  const pictures = review.packages.map((one, place) => pictureTemplate(one, `picture-${place}`));
  const pictured = pictures.map((template, place) => (template === "" ? undefined : `picture-${place}`));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Retention of ${inHtml(review.stack)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This page draws its data with a script that it holds itself; it loads nothing.</noscript>
${pictures.join("\n")}
<script type="application/json" id="data">${inScript(pageData(review, pictured))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Holds a package's picture in two widths, of which the style shows one. A template is no part of the page until a script takes it. */
function pictureTemplate(one: PackageReview, id: string): string {
  const timeline = timelineOfPackage(one);
  if (timeline === undefined) return "";
  const drawn = (["wide", "narrow"] as const).map((width) => pictureElement(timeline, width, `${id}-${width}`));
  return `<template id="${id}">${drawn.join("")}</template>`;
}

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Encodes data as JSON in which nothing ends the script element around it. */
function inScript(data: unknown): string {
  return JSON.stringify(data).replaceAll(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function inHtml(text: string): string {
  return withoutControls(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
