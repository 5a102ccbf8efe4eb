import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfDeletePackageVersions, type VersionSettings } from "../deletions/delete-package-versions";
import { expression, noPatterns, type OldPatterns } from "../step/old-patterns";
import { type FlagForms, StepInputs } from "../step/step-inputs";
import { gaps, type HarmlessStep, type TranslatedRule, type Translation } from "../step/translation";
import { askUnknownInputs, withMeant } from "../step/unknown-inputs";
import { versionOfAction } from "./action-version";

const action = "actions/delete-package-versions";
const withoutEquivalent = { token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`" };
const everything = { tags: ["*"], untagged: true } as const;
const prereleases = { tags: ["/^v?[0-9]+\\.[0-9]+\\.[0-9]+-(alpha|beta|rc|pre|preview|dev|next|canary|nightly|snapshot)/"] };

/** The action compares with `true` in any case; everything else is false. */
const flag: FlagForms = { on: /^true$/i, off: /^false$/i, invalid: "off" };

interface Settings extends VersionSettings {
  /** The inputs whose value is missing here. */
  readonly missing: ReadonlySet<string>;
}

/** https://github.com/actions/delete-package-versions/blob/main/src/delete.ts */
export function translateDeletePackageVersions(step: Step): Translation | HarmlessStep {
  const [major] = versionOfAction(step) ?? [];
  // The README of those versions says "except ghcr packages".
  if (major !== undefined && major < 4) return { step, because: `version ${major} does not reach container packages` };
  const inputs = new StepInputs(step);
  const type = inputs.text("package-type")?.toLowerCase();
  if (type !== undefined && type !== "container") return { step, because: `\`package-type: ${type}\` is no container package` };
  if (!inputs.has("package-type")) inputs.refuse("package-type", "it is required");
  const owner = inputs.target("owner");
  const named = inputs.packages("package-name");
  if (!inputs.has("package-name")) inputs.refuse("package-name", "it is required");
  const ids = inputs.text("package-version-ids");
  const settings = settingsOf(inputs);
  const notes = [...inputs.notes(withoutEquivalent), ...notesOf(settings)];
  if (ids !== undefined) {
    inputs.ask("package-version-ids", "rules name digests, and not numbers: `{ name: drop-named, action: delete, digests: [...] }`");
  } else if (settings.number === 0 && inputs.open.length === 0) {
    return { step, because: "`num-old-versions-to-delete: 0` deletes nothing" };
  } else if (settings.number !== undefined) {
    inputs.doubt(
      "num-old-versions-to-delete",
      "no-equivalent",
      `it deletes the oldest ${settings.number} in every run until nothing is left; a rule says what stays, so choose an age and a number of newest images: ` +
        "`{ name: drop-old, action: delete, tags: [...], untagged: true, olderThan: 90d }`",
    );
  }
  const meant = askUnknownInputs(inputs, action, {});
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: [named] }),
    ...inputs.placeholder,
    rules: withMeant(ids === undefined && settings.number === undefined ? rulesOf(settings) : keptBy(settings), meant),
    protect: [],
    open: inputs.open,
    ...(inputs.isCountable && !inputs.fails ? { effect: effectOf(settings) } : {}),
    notes: [...notes, ...meant.notes],
    losses: lossesOf(settings),
    ...inputs.counted(deletionsOfDeletePackageVersions(settings), undefined),
  };
}

function notesOf({ ignored, prereleasesOnly }: Settings): string[] {
  return [
    ...(ignored.tags.length > 0
      ? [
          "`ignore-versions` was compared with digests such as `sha256:4e1f…`, and never with tags, so it protected nothing by its tag. The rule below keeps what was meant, by tag",
        ]
      : []),
    ...(prereleasesOnly
      ? [
          "`delete-only-pre-release-versions` was compared with digests, so every version counted as a prerelease. The rules below take tags of prereleases",
        ]
      : []),
  ];
}

