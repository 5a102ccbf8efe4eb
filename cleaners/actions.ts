import { type Cleaner, type Danger, isExactly, mayBe, type Step } from "./cleaner";
import { dropLostSignatures, dropTags, dropUntagged, keepNewest } from "./safe-rule";

/** The source when no user reported it, but a test of this project found it. */
const tested = "its own code, run against an emulated GHCR";
const everyPlatform = "every platform of a multi-platform image is an untagged version, and every attestation is one";

/** The actions that lost images, each with a check of its options. */
export const cleaners: ReadonlyMap<string, Cleaner> = new Map([
  ["actions/delete-package-versions", deletePackageVersions],
  ["bots-house/ghcr-delete-image-action", ghcrDeleteImage],
  ["camargo/delete-untagged-action", deleteUntagged],
  ["chizkiyahu/delete-untagged-ghcr-action", deleteUntaggedGhcr],
  ["dataaxiom/ghcr-cleanup-action", ghcrCleanup],
  ["ghcr-manager/ghcr-cleanup-manager", ghcrCleanupManager],
  ["snok/container-retention-policy", containerRetentionPolicy],
  ["vlaurin/action-ghcr-prune", ghcrPrune],
]);

/** Describes the danger; `at` is the option that causes it, written or omitted. */
function danger(step: Step, at: string | undefined, facts: Pick<Danger, "why" | "source" | "rule">): Danger {
  const option = at === undefined ? undefined : step.options.get(at);
  const how = at === undefined ? "" : ` with \`${at}\` ${option === undefined ? "left out" : `as \`${option.text.trim()}\``}`;
  return { line: option?.line ?? step.line, what: `${step.action}${how}`, action: step.action, ...facts };
}

function isDryRun({ options }: Step): boolean {
  return isExactly(options.get("dry-run"), "true");
}

function deletePackageVersions(step: Step): Danger | undefined {
  const { options } = step;
  const type = options.get("package-type");
  if (options.has("package-version-ids")) return undefined;
  if (mayBe(options.get("delete-only-untagged-versions"), "true", false) && mayBe(type, "container", true)) {
    const source = "https://github.com/actions/delete-package-versions/issues/162";
    return danger(step, "delete-only-untagged-versions", { why: everyPlatform, source, rule: dropUntagged() });
  }
  if (!mayBe(type, "container", false)) return undefined;
  return danger(step, "package-type", {
    why: "it counts GitHub's raw versions, so the platforms of an image that stays are old versions like any other",
    source: "https://github.com/actions/delete-package-versions/issues/90",
    rule: keepNewest(options.get("min-versions-to-keep")),
  });
}

function ghcrDeleteImage(step: Step): Danger | undefined {
  if (!step.options.has("untagged-keep-latest")) return undefined;
  const source = "https://github.com/telepresenceio/telepresence/pull/3699";
  return danger(step, "untagged-keep-latest", { why: everyPlatform, source, rule: dropUntagged() });
}

function deleteUntagged(step: Step): Danger {
  return danger(step, undefined, {
    why: `it deletes all untagged versions; ${everyPlatform}`,
    source: "https://github.com/camargo/delete-untagged-action",
    rule: dropUntagged(),
  });
}

function deleteUntaggedGhcr(step: Step): Danger | undefined {
  if (isExactly(step.options.get("except_untagged_multiplatform"), "true")) return undefined;
  return danger(step, "except_untagged_multiplatform", {
    why: `${everyPlatform}; only with \`true\` this option spares them`,
    source: "https://github.com/Chizkiyahu/delete-untagged-ghcr-action/issues/45",
    rule: dropUntagged(),
  });
}

function ghcrCleanup(step: Step): Danger | undefined {
  const { options } = step;
  if (isDryRun(step)) return undefined;
  if (mayBe(options.get("delete-orphaned-images"), "true", false)) {
    const why = "it takes orphans whatever their age, and excluded ones";
    return danger(step, "delete-orphaned-images", { why, source: tested, rule: dropLostSignatures() });
  }
  if (options.has("keep-n-tagged")) {
    const why = "signature tags are counted as images: of two images to keep, one stays";
    return danger(step, "keep-n-tagged", { why, source: tested, rule: keepNewest(options.get("keep-n-tagged")) });
  }
  const tags = ["delete-tags", "tags"].find((name) => options.has(name));
  if (tags !== undefined) {
    const why = "a tagged and excluded child goes together with another index that lists it";
    return danger(step, tags, { why, source: tested, rule: dropTags(options.get("older-than")) });
  }
  if (isExactly(options.get("delete-untagged"), "false")) return undefined;
  const at = ["delete-untagged", "keep-n-untagged"].find((name) => options.has(name));
  const why = "what an index inside an index lists is deleted from under a tag that stays";
  return danger(step, at, { why, source: tested, rule: dropUntagged(options.get("older-than")) });
}

function ghcrCleanupManager(step: Step): Danger | undefined {
  if (isDryRun(step)) return undefined;
  return danger(step, undefined, {
    why: "where the manifest of a kept index answers 404, its platforms are deleted, and so are those of an image that is being pushed",
    source: tested,
    rule: dropUntagged(step.options.get("older-than")),
  });
}

function containerRetentionPolicy(step: Step): Danger | undefined {
  const { options } = step;
  if (isDryRun(step) || isExactly(options.get("tag-selection"), "tagged")) return undefined;
  return danger(step, options.has("untagged-only") ? "untagged-only" : "tag-selection", {
    why: "what an index inside an index lists, and signatures by `subject`, are deleted from under tags that stay",
    source: "https://github.com/snok/container-retention-policy/issues/97",
    rule: dropUntagged(options.get("cut-off")),
  });
}

function ghcrPrune(step: Step): Danger | undefined {
  const at = ["untagged", "prune-untagged"].find((name) => mayBe(step.options.get(name), "true", false));
  if (at === undefined || isDryRun(step)) return undefined;
  const source = "https://github.com/vlaurin/action-ghcr-prune/issues/76";
  return danger(step, at, { why: everyPlatform, source, rule: dropUntagged(step.options.get("older-than")) });
}
