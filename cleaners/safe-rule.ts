import type { Option } from "./cleaner";

const units: Readonly<Record<string, readonly [number, string]>> = {
  m: [1, "m"],
  minute: [1, "m"],
  h: [1, "h"],
  hour: [1, "h"],
  d: [1, "d"],
  day: [1, "d"],
  w: [1, "w"],
  week: [1, "w"],
  month: [30, "d"],
  year: [365, "d"],
};
const defaultAge = "14d";

/** Converts an age of these actions, such as `3 days` or `two weeks ago UTC`, into a duration of a rule; a default when it is unclear. */
function duration(age: Option | undefined): string {
  const [, count = "", unit = ""] = /^\s*(\d{1,4})\s*(minute|hour|day|week|month|year|m|h|d|w)?s?\b/i.exec(age?.text ?? "") ?? [];
  const [factor, letter] = units[unit.toLowerCase() || "d"] ?? [0, ""];
  const length = Number(count) * factor;
  return length > 0 ? `${length}${letter}` : defaultAge;
}

export function dropUntagged(age?: Option): string {
  return `{ name: drop-untagged, action: delete, untagged: true, olderThan: ${duration(age)} }`;
}

export function keepNewest(count: Option | undefined): string {
  const number = /^\s*([1-9]\d{0,4})\s*$/.exec(count?.text ?? "")?.[1] ?? "10";
  return `{ name: keep-newest, action: keep, tags: ["*"], mostRecent: ${number} }`;
}

export function dropTags(age?: Option): string {
  return `{ name: drop-tags, action: delete, tags: ["pr-*"], olderThan: ${duration(age)} }`;
}

export function dropLostSignatures(): string {
  return "{ name: drop-lost-signatures, action: delete, dangling: true, olderThan: 30d }";
}
