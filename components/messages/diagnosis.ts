import type { TokenFacts } from "../diagnosis/facts";
import type { Ability, Lack, Obstacle, Saw, Verdict } from "../diagnosis/finding";
import type { TokenKind } from "../diagnosis/token-kind";
import type { TokenNotice } from "../diagnosis/token-notices";
import { count, firstOf } from "./plurals";

const abilities: Readonly<Record<Ability, string>> = {
  "find-owner": "find the owner",
  "list-packages": "list packages",
  "list-versions": "list versions",
  "list-deleted": "list deleted versions",
  "sign-in": "sign in",
  "list-tags": "list tags",
  "read-manifest": "read a manifest",
  delete: "delete",
  restore: "restore",
};

export function abilityText(ability: Ability): string {
  return abilities[ability];
}

const kinds: Readonly<Record<TokenKind, string>> = {
  classic: "a classic token",
  installation: "the token of a GitHub App, such as GITHUB_TOKEN of a workflow",
  "fine-grained": "a fine-grained token",
  oauth: "the token of an OAuth app",
  "user-to-server": "the token of a GitHub App for a user",
  unknown: "a token of a kind that is not known",
};

/** Writes which token it is, never the token itself. */
export function tokenText({ kind, account }: TokenFacts): string {
  if (account === undefined) return kinds[kind];
  const { login, scopes } = account;
  const may = scopes === undefined ? "whose permissions GitHub does not tell" : `with ${[...scopes].sort().join(", ") || "no scope"}`;
  return `${kinds[kind]}${login === undefined ? "" : ` of ${login}`}, ${may}`;
}

/** Writes how far the clocks are apart. */
export function clockText(aheadBy: number): string {
  const seconds = Math.round(aheadBy / 1_000);
  if (Math.abs(seconds) <= 1) return "GitHub's clock and this machine's agree";
  return `GitHub's clock is ${duration(Math.abs(seconds))} ${seconds > 0 ? "ahead of" : "behind"} this machine's`;
}

function duration(seconds: number): string {
  if (seconds < 120) return count(seconds, "second");
  if (seconds < 7_200) return count(Math.round(seconds / 60), "minute");
  return seconds < 172_800 ? count(Math.round(seconds / 3_600), "hour") : count(Math.round(seconds / 86_400), "day");
}

/** Writes whether the token can do something, and how that is known. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case "yes":
      return `yes${sawText(verdict.saw)}`;
    case "no":
      return `no: ${obstacleText(verdict.because)}`;
    case "unproven":
      return `unproven: ${
        verdict.because === "permissions"
          ? "GitHub tells neither the token's permissions nor its role on the package; Admin is needed"
          : "the scopes suffice, and GitHub does not tell the role on the package; Admin is needed"
      }`;
    case "unknown":
      return verdict.because === "unreached" ? "not asked: the versions cannot be listed" : `not known: ${obstacleText(verdict.because)}`;
  }
}

function sawText(saw: Saw): string {
  switch (saw.kind) {
    case "nothing else":
      return "";
    case "packages":
      return `: ${count(saw.count, "package")}`;
    case "versions":
      return `: ${count(saw.count, "version")}, as many as GitHub counts`;
    case "tags":
      return `: ${count(saw.served, "tag")} in the registry, ${saw.listed} on GitHub's list`;
    case "deleted": {
      return `: ${count(saw.count, "version")} that GitHub can restore${saw.timed ? "" : `. ${withoutDeletedTimes}`}`;
    }
    case "manifest":
      return `: ${saw.reference}`;
    case "role":
      return saw.of === "user"
        ? ": the scopes suffice, and the package is the account's own"
        : ": the scopes suffice, and the account owns the organization";
  }
}

function obstacleText(obstacle: Obstacle): string {
  return obstacle.kind === "answer" ? obstacle.message : missingText(obstacle.missing);
}

function missingText(missing: readonly string[]): string {
  return `the token has no scope ${missing.join(", ")}`;
}

/** Writes what is missing, and the remedy, in one line. */
export function lackText(lack: Lack): string {
  switch (lack.kind) {
    case "account":
      return lack.message;
    case "clock":
      return `${clockText(lack.aheadBy)}: set this machine's clock. Ages are counted by GitHub's, but waits for its rate limits are computed by both`;
    case "selection":
      return `${lack.subject}: none of the ${count(lack.listed, "package")} that GitHub lists to this token is selected: check the names, and the token's access`;
    case "tags":
      return `${lack.subject}: ${[
        ...(lack.onlyListed.length > 0 ? [`on GitHub's list and not in the registry: ${firstOf(lack.onlyListed, 3)}`] : []),
        ...(lack.onlyServed.length > 0 ? [`in the registry and not on GitHub's list: ${firstOf(lack.onlyServed, 3)}`] : []),
      ].join("; ")}. An apply stops where such a tag is to stay: ask again in a few minutes, or push the image anew`;
    case "answer":
      return `${abilityText(lack.ability)}: ${lack.message}${lack.ability === "list-deleted" ? ` ${withoutDeletedList}` : ""}`;
    case "scopes": {
      const undo = lack.ability === "restore" ? ", so what it deletes it cannot restore" : "";
      return `${abilityText(lack.ability)} (${firstOf(lack.subjects, 3)}): ${missingText(lack.missing)}${undo}: ${scopesRemedy(lack)}`;
    }
  }
}

function scopesRemedy({ missing, token }: Extract<Lack, { kind: "scopes" }>): string {
  if (token === "oauth") return `\`gh auth refresh --scopes ${missing.join(",")}\`, where it is the token of GitHub's command line`;
  return `add ${missing.join(" and ")}, in the settings of its account under tokens (classic)`;
}

/** Writes what this run's token cannot do for a plan. */
export function tokenNoticeText(notice: TokenNotice): string {
  switch (notice.kind) {
    case "cannot-undo":
      return (
        "this run's token may delete but not restore, since it has no scope write:packages: with it, an image that an apply leaves incomplete " +
        "is not restored, and `restore` fails. Add the scope before `pulumi up`"
      );
    case "deleted-not-listed":
      return `GitHub does not show this run's token the deleted versions (${notice.answer}). ${withoutDeletedList}. What an apply records can be restored all the same`;
    case "deleted-not-dated":
      return `GitHub lists deleted versions. ${withoutDeletedTimes}`;
  }
}

/** What cannot be recovered while GitHub refuses the list of deleted versions. What an apply records, it restores by the ledger alone. */
export const withoutDeletedList =
  "Without that list, what an apply deletes before it is killed enters no ledger, so that `restore` does not find it, and the rest of a plan " +
  "that no run has recorded needs a new approval; a tag that somebody puts on a version in the moment of its deletion is lost unseen";

/** What cannot be recovered while GitHub lists deleted versions without `deleted_at`. */
export const withoutDeletedTimes =
  "GitHub does not say when they were deleted: what an apply deletes before it is killed is not told from older deletions and enters no " +
  "ledger by itself, and `restore` finds nothing by a time; it does by tag and by digest";
