// @ts-check
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { capture, isExecutable } from "./command.mjs";
import { versionOf } from "./engine-on-path.mjs";
import { pulumiHome, root, tools } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

const wrapper = join(root, "node_modules", "pulumi");
// A closed network refuses at once; one that swallows packets must not cost the whole coffee break.
const timeoutMs = 180_000;

/** Pulumi's own build, through npm's `pulumi` package, which downloads it on first use. @type {import("./engine-choice.mjs").Source} */
export const officialEngine = {
  async find() {
    const version = await wrapperVersion();
    const pulumi = join(pulumiHome, "versions", version, "bin", "pulumi");
    const complete = (await isExecutable(pulumi)) && (await isExecutable(join(dirname(pulumi), "pulumi-language-nodejs")));
    return complete ? { pulumi, kind: "official", version } : undefined;
  },
  async make(doing) {
    const version = await wrapperVersion();
    doing(`downloading the official Pulumi CLI v${version}`);
    const download = join(tools, `download-${process.pid}`);
    try {
      await runWrapper(download, version);
      await adopt(join(download, "versions", version), version);
    } finally {
      await rm(download, { recursive: true, force: true });
    }
    const found = await officialEngine.find();
    if (!found) throw new SetupError("the official download is not complete");
    return found;
  },
};

/** @param {string} home @param {string} version */
async function runWrapper(home, version) {
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    await capture(process.execPath, [join(wrapper, "run.js"), "version"], { env, timeoutMs });
  } catch (error) {
    const output = error instanceof SetupError ? error.output : "";
    const reason = /^pulumi: (.*)$/m.exec(output)?.[1] ?? "no answer in time";
    throw new SetupError(`the official download was refused (${reason})`, { cause: error });
  }
}

/** Only a whole bundle that runs is moved to where the next run looks. @param {string} bundle @param {string} version */
async function adopt(bundle, version) {
  if ((await versionOf(join(bundle, "bin", "pulumi"))) !== version) throw new SetupError("the official download does not run here");
  const target = join(pulumiHome, "versions", version);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(bundle, target);
}

async function wrapperVersion() {
  return /** @type {string} */ (JSON.parse(await readFile(join(wrapper, "package.json"), "utf8")).version);
}
