import type { ResourceValidationArgs } from "@pulumi/policy";
import type { Planned } from "../reading/planned";
import { property } from "../reading/property";
import { indented, printable, shortened } from "../reading/text";
import { neededByTags } from "./needed-by-tags";
import { Registry } from "./registry";
import { Unreadable } from "./unreadable";

/** The length of a digest, a platform and the longest tag. */
const maxLineLength = 400;
const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Checks a plan against the registry, and describes the violations. */
export async function verifyLive(args: ResourceValidationArgs, planned: Planned, registryHosts: readonly string[]): Promise<string[]> {
  if (planned.deletions.length === 0 && (planned.pending?.deletions.length ?? 0) === 0) return [];
  const target = { registryUrl: text(args, "registryUrl"), owner: text(args, "owner"), package: text(args, "package") };
  const unreadable = property(args, "unreadable");
  try {
    const registry = new Registry({ ...target, token: tokenFor(target.registryUrl, registryHosts) });
    const needed = await neededByTags(registry, planned, Array.isArray(unreadable) ? unreadable.map(String) : []);
    if (needed.length === 0) return [];
    return [
      `the plan deletes what remaining tags need, according to the registry:\n${indented(needed.map((line) => shortened(line, maxLineLength)))}\n` +
        "Withdraw the approval and preview again. If this happens again, report it: it is a bug in ghcr-retention.",
    ];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [
      `the plan cannot be checked against the registry (\`verifyLive\`): ${printable(error.message)}.\n` +
        "Doubt keeps: run again when the registry can be read, or set `verifyLive` to false in the config of this policy.",
    ];
  }
}

function text(args: ResourceValidationArgs, key: string): string {
  return String(property(args, key));
}

/** Returns the token for the registry. The stack's inputs name the registry, but must not decide where a token is sent. */
function tokenFor(registryUrl: string, registryHosts: readonly string[]): string {
  const { hostname, protocol } = URL.canParse(registryUrl) ? new URL(registryUrl) : { hostname: "", protocol: "" };
  if (!registryHosts.includes(hostname)) {
    throw new Unreadable(`the registry's host "${hostname}" is not among the policy's \`registryHosts\``);
  }
  if (protocol !== "https:" && !loopback.has(hostname)) throw new Unreadable(`the registry at ${hostname} is not used without https`);
  const token = process.env.GITHUB_TOKEN;
  if (!token) throw new Unreadable("GITHUB_TOKEN is not set in the environment of the policy");
  return token;
}
