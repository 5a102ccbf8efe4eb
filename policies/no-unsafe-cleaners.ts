import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Danger } from "../cleaners/cleaner";
import type { Unread } from "../cleaners/unread";
import { safetyContract } from "./framework";
import { property } from "./reading/property";
import { printable, shortened } from "./reading/text";

interface Config {
  readonly allow: readonly string[];
}

/** Resources that write a file into a repository, and their properties for its path and content. */
const files: ReadonlyMap<string, { readonly path: string; readonly content: string; readonly encoding?: string }> = new Map([
  ["github:index/repositoryFile:RepositoryFile", { path: "file", content: "content" }],
  ["gitlab:index/repositoryFile:RepositoryFile", { path: "filePath", content: "content", encoding: "encoding" }],
  ["azuredevops:index/gitRepositoryFile:GitRepositoryFile", { path: "file", content: "content" }],
]);

/** Refuses the mistake of December 2023 where it is made: in a workflow. */
export const noUnsafeCleaners: ResourceValidationPolicy = {
  name: "no-unsafe-cleaners",
  displayName: "No clean-up that lost images",
  description: "A workflow that Pulumi writes must not delete GHCR versions in a way that loses images, or that cannot be checked.",
  enforcementLevel: "mandatory",
  severity: "high",
  framework: safetyContract("S1"),
  tags: ["ghcr", "github-actions", "retention", "availability"],
  remediationSteps:
    "Remove the step from the workflow and write the rule that the violation names into a retention policy: the preview then shows what would be deleted.",
  configSchema: {
    properties: {
      allow: {
        type: "array",
        items: { type: "string", pattern: "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$" },
        default: [],
        description:
          "What is allowed nevertheless: an action, an image or the repository of a called workflow as `owner/name`, or the path of a workflow or action of the same repository.",
      },
    },
  },
  validateResource(args, reportViolation) {
    const file = files.get(args.type);
    if (file === undefined) return args.notApplicable("Only files that Pulumi writes into a repository are checked.");
    const path = String(property(args, file.path) ?? "");
    if (!/\.ya?ml$/i.test(path)) return args.notApplicable("Only YAML files are checked.");
    const content = textOf(args, file);
    // Loaded only when needed: most stacks have no such file.
    const { dangersIn } = require("../cleaners/workflow") as typeof import("../cleaners/workflow");
    const { allow = [] } = args.getConfig<Partial<Config>>();
    const allowed = new Set(allow.map((name) => name.toLowerCase()));
    const { dangers, unread } = dangersIn(content);
    for (const danger of dangers) {
      if (danger.action === undefined || !allowed.has(danger.action)) reportViolation(asText(path, danger));
    }
    for (const found of unread) {
      if (found.deletes !== "maybe" && !(found.origin !== undefined && allowed.has(found.origin)))
        reportViolation(unreadAsText(path, found));
    }
  },
};

function textOf(args: ResourceValidationArgs, { content, encoding }: { readonly content: string; readonly encoding?: string }): string {
  const text = String(property(args, content) ?? "");
  return encoding !== undefined && property(args, encoding) === "base64" ? Buffer.from(text, "base64").toString("utf8") : text;
}

function asText(path: string, { line, what, why, source, rule }: Danger): string {
  return [
    `${printable(path)}, line ${line}: ${printable(what)}: ${why} (${source}).`,
    "The equivalent rule of ghcr-retention selects whole images only, and the preview shows what would be deleted:",
    `  ${shortened(rule, 200)}`,
  ].join("\n");
}

/** What the policy cannot look into, by how it is used. */
const unreadKinds: Readonly<Record<Unread["kind"], string>> = {
  action: "it deletes package versions",
  image: "it deletes package versions",
  script: "it deletes package versions by numbers that the file does not show",
  workflow: "by its name this workflow deletes images",
  "local-action": "by its name this action deletes images",
};

function unreadAsText(path: string, { line, what, kind, origin }: Unread): string {
  const way = origin === undefined ? "" : `, or add \`${shortened(printable(origin), 100)}\` to \`allow\` if you trust it`;
  return [
    `${printable(path)}, line ${line}: ${shortened(printable(what), 200)}: ${unreadKinds[kind]}, and whether it spares the parts of images that stay cannot be seen here.`,
    `Write the rules into a retention policy, whose preview shows what would be deleted${way}.`,
  ].join("\n");
}
