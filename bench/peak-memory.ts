import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

/** Preloaded into the processes of a preview: keeps the largest resident set of the program and of the provider in a file each. */
const folder = process.env.PEAK_MEMORY;
const [kind] = /[\\/](run|dynamic-provider)(?=[\\/]index\.js$|[\\/]?$)/.exec(process.argv[1] ?? "") ?? [];

if (folder !== undefined && kind !== undefined && isMainThread) {
  const keep = () => writeFileSync(join(folder, String(process.pid)), String(process.resourceUsage().maxRSS / 1024));
  // The engine kills its providers.
  setInterval(keep, 20).unref();
  process.once("exit", keep);
}
