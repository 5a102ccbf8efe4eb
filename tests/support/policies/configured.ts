import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { Ajv } from "ajv";
import { analyze, type Verdict } from "./analyze";

export interface Setting {
  /** As it stands in a file for `--policy-pack-config`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly stackTags?: Readonly<Record<string, string>>;
}

/** A policy as the engine sets it up: its config checked against its schema, with the schema's defaults; never disabled. */
export function configured(policy: ResourceValidationPolicy, { config = {}, stackTags = {} }: Setting = {}): ResourceValidationPolicy {
  const { configSchema, validateResource } = policy;
  assert.ok(configSchema && typeof validateResource === "function");
  const whole = structuredClone(config);
  const ajv = new Ajv({ useDefaults: true, strict: true, strictTypes: false });
  const validate = ajv.compile({ type: "object", ...configSchema, additionalProperties: false });
  assert.ok(validate(whole), ajv.errorsText(validate.errors));
  return {
    ...policy,
    enforcementLevel: "mandatory",
    validateResource: (args, reportViolation) =>
      validateResource(
        { ...args, stackTags: new Map(Object.entries(stackTags)), getConfig: <Config extends object>() => whole as Config },
        reportViolation,
      ),
  };
}

/** What one policy, so set up, says of a resource. */
export async function verdictsOf(
  policy: ResourceValidationPolicy,
  type: string,
  properties: object,
  setting: Setting = {},
): Promise<readonly Verdict[]> {
  return (await analyze([configured(policy, setting)], type, properties)).verdicts;
}

/** The texts of its refusals; a verdict of another kind fails the test. */
export async function refusalsOf(...args: Parameters<typeof verdictsOf>): Promise<string[]> {
  const verdicts = await verdictsOf(...args);
  assert.deepEqual([...new Set(verdicts.map(({ level }) => level))], verdicts.length > 0 ? ["mandatory"] : []);
  return verdicts.map(({ message }) => message);
}

/** That a value which is not known yet is neither refused nor let through in silence. */
export async function assertNotKnown(...args: Parameters<typeof verdictsOf>): Promise<void> {
  const verdicts = await verdictsOf(...args);
  assert.deepEqual(
    verdicts.map(({ level }) => level),
    ["advisory"],
  );
  assert.match(verdicts[0]?.message ?? "", /can't be known during preview/);
}
