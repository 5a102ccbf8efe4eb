import { day } from "../../rules/duration";

/** An age as written in a workflow. */
export interface OldAge {
  readonly milliseconds: number;
  /** The same as a duration of a rule, never shorter. */
  readonly duration: string;
  /** True with months and years, which have no fixed length: the longest was taken. */
  readonly isRough: boolean;
}

const minute = 60_000;
const hour = 60 * minute;
const units: Readonly<Record<string, number>> = {
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  m: minute,
  min: minute,
  minute: minute,
  h: hour,
  hr: hour,
  hour: hour,
  d: day,
  day: day,
  w: 7 * day,
  week: 7 * day,
  month: 31 * day,
  y: 366 * day,
  year: 366 * day,
};
const words: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** Parses `30 days`, `2w 3d`, `1month` or `A week ago UTC`; `undefined` for anything else, such as a date. */
export function parseOldAge(text: string): OldAge | undefined {
  const plain = text.trim().replace(/\s+ago\b.*$/i, "");
  // In humantime only `M` depends on its case: it is a month.
  const parts = [...plain.matchAll(/\s*(\d{1,5}(?=\s*[a-z])|[a-z]+(?=\s))\s*([a-z]+)/giy)];
  if (parts.length === 0 || parts.map(([all]) => all).join("") !== plain) return undefined;
  let milliseconds = 0;
  let isRough = false;
  for (const [, count = "", written = ""] of parts) {
    const unit = written === "M" ? "month" : singular(written.toLowerCase());
    const number = /^\d/.test(count) ? Number(count) : words[count.toLowerCase()];
    const length = units[unit];
    if (number === undefined || length === undefined) return undefined;
    milliseconds += number * length;
    isRough ||= ["month", "y", "year"].includes(unit);
  }
  const duration = durationOf(milliseconds);
  return duration === undefined ? undefined : { milliseconds, duration, isRough };
}

function singular(unit: string): string {
  return unit.length > 1 ? unit.replace(/s$/, "") : unit;
}

/** Rounds up, since deleting only older images is the safer choice. */
function durationOf(milliseconds: number): string | undefined {
  if (milliseconds <= 0) return undefined;
  for (const [letter, length] of [
    ["d", day],
    ["h", hour],
    ["m", minute],
  ] as const) {
    const isExact = milliseconds % length === 0;
    if (isExact || letter === "m") {
      const count = Math.ceil(milliseconds / length);
      return count <= 99_999 ? `${count}${letter}` : `${Math.min(99_999, Math.ceil(milliseconds / day))}d`;
    }
  }
  return undefined;
}
