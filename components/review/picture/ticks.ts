import { dayOf } from "../../plan/plan-id";
import { day } from "../../rules/duration";

export interface Tick {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

const daySteps = [1, 2, 7, 14];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120];
/** Milliseconds of a mean month, by which a step is chosen. */
const month = 30.44 * day;

/** Returns at most `max` days between two times, at a step that people count in. */
export function ticksBetween(from: number, to: number, max: number): Tick[] {
  const days = daySteps.find((step) => (to - from) / (step * day) <= max);
  if (days !== undefined) return everyDays(from, to, days);
  const months = monthSteps.find((step) => (to - from) / (step * month) <= max) ?? (monthSteps.at(-1) as number);
  return everyMonths(from, to, months);
}

function everyDays(from: number, to: number, step: number): Tick[] {
  const found: Tick[] = [];
  for (let at = Math.ceil(from / (step * day)) * step * day; at <= to; at += step * day) found.push({ at, text: dayOf(at).slice(5) });
  return found.map((tick, place) => (place === 0 ? { ...tick, text: dayOf(tick.at) } : tick));
}

function everyMonths(from: number, to: number, step: number): Tick[] {
  const start = new Date(from);
  const found: Tick[] = [];
  for (let index = start.getUTCFullYear() * 12 + start.getUTCMonth(); ; index++) {
    if (index % step !== 0) continue;
    const at = Date.UTC(Math.floor(index / 12), index % 12, 1);
    if (at > to) return found;
    if (at >= from) found.push({ at, text: dayOf(at).slice(0, step % 12 === 0 ? 4 : 7) });
  }
}
