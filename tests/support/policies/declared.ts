import * as pulumi from "@pulumi/pulumi";

export interface Declared {
  readonly type: string;
  readonly inputs: object;
}

/** What the engine would be told of a resource, by the provider package's own class. */
export async function declared(create: () => pulumi.Resource): Promise<Declared> {
  const seen: Declared[] = [];
  await pulumi.runtime.setMocks({
    newResource({ type, inputs, name }) {
      seen.push({ type, inputs: inputs as object });
      return { id: name, state: inputs as object };
    },
    call: ({ inputs }) => inputs as object,
  });
  await new Promise((resolve) => pulumi.output(create().urn).apply(resolve));
  const [only] = seen;
  if (only === undefined) throw new Error("nothing was declared");
  return only;
}