function settingsOf(inputs: StepInputs): Settings {
  const minimum = inputs.number("min-versions-to-keep");
  const isNumber = minimum === undefined || Number.isSafeInteger(Number(minimum));
  // The action reads an input without a value as 0, and not as its default.
  if (inputs.isEmptied("min-versions-to-keep"))
    inputs.doubt("min-versions-to-keep", "misread", "without a value it counts as 0: no version stays");
  const minVersions = inputs.isEmptied("min-versions-to-keep") ? 0 : minimum === undefined || !isNumber ? -1 : Number(minimum);
  const untaggedOnly = inputs.isOn("delete-only-untagged-versions", flag, true);
  const prereleasesOnly = inputs.isOn("delete-only-pre-release-versions", flag, true);
  const isNarrowed = untaggedOnly || prereleasesOnly;
  if (!isNumber) {
    const effect = isNarrowed ? "keeps none of them" : "deletes nothing";
    inputs.doubt("min-versions-to-keep", "misread", `expected a whole number; with another text the action ${effect}`);
  }
  const count = inputs.count("num-old-versions-to-delete");
  const number = count ?? (inputs.isEmptied("num-old-versions-to-delete") ? 0 : 1);
  if (number > 1 && (minVersions >= 0 || isNarrowed) && !inputs.isUnknown("num-old-versions-to-delete")) {
    const others = "`min-versions-to-keep`, `delete-only-untagged-versions` and `delete-only-pre-release-versions`";
    inputs.refuse("num-old-versions-to-delete", `a number above 1 cannot be used with ${others}`);
  }
  const keeps = minVersions >= 0 ? minVersions : isNarrowed ? 0 : isNumber ? undefined : Infinity;
  const isMissing = inputs.isUnknown("min-versions-to-keep") || !isNumber;
  const ignored = prereleasesOnly ? noPatterns : ignoredBy(inputs);
  return {
    untaggedOnly,
    prereleasesOnly,
    ...(keeps === undefined ? {} : { keep: keeps }),
    ...(keeps === undefined && !isMissing ? { number } : {}),
    ignored: ignored ?? noPatterns,
    missing: new Set([...(isMissing ? ["min-versions-to-keep"] : []), ...(ignored === undefined ? ["ignore-versions"] : [])]),
  };
}

/** The patterns to ignore; `undefined` when they are unknown, or cannot be expressed. */
function ignoredBy(inputs: StepInputs): OldPatterns | undefined {
  const text = inputs.text("ignore-versions");
  if (inputs.isEmptied("ignore-versions")) {
    inputs.doubt("ignore-versions", "misread", "without a value it fits every version: the action deletes nothing");
    return { tags: ["*"], digests: [], problems: [] };
  }
  if (inputs.isUnknown("ignore-versions")) return undefined;
  if (text === undefined || text === "^$") return noPatterns;
  const patterns = expression(text);
  for (const problem of patterns.problems) inputs.ask("ignore-versions", problem);
  return patterns.problems.length > 0 ? undefined : patterns;
}

function effectOf({ untaggedOnly, keep, number = 0 }: Settings): string {
  if (keep === Infinity) return "it deletes nothing";
  if (keep === undefined) return `it deletes the oldest ${number === 1 ? "version" : `${number} versions`} in each run`;
  return `it deletes every ${untaggedOnly ? "untagged version" : "version, tagged or not,"} but the newest ${keep}`.replace(
    /,? but the newest 0$/,
    "",
  );
}

function keptBy({ ignored, missing }: Settings): TranslatedRule[] {
  const rule = { name: "keep-ignored", action: "keep" } as const;
  if (missing.has("ignore-versions")) return [{ rule, because: "`ignore-versions`", gaps: [{ field: "tags", input: "ignore-versions" }] }];
  return ignored.tags.length === 0 ? [] : [{ rule: { ...rule, tags: [...ignored.tags] }, because: "`ignore-versions`" }];
}

function rulesOf(settings: Settings): TranslatedRule[] {
  const { untaggedOnly, prereleasesOnly, keep, missing } = settings;
  const selected = untaggedOnly ? ({ untagged: true } as const) : prereleasesOnly ? prereleases : everything;
  const what = untaggedOnly ? "untagged" : prereleasesOnly ? "prereleases" : "others";
  const rules = keptBy(settings);
  const isKnown = keep !== undefined && keep > 0 && keep !== Infinity;
  if (isKnown || missing.has("min-versions-to-keep")) {
    rules.push({
      rule: { name: "keep-newest", action: "keep", ...copyOf(selected), ...(isKnown ? { mostRecent: keep } : {}) },
      because: "`min-versions-to-keep`, counted in images; the old step counted versions, of which an image has several",
      ...gaps(missing, { "min-versions-to-keep": "mostRecent" }),
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

function lossesOf({ untaggedOnly }: Settings): string[] {
  return [
    ...(untaggedOnly ? [] : ["the newest versions are often the parts of one image, so an image with a tag can go while its parts stay"]),
    "it has no dry run, and keeps no record to restore from",
  ];
}
