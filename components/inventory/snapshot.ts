import type { Inventory, Manifest } from "../model/inventory";
import type { PolicyInput } from "../rules/policy";

/** What the program saw of a package, and the policy for which it looked: the manifests that another policy needs may not be read. */
export interface Snapshot {
  readonly policy: PolicyInput;
  readonly inventory: Inventory;
}

/** Encodes a snapshot as two lines. */
export function encodeSnapshot({ policy, inventory }: Snapshot): string {
  return `${JSON.stringify(policy)}\n${encodeInventory(inventory)}`;
}

export function decodeSnapshot(text: string): Snapshot {
  const end = text.indexOf("\n");
  return { policy: JSON.parse(text.slice(0, end)) as PolicyInput, inventory: decodeInventory(text.slice(end + 1)) };
}

/** Encodes an inventory as one string, for the way from the observing thread to the provider. */
export function encodeInventory({ manifests, ...rest }: Inventory): string {
  return JSON.stringify({ ...rest, manifests: [...manifests] });
}

export function decodeInventory(text: string): Inventory {
  const { manifests, ...rest } = JSON.parse(text) as Omit<Inventory, "manifests"> & { manifests: [string, Manifest][] };
  return { ...rest, manifests: new Map(manifests) };
}
