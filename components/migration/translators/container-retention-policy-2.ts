import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfContainerRetentionPolicy2, type RetentionSettings2 } from "../deletions/container-retention";
import { globs, isExactTag } from "../step/old-patterns";
import { StepInputs } from "../step/step-inputs";
import type { TranslatedRule, Translation } from "../step/translation";
import { cutOff, lossesOf } from "./container-retention-common";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  "token-type": "any token that may read packages can preview",
  "account-type": "GitHub is asked whether the owner is an organisation",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
};

/** Translates versions 1 and 2: https://github.com/snok/container-retention-policy/blob/v2.2.1/main.py */
export function translateContainerRetentionPolicy2(step: Step): Translation {
  const inputs = new StepInputs(step);
  const owner = inputs.target("org-name");
  const names = inputs.target("image-names");
  const settings = settingsOf(inputs);
  const notes = inputs.notes(withoutEquivalent);
  if (settings.olderThan?.isRough) notes.push("`cut-off`: months and years have no fixed length here, so the longest was taken");
  const isFilterIgnored = settings.keepAtLeast > 0 && settings.filter.tags.length > 0;
  if (isFilterIgnored) {
    notes.push(
      "`filter-tags` beside `keep-at-least` did nothing: the old step took everything but the newest, whatever its tags. The rules below take what the filter names",
    );
  }
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(names === undefined ? {} : { packages: commaList(names) }),
    rules: rulesOf(settings),
    protect: [...settings.skip.tags.filter(isExactTag), ...settings.skip.digests],
    open: inputs.open,
    notes: [...notes, ...inputs.unknownInputs()],
    losses: lossesOf(false),
    oldDeletions: deletionsOfContainerRetentionPolicy2(settings),
  };
}

function settingsOf(inputs: StepInputs): RetentionSettings2 {
  const skip = globs(commaList(inputs.text("skip-tags") ?? ""));
  const filter = globs(commaList(inputs.text("filter-tags") ?? ""));
  for (const problem of skip.problems) inputs.ask("skip-tags", problem);
  for (const problem of filter.problems) inputs.ask("filter-tags", problem);
  const olderThan = cutOff(inputs);
  return {
    skip,
    filter,
    untaggedOnly: inputs.isTrue("untagged-only"),
    includesUntagged: (inputs.text("filter-include-untagged") ?? "true").toLowerCase() !== "false",
    ...(olderThan === undefined ? {} : { olderThan }),
    keepAtLeast: inputs.count("keep-at-least") ?? 0,
    basis: inputs.text("timestamp-to-use") === "created_at" ? "created" : "updated",
  };
}

function rulesOf(settings: RetentionSettings2): TranslatedRule[] {
  const { skip, filter, untaggedOnly, includesUntagged, olderThan, keepAtLeast, basis } = settings;
  const age = olderThan === undefined ? {} : { olderThan: olderThan.duration };
  const rules: TranslatedRule[] = [];
  const patterns = skip.tags.filter((pattern) => !isExactTag(pattern));
  if (patterns.length > 0) rules.push({ rule: { name: "keep-skipped", action: "keep", tags: patterns }, because: "`skip-tags`" });
  const takesUntagged = untaggedOnly || (includesUntagged && (filter.tags.length === 0 || keepAtLeast > 0));
  if (keepAtLeast > 0) {
    rules.push({
      rule: {
        name: "keep-newest",
        action: "keep",
        ...(untaggedOnly ? {} : { tags: ["*"] }),
        ...(takesUntagged ? { untagged: true as const } : {}),
        mostRecent: keepAtLeast,
      },
      because: "`keep-at-least`, counted in images; the old step counted versions, of which an image has several",
    });
  }
  if (!untaggedOnly) {
    const tags = filter.tags.length > 0 ? [...filter.tags] : ["*"];
    rules.push({
      rule: {
        name: "drop-tagged",
        action: "delete",
        tags,
        ...age,
        ...(basis === "updated" && olderThan !== undefined ? { age: basis } : {}),
      },
      because: "`cut-off` and `filter-tags`; an image goes when each of its tags may go, where one was enough before",
    });
  }
  if (takesUntagged) {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...age },
      because: `${untaggedOnly ? "`untagged-only`" : "`filter-include-untagged`"}; images that nothing needs, never parts of one`,
    });
  }
  return rules;
}

function commaList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim().replace(/^["']|["']$/g, ""))
    .filter((item) => item !== "");
}
