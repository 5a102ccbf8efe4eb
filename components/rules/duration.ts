import { parse } from "tinyduration";
import { z } from "zod";

const unitMilliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const shortForm = /^[1-9]\d{0,4}[mhdw]$/;
/** Either form. Zero is refused, and the digits are bounded so that a date can be computed from every duration. */
const eitherForm = /^(?:[1-9]\d{0,4}[mhdw]|P(?=.*[1-9])(?:\d{1,5}W|(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?)?))$/;

/** Zero in either form, with or without a unit. */
const zeroForm = /^(?:0+[mhdw]?|P(?=.)(?:0+W|(?:0+D)?(?:T(?=.)(?:0+H)?(?:0+M)?)?))$/;

export const day = unitMilliseconds.d;

const expected = 'expected a duration such as "14d", "36h", "2w" or "P14D" (no months, no years)';

/** Somebody who writes zero wants no such bound at all. */
const instead = 'expected a duration such as "14d", not zero: leave the setting out instead';

/** A number has no unit, and quotes alone would give it none. */
function durationText(written: unknown): string | undefined {
  if (typeof written === "number") return written === 0 ? instead : `${expected}, not the number \`${written}\``;
  if (typeof written !== "string") return undefined;
  return zeroForm.test(written) ? instead : expected;
}

/**
 * A span of time: `90m`, `36h`, `14d`, `2w`, or ISO 8601 such as `P14D`, `PT36H`, `P2W`; parsed to milliseconds. Months
 * and years are refused because they have no fixed length.
 */
export const Duration = z
  .string({ error: ({ input }) => durationText(input) })
  .regex(eitherForm, { error: ({ input }) => durationText(input) })
  .meta({ id: "Duration" })
  .transform(milliseconds);

function milliseconds(text: string): number {
  if (shortForm.test(text)) return Number(text.slice(0, -1)) * unitMilliseconds[text.slice(-1) as keyof typeof unitMilliseconds];
  if (!eitherForm.test(text)) return Number.NaN;
  const { weeks = 0, days = 0, hours = 0, minutes = 0 } = parse(text);
  return weeks * unitMilliseconds.w + days * unitMilliseconds.d + hours * unitMilliseconds.h + minutes * unitMilliseconds.m;
}
