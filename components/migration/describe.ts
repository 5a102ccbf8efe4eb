import type { Step } from "../../cleaners/cleaner";
import type { Unread } from "../../cleaners/unread";
import type { OpenInput, Translation } from "./step/translation";
import { type PackageProblem, questionKey, questionsOf } from "./step-packages";

/** Describes an input that leaves its step open, with its line and value. */
export function describeOpenInput({ input, line, written = "", why }: OpenInput): string {
  return `line ${line}: \`${input}: ${written}\`: ${why}`;
}

/** Describes why no policy is written for a step, and how to answer. */
export function describeProblem(step: Step, path: string, problem: PackageProblem): string {
  return `${path}, line ${step.line}: ${step.action}: ${problemText(problem)}`;
}

function problemText(problem: PackageProblem): string {
  switch (problem.kind) {
    case "no-owner":
      return "the workflow does not say whose package it is: name the owner with --owner";
    case "unusable-owner":
      return `expected the name of a GitHub user or organisation, not "${problem.owner}": name it with --owner`;
    case "no-package":
      return "the workflow does not say which package it is, so it is the one of its repository: name it with --package";
    case "open-package":
      return `which package \`${problem.written}\` is, only a run knows: name it with --package, or with --package '${answerTo(problem.written)}' where other steps need another`;
    case "unusable-package":
      return `expected the name of a package, in lower case, not "${problem.written}": name it with --package, or with --package '${answerTo(problem.written)}' where other steps need another`;
    case "several-questions":
      return `one --package cannot answer ${problem.all.length} questions: give ${problem.all.map((written) => (written === "" ? "--package NAME for what names no package" : `--package '${answerTo(written)}'`)).join(" and ")}`;
  }
}

/** Describes answers to questions that no step asks. */
export function describeNeedless(answers: readonly string[], translations: readonly Translation[]): string {
  const asked = [...new Set(translations.flatMap(questionsOf))].filter((written) => written !== "");
  const known = asked.length === 0 ? "every step names a package that can be one, or none" : `they name ${asked.join(", ")}`;
  return `${answers.map((answer) => `--package ${answer}=…`).join(", ")}: no step names its package so; ${known}`;
}

function answerTo(written: string): string {
  return `${questionKey(written)}=NAME`;
}

const unreadReasons: Readonly<Record<Unread["kind"], string>> = {
  action: "deletes package versions",
  image: "deletes package versions",
  script: "selects them in a way that is not read here",
  workflow: "is another workflow that was not read",
  "local-action": "is an action that was not read",
};

/** Describes what may delete package versions and was not translated. */
export function describeUnread(path: string, { line, what, kind, deletes }: Unread): string {
  const advice =
    deletes === "maybe"
      ? "if it deletes package versions, migrate it as well"
      : "nothing of it is translated: read what it selects, write that as rules, and remove it before the policy is approved";
  const byName = deletes === "by-name" && kind !== "image" ? ", which by its name deletes images" : "";
  return `${path}, line ${line}: ${what}: ${unreadReasons[kind]}${byName}; ${advice}`;
}
