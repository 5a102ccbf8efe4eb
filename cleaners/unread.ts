import { isExactly, mayBe, type Step } from "./cleaner";

/** Something that deletes package versions, or may, and whose selection is not known here. */
export interface Unread {
  readonly line: number;
  readonly kind: "action" | "image" | "script" | "workflow" | "local-action";
  /** The action, image, file or kind of script. */
  readonly what: string;
  /** `owner/name` of the action or repository, or the path of a file. */
  readonly origin?: string;
  /** Whether it deletes for certain, by its name, or cannot be excluded to. */
  readonly deletes: "surely" | "by-name" | "maybe";
}

type Options = Step["options"];
const always = () => true;
const unlessDryRun = (options: Options) => !isExactly(options.get("dry-run"), "true");
const ofContainers = (options: Options) => mayBe(options.get("type"), "container", true);

/** Actions that delete versions of container packages, each with the condition under which it does. */
const unreadActions: ReadonlyMap<string, (options: Options) => boolean> = new Map([
  ["castlabs/delete-package-version-action", ofContainers],
  ["davahome/ghcr-cleanup", always],
  // Its `dry-run` is true unless written otherwise.
  ["doodlescheduling/package-retention", (options) => mayBe(options.get("dry-run"), "false", false)],
  ["eumel8/expire-action", always],
  ["henrytill/prune-ghcr", unlessDryRun],
  ["jenskeiner/ghcr-container-repository-cleanup-action", unlessDryRun],
  ["manimatter/ghcr-cleanup-action", unlessDryRun],
  ["nodefactoryio/github-packages-cleanup", always],
  ["quartx-analytics/ghcr-cleaner", unlessDryRun],
  ["smartsquaregmbh/delete-old-packages", (options) => ofContainers(options) && unlessDryRun(options)],
  ["stumpylog/image-cleaner-action", (options) => mayBe(options.get("do_delete"), "true", false)],
  ["tweedegolf/cleanup-images-action", always],
  ["tweedegolf/cleanup-untagged-images-action", always],
]);

export const unreadActionNames: readonly string[] = [...unreadActions.keys()];

/** Names an action that deletes versions; `undefined` for any other, and where it only shows. */
export function unreadAction({ action, options, line }: Step): Unread | undefined {
  if (unreadActions.get(action)?.(options) !== true) return undefined;
  return { line, kind: "action", what: action, origin: action, deletes: "surely" };
}

const removing =
  /(?:^|[^a-z])(?:clean(?:s|up|er|ing)?|prun(?:e|er|ing)|purg(?:e|er|ing)|delet(?:e|er|ing|ion)|remov(?:e|er|ing|al)|expir(?:e|y|ing)|retention|gc|untagged|housekeeping)(?:$|[^a-z])/i;
const ofImages = /image|ghcr|container|package|registry|docker|oci|untagged|tags?(?:$|[^a-z])|version/i;

/** Whether a name says that it removes images, such as `prune-images.yml`. */
export function saysItDeletes(name: string): boolean {
  return removing.test(name) && ofImages.test(name);
}

/** Names a call of another workflow, or an action of the repository itself, neither of which stands in the file. */
export function unreadCall(uses: string, line: number): Unread | undefined {
  const written = uses.trim();
  const [, local] = /^\.\/(.*?)\/*$/.exec(written) ?? [];
  const [, repository, remote] = /^([\w.-]+\/[\w.-]+)\/(.*\.ya?ml)@/i.exec(written) ?? [];
  const path = local ?? remote;
  if (path === undefined) return undefined;
  const deletes = saysItDeletes(path) ? "by-name" : "maybe";
  const kind = /\.ya?ml$/i.test(path) ? "workflow" : "local-action";
  return { line, kind, what: written, origin: repository?.toLowerCase() ?? path, deletes };
}
