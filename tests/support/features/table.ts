import { type GeneratedPart, partOf, withPart } from "../generated-part";
import type { Feature } from "./features";
import { FeatureScene } from "./scene";

/** What came of a feature, as the table tells it. */
export interface Row {
  readonly feature: string;
  readonly ends: string;
  readonly deletions: string;
  readonly approval: string;
  readonly ledger: string;
  readonly ledgerLater: string;
}

/** Uses a feature, then updates the stack once more. */
export async function play(feature: Feature): Promise<Row> {
  const scene = await FeatureScene.open();
  try {
    const before = scene.world.deleted();
    const approved = scene.world.digests("pr2");
    const used = await feature.use(scene);
    const during = scene.world.deleted();
    const ledger = await ledgerOf(scene);
    const next = await scene.stack.up();
    return {
      feature: feature.name,
      ends: used.exitCode === 0 ? "succeeds" : `fails: ${firstError(used.output)}`,
      deletions: changeOf(before, during, approved),
      approval: approvalOf(during, scene.world.deleted(), approved, next.exitCode === 0),
      ledger,
      ledgerLater: await ledgerOf(scene),
    };
  } finally {
    await scene.close();
  }
}

/** The first clause of what the engine says went wrong, without its long names of resources and the ids of plans. */
function firstError(output: string): string {
  const line = (/error: (.+)$/m.exec(output)?.[1] ?? "without a reason")
    .trim()
    .replace(/ "urn:[^"]+"/, "")
    .replace(/^app: /, "");
  const [clause = ""] = line.replaceAll(/\d{4}-\d\d-\d\d-[0-9a-f]{12}/g, "…").split(/, and |; |\. /);
  return clause;
}

function changeOf(before: readonly string[], after: readonly string[], approved: readonly string[]): string {
  const deleted = after.filter((digest) => !before.includes(digest));
  const restored = before.filter((digest) => !after.includes(digest));
  const parts = [
    deleted.length > 0 && (deleted.join() === approved.join() ? "the approved" : `${deleted.length} versions`),
    restored.length > 0 && `${restored.length} restored`,
  ];
  return parts.filter(Boolean).join(", ") || "none";
}

function approvalOf(during: readonly string[], later: readonly string[], approved: readonly string[], succeeds: boolean): string {
  const isGone = (deleted: readonly string[]) => approved.every((digest) => deleted.includes(digest));
  if (isGone(during)) return "honoured";
  if (isGone(later)) return "honoured by the next `up`";
  return succeeds ? "not honoured" : "the next `up` fails";
}

/** How many of the deleted versions the state can restore. */
async function ledgerOf(scene: FeatureScene): Promise<string> {
  const deleted = scene.world.deleted();
  const held = (await scene.ledger()).filter((digest) => deleted.includes(digest));
  return held.length === deleted.length ? "complete" : `${held.length} of ${deleted.length}`;
}

function featureTable(rows: readonly Row[]): string {
  return [
    "| feature | ends | deletions | approval | ledger | ledger after the next `up` |",
    "|---|---|---|---|---|---|",
    ...rows.map((row) => lineOf(row)),
  ].join("\n");
}

/** A row as it stands in the table. */
export function lineOf({ feature, ends, deletions, approval, ledger, ledgerLater }: Row): string {
  return `| ${[feature, ends, deletions, approval, ledger, ledgerLater].join(" | ")} |`;
}

const part = { page: "engine.md", name: "features", by: "`npm run features`" } as const satisfies GeneratedPart;

/** The page with the table of what was played. */
export function withTable(page: string, rows: readonly Row[]): string {
  return withPart(page, part, featureTable(rows));
}

/** The lines of the table on the page, without its head. */
export function linesOf(page: string): string[] {
  return partOf(page, part).split("\n").slice(2);
}
