import { refusedSecretsText } from "../messages/secrets";
import type { ThreadOutcome } from "../observe/messages";
import * as pulumi from "../sdk/pulumi";

/** What is special about the outputs among a policy's arguments, by property path: `protect[0]`. */
export interface ArgumentStates {
  /** Not known yet. */
  readonly awaited: readonly string[];
  readonly secret: readonly string[];
}

/** Returns the property paths of outputs. Without any, a value is known now, and an observation need not wait for the rest of the program. */
export function outputPaths(value: unknown): string[] {
  return outputsIn(value, "").map(({ path }) => path);
}

/** Examines the outputs among arguments. An `undefined` is no secret. */
export async function examineArguments(args: object): Promise<ArgumentStates> {
  const states = await Promise.all(
    outputsIn(args, "").map(async ({ path, output }) => ({ path, isKnown: await isKnown(output), isSecret: await holdsSecret(output) })),
  );
  return {
    awaited: states.filter(({ isKnown }) => !isKnown).map(({ path }) => path),
    secret: states.filter(({ isSecret }) => isSecret).map(({ path }) => path),
  };
}

/** Replaces a secret `undefined`, which the SDK cannot send, by a plain one. */
export function withoutEmptySecrets<Value>(value: Value): Value {
  const replace = (one: unknown): unknown => {
    if (isOutput(one)) {
      const output = pulumi.output(one);
      return pulumi.output(holdsSecret(output)).apply((isSecret) => (isSecret ? output : pulumi.unsecret(output)));
    }
    if (Array.isArray(one)) return one.map(replace);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, entry]) => [key, replace(entry)]));
  };
  return replace(value) as Value;
}

/** Observes a package once its arguments are known; what is seen of it is no secret. */
export function observeOutputs(
  policy: object,
  states: Promise<ArgumentStates>,
  observe: (known: unknown, secretProtect: boolean) => Promise<ThreadOutcome>,
): pulumi.Output<ThreadOutcome> {
  const outcome = pulumi.output(states).apply(({ secret }): pulumi.Output<ThreadOutcome> | ThreadOutcome => {
    const refused = secret.filter((path) => !/^protect\b/.test(path));
    if (refused.length > 0) return { kind: "invalid", policyError: refusedSecretsText(refused) };
    return pulumi.output(policy).apply((known) => observe(known, secret.length > 0));
  });
  return pulumi.unsecret(outcome as pulumi.Output<ThreadOutcome>);
}

/** What stays, with images in use as digests; a secret where one of the arguments is. */
export function protectionOf(written: unknown, outcome: pulumi.Output<ThreadOutcome>): pulumi.Output<readonly unknown[] | undefined> {
  return pulumi
    .output(written as pulumi.Input<string>)
    .apply(() => outcome)
    .apply((observed) => (observed.kind === "invalid" ? [] : observed.policy.protect));
}

interface FoundOutput {
  readonly path: string;
  readonly output: pulumi.Output<unknown>;
}

/** The outermost outputs: what is inside one is known, and secret, together with it. */
function outputsIn(value: unknown, path: string): FoundOutput[] {
  if (typeof value !== "object" || value === null) return [];
  if (isOutput(value)) return [{ path, output: pulumi.output(value) }];
  if (Array.isArray(value)) return value.flatMap((one, index) => outputsIn(one, `${path}[${index}]`));
  return Object.entries(value).flatMap(([key, one]) => outputsIn(one, path === "" ? key : `${path}.${key}`));
}

function isOutput(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Left out of the SDK's types. */
interface OutputInternals {
  readonly isKnown: Promise<boolean>;
  readonly promise: (withUnknowns: true) => Promise<unknown>;
}

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as OutputInternals).isKnown;
}

async function holdsSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  if (!(await pulumi.isSecret(output))) return false;
  return !(await isKnown(output)) || (await (output as unknown as OutputInternals).promise(true)) !== undefined;
}
