import type { Inventory, Manifest } from "../model/inventory";

/** An inventory as one string: from the thread that looked to the program, and from there to the provider. */
export function encodeInventory({ manifests, ...rest }: Inventory): string {
  return JSON.stringify({ ...rest, manifests: [...manifests] });
}

export function decodeInventory(text: string): Inventory {
  const { manifests, ...rest } = JSON.parse(text) as Omit<Inventory, "manifests"> & { manifests: [string, Manifest][] };
  return { ...rest, manifests: new Map(manifests) };
}
