import assert from "node:assert/strict";
import fc from "fast-check";
import { parseOldAge } from "../../../components/migration/step/old-age";
import { Duration } from "../../../components/rules/duration";

describe("an age of an old workflow", () => {
  for (const [text, duration] of [
    ["30 days", "30d"],
    ["1 day", "1d"],
    ["2w 3d", "17d"],
    ["1h", "1h"],
    ["90 minutes", "90m"],
    ["5h 2s", "301m"],
    ["1 second", "1m"],
    ["A week ago UTC", "7d"],
    ["Two hours ago UTC", "2h"],
    ["1 month", "31d"],
    ["1M", "31d"],
    ["1m", "1m"],
    ["One month ago UTC", "31d"],
    ["2 years", "732d"],
    ["1month 2days", "33d"],
  ] as const) {
    it(`of "${text}" is ${duration}`, () => assert.equal(parseOldAge(text)?.duration, duration));
  }
  for (const text of ["", "soon", "14", "2023-12-01T00:00:00Z", "3 fortnights", "0 days", "1 day and 2 hours", "-1 day"]) {
    it(`of "${text}" is not understood`, () => assert.equal(parseOldAge(text), undefined));
  }
  it("says where the length was taken to be the longest", () => {
    assert.deepEqual(
      ["1 month", "1 year", "4 weeks"].map((text) => parseOldAge(text)?.isRough),
      [true, true, false],
    );
  });
  it("is never shorter than it was, and always a duration of ours", () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom("s", "m", "h", "d", "w", "M", "y"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.map(([count, unit]) => `${count}${unit}`).join(" ");
        const age = parseOldAge(text);
        assert.ok(age);
        const ours = Duration.safeParse(age.duration);
        assert.ok(ours.success, age.duration);
        assert.ok(ours.data >= Math.min(age.milliseconds, 99_999 * 86_400_000));
      }),
    );
  });
});
