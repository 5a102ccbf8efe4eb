import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { requireCommandToken } from "../config/token";
import { ConfigError } from "../model/errors";
import type { Finding } from "../review/finding";
import { renderJson } from "../review/json";
import { renderMarkdown } from "../review/markdown";
import type { PictureOf } from "../review/markdown-package";
import { renderPage } from "../review/page";
import { pictureFiles, pictureUrls } from "../review/picture-files";
import { readPreview } from "../review/preview-json";
import { recall } from "../review/previous-comment";
import { isIncomplete, type Review, reviewOf } from "../review/review";
import { reviewStack } from "./review-stack";
import { recordOf } from "./stack-export";
import { readDeclared, readStackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly preview?: string;
  readonly previous?: string;
  readonly markdown?: true;
  readonly html?: true;
  readonly json?: true;
  readonly pictures?: string;
  readonly pictureUrl?: string;
}

/** `ghcr-retention review` writes everything that a person needs to decide on an approval, for a pull request. */
export function reviewCommand(): Command {
  return new Command("review")
    .description("Says what the plans of a stack delete and why, what stays because of it, and how to approve it: for a pull request.")
    .option(...stackOption)
    .option(...configFileOption)
    .option(
      "--preview <file>",
      "review the output of `pulumi preview --json --show-sames` instead of observing the packages: needs no token",
    )
    .option("--previous <file>", "the Markdown of the last comment, to say what has changed since")
    .option("--markdown", "as Markdown, for a comment (the default)")
    .option("--html", "as one HTML page, with a picture and the graph of each package")
    .option("--json", "as data, for other tools")
    .option("--pictures <folder>", "also write the picture of each package into this folder, as <owner>/<package>.svg")
    .option("--picture-url <url>", "where these are published, for the comment: https://pictures.example/{package}.svg")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const forms = [options.markdown, options.html, options.json].filter((form) => form === true).length;
  if (forms > 1) throw new Error("expected one of --markdown, --html and --json: run it once for each");
  const pictureOf = options.pictureUrl === undefined ? undefined : pictureUrls(options.pictureUrl);
  if (pictureOf !== undefined && (options.html || options.json))
    throw new Error("--picture-url belongs to the comment: expected it with --markdown");
  const review = options.preview === undefined ? await observedReview(options) : savedReview(options, options.preview);
  if (options.pictures !== undefined) writePictures(review, options.pictures);
  process.stdout.write(rendered(review, options, pictureOf));
  if (isIncomplete(review)) process.exitCode = 1;
}

function rendered(review: Review, { previous, html, json }: Options, pictureOf?: PictureOf): string {
  if (html) return renderPage(review);
  if (json) return renderJson(review);
  return renderMarkdown(review, {
    ...(previous === undefined ? {} : { previous: { known: recall(read(previous, "--previous")) } }),
    ...(pictureOf === undefined ? {} : { pictureOf }),
  });
}

function writePictures(review: Review, folder: string): void {
  for (const { path, svg } of pictureFiles(review)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
  }
}

function savedReview(options: Options, path: string): Review {
  const findings = readPreview(read(path, "--preview"), path);
  const stack = options.stack ?? findings.stack ?? stackNameOf(options);
  const isOther = findings.stack !== undefined && findings.stack !== stack.split("/").at(-1);
  const others = isOther
    ? [`${path} is a preview of the stack ${findings.stack}, not of ${stack}: review it with \`--stack ${findings.stack}\``]
    : [];
  const missing = isOther ? [] : notPreviewed({ ...options, stack }, findings.packages, path);
  return reviewOf(stack, { ...findings, packages: [...findings.packages, ...missing], errors: [...others, ...findings.errors] });
}

/** Returns the packages that the stack's config names and a preview does not: what would become of them is not known. */
function notPreviewed(options: StackOptions, previewed: readonly Finding[], path: string): Finding[] {
  const known = new Set(previewed.map(({ name }) => name.toLowerCase()));
  const names = declaredIn(configFileOf(options)).filter((name) => !known.has(name.toLowerCase()));
  const failure = `${path} holds no preview of it: expected what \`pulumi preview --json --show-sames\` printed for the whole stack, without \`--target\``;
  return names.map((name) => ({ name, warnings: [], failure }));
}

/** Without a config there is nothing to compare with; of one that is not valid, the preview itself tells. */
function declaredIn(configFile: string): string[] {
  if (!existsSync(configFile)) return [];
  try {
    return readStackFile(configFile).policies.map(({ policy }) => `${policy.owner}/${policy.package}`);
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

async function observedReview(options: Options): Promise<Review> {
  const stack = stackNameOf(options);
  const file = readDeclared(configFileOf(options));
  const token = requireCommandToken("this command", "`--preview` reviews the output of `pulumi preview --json --show-sames` without one");
  const record = recordOf(stack);
  return reviewOf(stack, await reviewStack({ stack, file, record, token }));
}

function read(path: string, option: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path} cannot be read: expected a file after ${option}`);
  }
}
