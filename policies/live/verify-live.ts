import type { ResourceValidationArgs } from "@pulumi/policy";
import type { Planned } from "../reading/planned";
import { property } from "../reading/property";
import { indented, printable, shortened } from "../reading/text";
import { Registry } from "./registry";
import { secondOpinion } from "./second-opinion";
import { Unreadable } from "./unreadable";

/** A digest, a platform and the longest tag. */
const lineMaximum = 400;
const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Asks the registry itself about a plan, and says what is wrong with it. */
export async function verifyLive(args: ResourceValidationArgs, planned: Planned, registryHosts: readonly string[]): Promise<string[]> {
  if (planned.deletions.length === 0 && (planned.pending?.deletions.length ?? 0) === 0) return [];
  const place = { registryUrl: text(args, "registryUrl"), owner: text(args, "owner"), package: text(args, "package") };
  const unreadable = property(args, "unreadable");
  try {
    const registry = new Registry({ ...place, token: tokenFor(place.registryUrl, registryHosts) });
    const torn = await secondOpinion(registry, planned, Array.isArray(unreadable) ? unreadable.map(String) : []);
    if (torn.length === 0) return [];
    return [
      `the plan deletes what tags that stay need, as the registry itself says:\n${indented(torn.map((line) => shortened(line, lineMaximum)))}\n` +
        "Take the approval back and preview again. If this comes back, report it: no plan may look like this.",
    ];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [
      `the plan cannot be checked against the registry (\`verifyLive\`): ${printable(error.message)}.\n` +
        "Doubt keeps: run again when it can be read, or set `verifyLive` to false in the config of this policy.",
    ];
  }
}

function text(args: ResourceValidationArgs, key: string): string {
  return String(property(args, key));
}

/** The inputs of a stack say where the registry is; they must not say where a token goes. */
function tokenFor(registryUrl: string, registryHosts: readonly string[]): string {
  const { hostname, protocol } = URL.canParse(registryUrl) ? new URL(registryUrl) : { hostname: "", protocol: "" };
  if (!registryHosts.includes(hostname)) {
    throw new Unreadable(`the registry's host "${hostname}" is not among the policy's \`registryHosts\``);
  }
  if (protocol !== "https:" && !loopback.has(hostname)) throw new Unreadable(`the registry at ${hostname} is not asked without https`);
  const token = process.env.GITHUB_TOKEN;
  if (!token) throw new Unreadable("GITHUB_TOKEN is not set where the policy runs");
  return token;
}
