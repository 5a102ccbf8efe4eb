import { join } from "node:path";

/**
 * The folder of the policy pack as it is compiled. As TypeScript, as a user of the repository has it, Pulumi loads it through ts-node,
 * which takes seconds each time.
 */
export const compiledPack = join(__dirname, "compiled-pack");
