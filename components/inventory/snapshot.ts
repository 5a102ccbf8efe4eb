import type { Inventory, Manifest } from "./inventory";

/** An inventory as one string: the program hands it to the provider, which never stores it. */
export function encodeInventory(inventory: Inventory): string {
  return JSON.stringify({ ...inventory, manifests: [...inventory.manifests] });
}

export function decodeInventory(text: string): Inventory {
  const { manifests, ...rest } = JSON.parse(text) as Omit<Inventory, "manifests"> & { manifests: [string, Manifest][] };
  return { ...rest, manifests: new Map(manifests) };
}
