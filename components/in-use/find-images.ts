import { z } from "zod";
import { Digest } from "../model/digest";
import { parseReference } from "./image-reference";
import type { ImageInUse } from "./in-use";

const Metadata = z.object({ name: z.string().optional(), namespace: z.string().optional() });
const Container = z.object({ name: z.string().optional(), image: z.string().optional() });
const ContainerStatus = z.object({ name: z.string().optional(), imageID: z.string().optional() });

/** The lists of containers of a pod: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
const containerLists = ["containers", "initContainers", "ephemeralContainers"] as const;
const statusLists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;

/** Returns the images of a Kubernetes object. The pod template may be at any depth; that of a CronJob is three levels down. */
export function imagesInWorkload(workload: unknown, owner = ""): ImageInUse[] {
  if (Array.isArray(workload)) return workload.flatMap((one) => imagesInWorkload(one, owner));
  if (!isRecord(workload)) return [];
  const by = describeObject(workload) ?? owner;
  const images = (lists: readonly string[], schema: typeof Container | typeof ContainerStatus, key: "image" | "imageID") =>
    lists.flatMap((list) =>
      entriesOf(workload[list]).flatMap((entry) => {
        const parsed = schema.safeParse(entry).data as { name?: string; image?: string; imageID?: string } | undefined;
        const image = parsed?.[key];
        if (image === undefined || (key === "imageID" && parseReference(image) === undefined)) return [];
        return [{ image, by: [by, `container ${parsed?.name ?? "?"}`].filter(Boolean).join(", ") }];
      }),
    );
  const nested = Object.entries(workload).filter(([key]) => ["spec", "status", "template", "jobTemplate", "items"].includes(key));
  return [
    ...images(containerLists, Container, "image"),
    ...images(statusLists, ContainerStatus, "imageID"),
    ...nested.flatMap(([, part]) => imagesInWorkload(part, by)),
  ];
}

/** Returns the images of a task definition: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
export function imagesInEcsTask(task: unknown): ImageInUse[] {
  const parsed = parsedJson(task);
  const definitions = isRecord(parsed) ? parsedJson(parsed.containerDefinitions) : parsed;
  const family = isRecord(parsed) && typeof parsed.family === "string" ? `task ${parsed.family}` : "ECS task";
  return entriesOf(definitions).flatMap((entry) => {
    const { name = "?", image } = Container.safeParse(entry).data ?? {};
    return image === undefined ? [] : [{ image, by: `${family}, container ${name}` }];
  });
}

/**
 * Returns the images in a reference, in lists of references, and under every key `image` at any depth. What looks like an image under
 * another key is marked as unread.
 */
export function imagesInJson(value: unknown, from: string): ImageInUse[] {
  if (typeof value === "string") return [{ image: value, by: from }];
  if (Array.isArray(value)) return value.flatMap((one) => imagesInJson(one, from));
  if (!isRecord(value)) return [];
  const by = typeof value.by === "string" ? value.by : from;
  return Object.entries(value).flatMap(([key, part]) => {
    if (typeof part !== "string") return imagesInJson(part, by);
    if (/^image(id|uri)?$/i.test(key)) return [{ image: part, by }];
    return key !== "by" && namesVersion(part) ? [{ image: part, by: `${by}, key ${key}`, unread: true }] : [];
  });
}

/** Reports whether a text can hardly be anything else than the name of an image's version. */
function namesVersion(text: string): boolean {
  return Digest.safeParse(text).success || (/[:@][^/]*$/.test(text) && parseReference(text) !== undefined);
}

function describeObject({ kind, metadata }: Readonly<Record<string, unknown>>): string | undefined {
  const { name, namespace } = Metadata.safeParse(metadata).data ?? {};
  if (typeof kind !== "string" || name === undefined) return undefined;
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** Parses a value that may be JSON text. Invalid JSON throws, because the images in it would not be protected. */
function parsedJson(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
