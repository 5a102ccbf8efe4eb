import type { FreedStorage } from "../plan/storage";
import { count } from "./plurals";

const bounds = { exact: "", "at-least": "at least ", "at-most": "at most ", about: "about " } as const;

/** Writes what deletions free, and how it would become known exactly: `frees at most 1.24 GB: 12 manifests were not read (…)`. */
export function storageText({ bytes, accuracy, unread }: FreedStorage): string {
  const round = { exact: Math.round, "at-least": Math.floor, "at-most": Math.ceil, about: Math.round }[accuracy];
  const said = `frees ${bounds[accuracy]}${bytesText(bytes, round)}`;
  if (unread === 0) return said;
  const were = unread === 1 ? "was" : "were";
  return `${said}: ${count(unread, "manifest")} ${were} not read (\`npx ghcr-retention plan --sizes\` reads ${unread === 1 ? "it" : "them"})`;
}

/** Decimal, as GitHub bills: by its examples, 500 MB and 500 MB are 1 GB. https://docs.github.com/en/billing/concepts/product-billing/github-packages */
const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Writes a number of bytes with three digits, rounded by `round`: `999 B`, `1.24 GB`. */
export function bytesText(bytes: number, round: (value: number) => number = Math.round): string {
  const rounded = units.map((unit, power) => {
    const digits = power === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.max(1, bytes / 1000 ** power))));
    // In one division, so that no error of an earlier one is rounded up.
    return { value: round(bytes / (1000 ** power / 10 ** digits)) / 10 ** digits, unit };
  });
  const { value, unit } = rounded.find(({ value }) => value < 1000) as (typeof rounded)[number];
  return `${value} ${unit}`;
}
