import { day } from "../rules/duration";
import { count } from "./plurals";

/** Writes an age in whole days, rounded down: `41 days`, `1 day`, `less than a day`. */
export function describeAge(milliseconds: number): string {
  const days = Math.floor(milliseconds / day);
  if (days < 1) return "less than a day";
  return count(days, "day");
}
