// @ts-check
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. The set-up writes only below it: node_modules/, bin/ and .tools/, all ignored by git. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

export const tools = join(root, ".tools");
export const toolsBin = join(tools, "bin");
export const pulumiHome = join(tools, "pulumi-home");
