import * as pulumi from "@pulumi/pulumi";
import { imagesInEcsTask, imagesInJson, imagesInWorkload } from "../in-use/find-images";
import type { ImageInUse } from "../in-use/in-use";
import { readJson } from "../in-use/json-source";

/**
 * Returns the images of Kubernetes workloads: resources of `@pulumi/kubernetes`, their `spec`, or objects and lists as
 * printed by `kubectl get -o json`. For running pods it also returns the digests that they run.
 */
export function imagesOfKubernetes(...workloads: readonly pulumi.Input<unknown>[]): pulumi.Output<ImageInUse[]> {
  return pulumi.output(workloads.map(plainParts)).apply((known) => known.flatMap((workload) => imagesInWorkload(workload)));
}

/** Returns the images of ECS task definitions: resources of `@pulumi/aws`, or `containerDefinitions`, as JSON text or parsed. */
export function imagesOfEcsTaskDefinition(...tasks: readonly pulumi.Input<unknown>[]): pulumi.Output<ImageInUse[]> {
  return pulumi.output(tasks.map(plainParts)).apply((known) => known.flatMap((task) => imagesInEcsTask(task)));
}

/** Returns the images in an output of another stack: a reference, a list of references, or any value that {@link imagesFromJson} accepts. */
export function imagesFromStack(stack: pulumi.StackReference, output: string): pulumi.Output<ImageInUse[]> {
  // A missing output would protect nothing, so it is an error.
  return pulumi
    .all([stack.requireOutput(output), stack.name])
    .apply(([value, name]) => imagesInJson(value, `output ${output} of the stack ${name}`));
}

/**
 * Returns the images in JSON, given as text or as a URL (https, or http on loopback): lists of references, and the value
 * of every key `image` at any depth.
 */
export function imagesFromJson(source: pulumi.Input<string | URL>): pulumi.Output<ImageInUse[]> {
  return pulumi.output(source as pulumi.Input<string>).apply(async (known: string | URL) => {
    const { value, from } = await readJson(known);
    return imagesInJson(value, from);
  });
}

const imageOutputs = ["kind", "metadata", "spec", "status", "family", "containerDefinitions"] as const;

/** Replaces a resource by the outputs that may name images: the SDK does not resolve the outputs of a nested resource. */
function plainParts(workload: pulumi.Input<unknown>): pulumi.Input<unknown> {
  if (!pulumi.Resource.isInstance(workload)) return workload;
  const outputs = workload as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(imageOutputs.map((part) => [part, outputs[part]]));
}
