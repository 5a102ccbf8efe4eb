import { awaitOutcome } from "../inventory/outcome-file";
import { decodeSnapshot } from "../inventory/snapshot";
import { readSnapshot } from "../inventory/snapshot-file";
import { otherPackageText } from "../messages/run-part";
import { packageLabel, RetentionError } from "../model/errors";
import type { Inventory } from "../model/inventory";
import { printable } from "../model/printable";
import { changedProperties, unknownProperties } from "./state/passed-on";
import type { ObservationInputs, ObservedSnapshot, ProgramInputs, SnapshotInputs } from "./state/stored";

/** The program's inputs with the inventory, and how the policy changed on its way through the engine. */
export interface ObservedInputs {
  readonly inputs: ProgramInputs;
  readonly changed: readonly string[];
  /** The inventory was taken anew, for the changed policy. */
  readonly observedAnew?: Inventory;
}

/** Adds what came of an observation that was under way when the program registered the resource; as {@link awaitOutcome}. */
export async function withOutcome({ observation, ...news }: SnapshotInputs, stop: AbortSignal): Promise<SnapshotInputs> {
  if (observation === undefined) return news;
  return { ...news, ...(await awaitOutcome<ObservationInputs>(`${news.owner}/${news.package}`, observation, stop)) };
}

/**
 * Adds the inventory that the program left in a file. A value that is not known yet stays unknown. Where the engine passed on
 * another policy, the package is observed anew. Throws a {@link RetentionError} if it is about another package.
 */
export async function observedInputs(
  { snapshot, answer: _answer, ...news }: SnapshotInputs,
  observe: (news: ProgramInputs) => Promise<Inventory>,
): Promise<ObservedInputs> {
  const label = `${news.owner}/${news.package}`;
  if (snapshot === undefined || snapshot === null) return { inputs: news, changed: [] };
  if (typeof snapshot === "string") return { inputs: { ...news, inventory: snapshot }, changed: [] };
  const { policy, inventory } = decodeSnapshot(await readSnapshot(label, snapshot));
  requireSamePackage(inventory, snapshot, news);
  const isKnown = unknownProperties(news).length === 0;
  const changed = isKnown ? changedProperties(policy, news) : [];
  if (changed.length === 0) return { inputs: { ...news, inventory }, changed };
  const observedAnew = await observe(news);
  return { inputs: { ...news, inventory: observedAnew }, changed, observedAnew };
}

function requireSamePackage({ package: seen }: Inventory, servers: ObservedSnapshot, passed: ProgramInputs): void {
  const pairs = [
    ["owner", seen.owner.toLowerCase(), String(passed.owner).toLowerCase()],
    ["package", seen.name, String(passed.package)],
    ["githubApiUrl", servers.githubApiUrl, String(passed.githubApiUrl)],
    ["registryUrl", servers.registryUrl, String(passed.registryUrl)],
  ] as const;
  for (const [property, given, value] of pairs) {
    if (given !== value) throw new RetentionError(otherPackageText(packageLabel(seen), property, [given, printable(value)]));
  }
}
