import { readFileSync } from "node:fs";
import { Command } from "commander";
import { requireCommandToken } from "../config/token";
import type { Findings } from "../review/finding";
import { renderMarkdown } from "../review/markdown";
import { renderPage } from "../review/page";
import { readPreview } from "../review/preview-json";
import { recall } from "../review/previous-comment";
import { isIncomplete, type Review, reviewOf } from "../review/review";
import { reviewStack } from "./review-stack";
import { recordOf } from "./stack-export";
import { readStackFile } from "./stack-file";
import { configFileOf, configFileOption, type StackOptions, stackNameOf, stackOption } from "./workspace";

interface Options extends StackOptions {
  readonly preview?: string;
  readonly previous?: string;
  readonly markdown?: true;
  readonly html?: true;
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
    .option("--html", "as one HTML page, with the graph of each package")
    .action(run);
}

async function run(options: Options): Promise<void> {
  if (options.markdown && options.html) throw new Error("expected --markdown or --html, not both: run it once for each");
  const stack = stackNameOf(options);
  const review = reviewOf(stack, await findingsOf({ ...options, stack }));
  process.stdout.write(rendered(review, options));
  if (isIncomplete(review)) process.exitCode = 1;
}

function rendered(review: Review, { previous, html }: Options): string {
  if (html) return renderPage(review);
  return renderMarkdown(review, previous === undefined ? undefined : { known: recall(read(previous, "--previous")) });
}

async function findingsOf({ preview, ...options }: Options & { readonly stack: string }): Promise<Findings> {
  if (preview !== undefined) return readPreview(read(preview, "--preview"), preview);
  const file = readStackFile(configFileOf(options));
  const token = requireCommandToken("this command", "`--preview` reviews the output of `pulumi preview --json --show-sames` without one");
  return reviewStack({ file, record: recordOf(options.stack), token });
}

function read(path: string, option: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path} cannot be read: expected a file after ${option}`);
  }
}
