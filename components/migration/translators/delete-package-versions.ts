import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfDeletePackageVersions, type VersionSettings } from "../deletions/delete-package-versions";
import { expression, noPatterns, type OldPatterns } from "../step/old-patterns";
import { StepInputs } from "../step/step-inputs";
import type { HarmlessStep, TranslatedRule, Translation } from "../step/translation";
import { versionOfAction } from "./action-version";

const withoutEquivalent = { token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`" };
const everything = { tags: ["*"], untagged: true } as const;
const prereleases = { tags: ["/^v?[0-9]+\\.[0-9]+\\.[0-9]+-(alpha|beta|rc|pre|preview|dev|next|canary|nightly|snapshot)/"] };

/** https://github.com/actions/delete-package-versions/blob/main/src/delete.ts */
export function translateDeletePackageVersions(step: Step): Translation | HarmlessStep {
  const [major] = versionOfAction(step) ?? [];
  // The README of those versions says "except ghcr packages".
  if (major !== undefined && major < 4) return { step, because: `version ${major} does not reach container packages` };
  const inputs = new StepInputs(step);
  const type = inputs.text("package-type")?.toLowerCase();
  if (type !== undefined && type !== "container") return { step, because: `\`package-type: ${type}\` is no container package` };
  const owner = inputs.target("owner");
  const named = inputs.target("package-name");
  const ids = inputs.text("package-version-ids");
  const settings = settingsOf(inputs);
  const notes = inputs.notes(withoutEquivalent);
  const base = {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: [named] }),
    protect: [],
    losses: lossesOf(settings),
  };
  if (ids !== undefined) {
    inputs.ask("package-version-ids", "rules name digests, and not numbers: `{ name: drop-named, action: delete, digests: [...] }`");
    return { ...base, rules: [], open: inputs.open, notes: [...notes, ...inputs.unknownInputs()] };
  }
  if (settings.number !== undefined) {
    inputs.ask(
      "num-old-versions-to-delete",
      `it deletes the oldest ${settings.number} in every run until nothing is left; a rule says what stays, so choose an age and a number of newest images: ` +
        "`{ name: drop-old, action: delete, tags: [...], untagged: true, olderThan: 90d }`",
    );
  }
  const ignored = settings.ignored.tags.length > 0;
  if (ignored) {
    notes.push(
      "`ignore-versions` was compared with digests, which it never matched, so it protected nothing. The rule below keeps what was meant, by tag",
    );
  }
  if (settings.prereleasesOnly) {
    notes.push(
      "`delete-only-pre-release-versions` was compared with digests, so every version counted as a prerelease. The rules below take tags of prereleases",
    );
  }
  return {
    ...base,
    rules: settings.number === undefined ? rulesOf(settings) : [],
    open: inputs.open,
    notes: [...notes, ...inputs.unknownInputs()],
    oldDeletions: deletionsOfDeletePackageVersions(settings),
  };
}

function settingsOf(inputs: StepInputs): VersionSettings {
  const written = inputs.text("min-versions-to-keep");
  const isNumber = written === undefined || /^-?\d{1,9}$/.test(written);
  if (!isNumber) inputs.ask("min-versions-to-keep", "expected a whole number");
  const minVersions = written === undefined || !isNumber ? -1 : Number(written);
  const untaggedOnly = inputs.isTrue("delete-only-untagged-versions");
  const prereleasesOnly = inputs.isTrue("delete-only-pre-release-versions");
  const number = inputs.count("num-old-versions-to-delete") ?? 1;
  const keeps = minVersions >= 0 ? minVersions : untaggedOnly || prereleasesOnly ? 0 : undefined;
  // With an open value, it is open how the step counts as well.
  const isKnown = inputs.open.length === 0;
  return {
    untaggedOnly,
    prereleasesOnly,
    ...(keeps === undefined ? {} : { keep: keeps }),
    ...(keeps === undefined && isKnown ? { number } : {}),
    ignored: prereleasesOnly ? noPatterns : ignoredBy(inputs),
  };
}

function ignoredBy(inputs: StepInputs): OldPatterns {
  const text = inputs.text("ignore-versions");
  if (text === undefined || text === "^$") return noPatterns;
  const patterns = expression(text);
  for (const problem of patterns.problems) inputs.ask("ignore-versions", problem);
  return patterns;
}

function rulesOf({ untaggedOnly, prereleasesOnly, keep, ignored }: VersionSettings): TranslatedRule[] {
  const selected = untaggedOnly ? ({ untagged: true } as const) : prereleasesOnly ? prereleases : everything;
  const what = untaggedOnly ? "untagged" : prereleasesOnly ? "prereleases" : "others";
  const rules: TranslatedRule[] = [];
  if (ignored.tags.length > 0) {
    rules.push({ rule: { name: "keep-ignored", action: "keep", tags: [...ignored.tags] }, because: "`ignore-versions`" });
  }
  if (keep !== undefined && keep > 0) {
    rules.push({
      rule: { name: "keep-newest", action: "keep", ...copyOf(selected), mostRecent: keep },
      because: "`min-versions-to-keep`, counted in images; the old step counted versions, of which an image has several",
    });
  }
  rules.push({
    rule: { name: `drop-${what}`, action: "delete", ...copyOf(selected) },
    because: untaggedOnly
      ? "`delete-only-untagged-versions`: images that nothing needs, never parts of one"
      : prereleasesOnly
        ? "`delete-only-pre-release-versions`"
        : "`min-versions-to-keep`: all other images",
  });
  return rules;
}

interface Selected {
  readonly tags?: readonly string[];
  readonly untagged?: true;
}

function copyOf({ tags, untagged }: Selected): { tags?: string[]; untagged?: true } {
  return { ...(tags === undefined ? {} : { tags: [...tags] }), ...(untagged ? { untagged } : {}) };
}

function lossesOf({ untaggedOnly }: VersionSettings): string[] {
  return [
    ...(untaggedOnly ? [] : ["the newest versions are often the parts of one image, so an image with a tag can go while its parts stay"]),
    "it has no dry run, and keeps no record to restore from",
  ];
}
