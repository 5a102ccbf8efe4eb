import { z } from "zod";

const unitMilliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export const day = unitMilliseconds.d;

/** A span of time written as `90m`, `36h`, `14d` or `2w`; parsed to milliseconds. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhdw]$/, 'expected a duration such as "14d", "36h" or "2w"')
  .transform((text) => Number(text.slice(0, -1)) * unitMilliseconds[text.slice(-1) as keyof typeof unitMilliseconds]);

/** `3 days` below six weeks, then `8 weeks`; whole units, rounded down. */
export function describeAge(milliseconds: number): string {
  const days = Math.floor(milliseconds / day);
  if (days < 1) return "less than a day";
  return days === 1 ? "1 day" : `${days} days`;
}
