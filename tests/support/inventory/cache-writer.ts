import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { noMemory, remember } from "../../../components/inventory/cache/package-cache";
import { memoryOf } from "./large-memory";

/** Writes a memory again and again, and says when it is in the middle of that: for being killed then. */
async function main([folder = "", seed = ""]: readonly string[]): Promise<void> {
  await mkdir(join(folder, "tmp"), { recursive: true });
  watch(join(folder, "tmp"), () => process.send?.("writing"));
  for (;;) await remember(folder, "https://ghcr.io", { owner: "acme", name: "app" }, { memory: memoryOf(Number(seed)), before: noMemory });
}

void main(process.argv.slice(2));
