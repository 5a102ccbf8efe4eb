import { imagesInEcsTask, imagesInJson, imagesInWorkload } from "../in-use/find-images";
import type { ImageInUse } from "../in-use/in-use";
import { readJson } from "../in-use/json-source";
import * as pulumi from "../sdk/pulumi";

/** Options of the functions that find images in use. */
export interface ImagesOptions {
  /** Accept that there are none. By default that is an error, since a source that changed its form would protect nothing. */
  readonly allowEmpty: true;
}

/**
 * Returns the images of Kubernetes workloads: resources of `@pulumi/kubernetes`, their `spec`, or objects and lists as
 * printed by `kubectl get -o json`. For running pods it also returns the digests that they run. {@link ImagesOptions} may come last.
 */
export function imagesOfKubernetes(...workloads: readonly pulumi.Input<unknown>[]): pulumi.Output<ImageInUse[]> {
  const { sources, options } = withoutOptions(workloads);
  return pulumi
    .output(sources.map(plainParts))
    .apply((known) => known.flatMap((workload) => imagesInWorkload(workload)))
    .apply((images) => required(images, "the workloads given to `imagesOfKubernetes`", options));
}

/** Returns the images of ECS task definitions: resources of `@pulumi/aws`, or `containerDefinitions`, as JSON text or parsed. {@link ImagesOptions} may come last. */
export function imagesOfEcsTaskDefinition(...tasks: readonly pulumi.Input<unknown>[]): pulumi.Output<ImageInUse[]> {
  const { sources, options } = withoutOptions(tasks);
  return pulumi
    .output(sources.map(plainParts))
    .apply((known) => known.flatMap((task) => imagesInEcsTask(task)))
    .apply((images) => required(images, "the task definitions given to `imagesOfEcsTaskDefinition`", options));
}

/** Returns the images in an output of another stack: a reference, a list of references, or any value that {@link imagesFromJson} accepts. */
export function imagesFromStack(stack: pulumi.StackReference, output: string, options?: ImagesOptions): pulumi.Output<ImageInUse[]> {
  // A missing output would protect nothing, so it is an error.
  return pulumi.all([stack.requireOutput(output), stack.name]).apply(([value, name]) => {
    const from = `output ${output} of the stack ${name}`;
    return required(imagesInJson(value, from), from, options);
  });
}

/**
 * Returns the images in JSON, given as text or as a URL (https, or http on loopback): lists of references, and the value
 * of every key `image` at any depth.
 */
export function imagesFromJson(source: pulumi.Input<string | URL>, options?: ImagesOptions): pulumi.Output<ImageInUse[]> {
  return pulumi.output(source as pulumi.Input<string>).apply(async (known: string | URL) => {
    const { value, from } = await readJson(known);
    return required(imagesInJson(value, from), from, options);
  });
}

/** Throws if there are no images, unless that is allowed. What is marked as unread protects nothing. */
function required(images: ImageInUse[], from: string, options: ImagesOptions | undefined): ImageInUse[] {
  if (options?.allowEmpty || images.some(({ unread }) => !unread)) return images;
  const unread = images.length > 0 ? `; not understood: ${images.map(({ image, by }) => `${image} (${by})`).join(", ")}` : "";
  throw new pulumi.RunError(
    `images in use: ${from} names no image, and nothing would be protected by it: expected at least one${unread}. ` +
      "Where none may run, pass `{ allowEmpty: true }` as the last argument.",
  );
}

function withoutOptions(args: readonly pulumi.Input<unknown>[]): { sources: pulumi.Input<unknown>[]; options: ImagesOptions | undefined } {
  const last = args.at(-1);
  const isOptions = typeof last === "object" && last !== null && Object.keys(last).join() === "allowEmpty";
  return isOptions ? { sources: args.slice(0, -1), options: last as ImagesOptions } : { sources: [...args], options: undefined };
}

const imageOutputs = ["kind", "metadata", "spec", "status", "family", "containerDefinitions"] as const;

/** Replaces a resource by the outputs that may name images: the SDK does not resolve the outputs of a nested resource. */
function plainParts(workload: pulumi.Input<unknown>): pulumi.Input<unknown> {
  if (!pulumi.Resource.isInstance(workload)) return workload;
  const outputs = workload as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(imageOutputs.map((part) => [part, outputs[part]]));
}
