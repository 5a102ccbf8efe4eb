import { readFileSync } from "node:fs";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { z } from "zod";

const Description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })).optional(),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()), responses: z.record(z.string(), z.unknown()) }),
});

const Reference = z.object({ $ref: z.string() });
const JsonContent = z.object({ content: z.object({ "application/json": z.object({ schema: z.record(z.string(), z.unknown()) }) }) });

/** GitHub's description of its API: 13 MB, read once, and only the schemas that a path needs are compiled. */
export class GitHubDescription {
  readonly #description: z.infer<typeof Description>;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    const file = require.resolve("@octokit/openapi/generated/api.github.com.json");
    this.#description = Description.parse(JSON.parse(readFileSync(file, "utf8")));
  }

  /** The status codes the description lists. */
  statuses(method: string, path: string): string[] {
    return Object.keys(this.#responses(method, path));
  }

  /** What is wrong with an answer's body; nothing when it fits. */
  problems(method: string, path: string, status: number, body: unknown): string[] {
    const key = `${method} ${path} ${status}`;
    const validate = this.#validators.get(key) ?? this.#compile(method, path, status);
    this.#validators.set(key, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }

  #responses(method: string, path: string): Record<string, unknown> {
    const responses = this.#description.paths[path]?.[method.toLowerCase()]?.responses;
    if (responses === undefined) throw new RangeError(`GitHub does not describe ${method} ${path}`);
    return responses;
  }

  #compile(method: string, path: string, status: number): ValidateFunction {
    const response = this.#responses(method, path)[status];
    const reference = Reference.safeParse(response);
    const named = reference.success ? this.#description.components.responses[nameIn(reference.data.$ref)] : response;
    const { schema } = JsonContent.parse(named).content["application/json"];
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const schemas: Record<string, unknown> = {};
    this.#collect(schema, schemas);
    return ajv.compile({ ...schema, components: { schemas } });
  }

  /** Every schema that this one refers to, directly or not. */
  #collect(from: unknown, into: Record<string, unknown>): void {
    for (const [, name = ""] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in into) continue;
      into[name] = this.#description.components.schemas[name];
      this.#collect(into[name], into);
    }
  }
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
