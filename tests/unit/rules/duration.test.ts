import assert from "node:assert/strict";
import { describeAge } from "../../../components/messages/age";
import { Duration } from "../../../components/rules/duration";
import { issueText } from "../../../components/rules/issue-text";
import { day, hour } from "../../support/builders/package";

describe("a duration", () => {
  for (const [text, milliseconds] of [
    ["90m", 1.5 * hour],
    ["36h", 36 * hour],
    ["14d", 14 * day],
    ["2w", 14 * day],
    ["99999d", 99_999 * day],
    ["P14D", 14 * day],
    ["PT36H", 36 * hour],
    ["P2W", 14 * day],
    ["P1DT12H", 36 * hour],
    ["PT90M", 1.5 * hour],
  ] as const) {
    it(`reads ${text}`, () => assert.equal(Duration.parse(text), milliseconds));
  }

  const refused = ["", "14", "d", "-1d", "1.5d", "14 d", "14D", "1y", "100000d", "1d2h", "014d"];
  const refusedIso = ["P", "PT", "P1DT", "P1M", "P1Y", "P1W2D", "-P1D", "P-1D", "P1.5D", "p1d", "PT1S", "P100000D"];
  for (const text of [...refused, ...refusedIso]) {
    it(`refuses "${text}" and shows what to write`, () => {
      const parsed = Duration.safeParse(text);
      assert.equal(parsed.error?.issues[0]?.message, 'expected a duration such as "14d", "36h", "2w" or "P14D" (no months, no years)');
    });
  }

  for (const zero of [0, "0", "00", "0d", "0h", "0m", "0w", "P0D", "P0W", "PT0H", "PT0M", "P0DT0H0M"]) {
    it(`refuses ${JSON.stringify(zero)}, and says to leave the setting out`, () => {
      const { error } = Duration.safeParse(zero, { error: issueText });
      assert.deepEqual(
        error?.issues.map(({ message }) => message),
        ['expected a duration such as "14d", not zero: leave the setting out instead'],
      );
    });
  }

  it("refuses a number, and says at once that it needs a unit", () => {
    const { error } = Duration.safeParse(7, { error: issueText });
    assert.equal(
      error?.issues[0]?.message,
      'expected a duration such as "14d", "36h", "2w" or "P14D" (no months, no years), not the number `7`',
    );
  });

  it("refuses what is neither text nor a number by its kind", () => {
    const { error } = Duration.safeParse([], { error: issueText });
    assert.equal(error?.issues[0]?.message, "expected text, not a list");
  });
});

describe("an age for people", () => {
  for (const [milliseconds, text] of [
    [0, "less than a day"],
    [day - 1, "less than a day"],
    [day, "1 day"],
    [2 * day - 1, "1 day"],
    [41 * day + hour, "41 days"],
  ] as const) {
    it(`is "${text}"`, () => assert.equal(describeAge(milliseconds), text));
  }
});
