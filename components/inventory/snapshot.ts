import type { Inventory, Manifest } from "../model/inventory";

/** Encodes an inventory as one string, for the way from the observing thread to the provider. */
export function encodeInventory({ manifests, ...rest }: Inventory): string {
  return JSON.stringify({ ...rest, manifests: [...manifests] });
}

export function decodeInventory(text: string): Inventory {
  const { manifests, ...rest } = JSON.parse(text) as Omit<Inventory, "manifests"> & { manifests: [string, Manifest][] };
  return { ...rest, manifests: new Map(manifests) };
}
