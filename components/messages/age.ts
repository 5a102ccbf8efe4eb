import { day } from "../rules/duration";
import { count } from "./plurals";

/** Writes an age in whole days, rounded down: `41 days`, `1 day`, `less than a day`. */
export function describeAge(milliseconds: number): string {
  const days = Math.floor(milliseconds / day);
  if (days < 1) return "less than a day";
  return count(days, "day");
}

/** Writes a duration as a policy does: `14d`, `36h`, `90m`. */
export function durationText(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
