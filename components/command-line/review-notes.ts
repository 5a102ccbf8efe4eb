import { count } from "../messages/plurals";
import type { Finding } from "../review/finding";
import type { ExportedResource } from "./stack-export";

/** Without the record, a plan that waits or is approved is another one, and what waits out its grace has only begun to. */
export function unreadRecord(stack: string, reason: string): string {
  return [
    `the record of the stack ${stack} could not be read (\`pulumi stack export\`: ${reason}),`,
    "so what waits, is approved or waits out its grace is not known, and what stands here is not what `pulumi up` would do.",
    "Sign in with `pulumi login` and check the name with `pulumi stack ls`, or pass the output of `pulumi preview --json --show-sames` to `review --preview`",
  ].join(" ");
}

/** Names the policies that a program declares: only the program knows their rules. */
export function undeclared(resources: readonly ExportedResource[], findings: readonly Finding[]): string[] {
  const declared = new Set(findings.map(({ name }) => name.toLowerCase()));
  const others = resources
    .filter(isNamed)
    .map(({ inputs }) => keyOf(inputs))
    .filter((key) => !declared.has(key));
  if (others.length === 0) return [];
  return [`not in the stack's config, so only \`--preview\` reviews them: ${others.join(", ")}`];
}

/** Counts the records that may be of any package, such as those whose owner is a secret. */
export function unnamed(resources: readonly ExportedResource[]): string[] {
  const found = resources.filter((resource) => !isNamed(resource)).length;
  if (found === 0) return [];
  return [
    `${count(found, "policy", "policies")} on the stack's record ${found === 1 ? "has an owner or a package" : "have owners or packages"} that cannot be read, such as a secret, so what waits or is approved there is not known: \`--preview\` reviews what \`pulumi preview --json --show-sames\` printed`,
  ];
}

export function isNamed({ inputs }: ExportedResource): boolean {
  return typeof inputs.owner === "string" && typeof inputs.package === "string";
}

export function duplicates(findings: readonly Finding[]): string[] {
  const names = findings.map(({ name }) => name.toLowerCase());
  const found = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return found.map((name) => `${name} has more than one policy in the stack's config: \`pulumi preview\` refuses that`);
}

export function keyOf(inputs: { readonly owner?: unknown; readonly package?: unknown }): string {
  return `${inputs.owner}/${inputs.package}`.toLowerCase();
}
