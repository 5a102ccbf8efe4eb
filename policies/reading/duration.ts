const minutesOf = { m: 1, h: 60, d: 1440, w: 10_080 } as const;
const shortForm = /^(\d{1,5})([mhdw])$/;
const isoForm = /^P(?!$)(?:(\d{1,5})W|(?:(\d{1,5})D)?(?:T(?!$)(?:(\d{1,5})H)?(?:(\d{1,5})M)?)?)$/;

/** Returns the minutes of `90m`, `36h`, `14d`, `2w`, `P14D`, `PT36H` or `P2W`; `undefined` for anything else. */
export function minutes(duration: unknown): number | undefined {
  if (typeof duration !== "string") return undefined;
  const short = shortForm.exec(duration);
  if (short) return Number(short[1]) * minutesOf[short[2] as keyof typeof minutesOf];
  const iso = isoForm.exec(duration);
  if (!iso) return undefined;
  const [weeks, days, hours, left] = iso.slice(1).map((digits) => Number(digits ?? 0));
  return (weeks ?? 0) * minutesOf.w + (days ?? 0) * minutesOf.d + (hours ?? 0) * minutesOf.h + (left ?? 0);
}
