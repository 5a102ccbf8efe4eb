import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export const examples = join(__dirname, "..", "..", "..", "examples", "github-actions");

const Step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
});
export type Step = z.output<typeof Step>;

const Job = z.strictObject({
  needs: z.string().optional(),
  if: z.string().optional(),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])),
  steps: z.array(Step),
});
export type Job = z.output<typeof Job>;

const Workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() }),
  env: z.record(z.string(), z.string()).default({}),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.output<typeof Workflow>;

export function textOf(name: string): string {
  return readFileSync(join(examples, name), "utf8");
}

export function readWorkflow(name: string): Workflow {
  return Workflow.parse(parse(textOf(name)));
}

/** What expressions may name, such as `github.token` or `secrets.PACKAGES_READ_TOKEN`. */
export type Context = Readonly<Record<string, string | undefined>>;

/** A text with its `${{ … }}` filled in. The expressions that the examples use: a name, or one or the other. */
export function filled(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_whole, expression: string) => {
    const names = expression.split(" || ");
    for (const name of names) if (!/^[a-z_]+(\.[A-Za-z_-]+)+$/.test(name)) throw new Error(`no such expression here: ${expression}`);
    return names.map((name) => context[name]).find((value) => value !== undefined && value !== "") ?? "";
  });
}

/** Whether a job or a step runs. The conditions that the examples use: comparisons with a text or a name, joined by `&&` and `||`. */
export function holds(condition: string, context: Context): boolean {
  const text = /^\$\{\{ (.*) \}\}$/.exec(condition)?.[1] ?? condition;
  const [, before = "", inside, after = ""] = /^(.*)\(([^()]+ [^()]+)\)(.*)$/.exec(text) ?? [];
  if (inside !== undefined) return holds(`${before}${holds(inside, context) ? "'' == ''" : "'' != ''"}${after}`, context);
  return text.split(" || ").some((some) => some.split(" && ").every((one) => compares(one, context)));
}

function compares(comparison: string, context: Context): boolean {
  if (comparison === "!cancelled()") return true;
  const [, left = "", operator, right = ""] = /^(\S+) (==|!=) (\S+)$/.exec(comparison) ?? [];
  if (operator === undefined) throw new Error(`no such condition here: ${comparison}`);
  const named = (term: string) => /^'(.*)'$/.exec(term)?.[1] ?? context[term] ?? "";
  return (named(left) === named(right)) === (operator === "==");
}
