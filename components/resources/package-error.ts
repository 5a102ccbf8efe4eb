import * as pulumi from "../sdk/pulumi";

/**
 * An error of one package: one clean line, with which the program fails at its end. The SDK shows it under the resource, or
 * under the stack where the program has run to its end by then, so the message names the package.
 */
export class PackageError extends pulumi.ResourceError {
  override readonly name = "PackageError";

  constructor(message: string, resource: pulumi.Resource) {
    super(message, resource, true);
    // The SDK colours the stack that it then hides, and over its own frames Node 20's `util.inspect` takes half a minute to fail.
    delete this.stack;
  }
}
