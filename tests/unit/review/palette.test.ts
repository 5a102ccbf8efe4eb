import assert from "node:assert/strict";
import { dark, light, type Palette } from "../../../components/review/picture/palette";

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Each text with all that it stands on. */
const pairs: readonly (readonly [keyof Palette, readonly (keyof Palette)[]])[] = [
  ["ink", ["paper", "card", "hit"]],
  ["soft", ["paper", "card"]],
  ["link", ["paper", "card"]],
  ["goes", ["paper", "card", "goesPaper"]],
  ["waits", ["paper", "card", "waitsPaper"]],
  ["holds", ["paper", "card", "holdsPaper"]],
  ["stays", ["paper", "card", "staysPaper"]],
];

describe("the colours of the page and its pictures", () => {
  for (const [scheme, palette] of Object.entries({ light, dark })) {
    for (const [text, grounds] of pairs) {
      it(`are readable where people prefer it ${scheme}: ${text} on ${grounds.join(", ")}`, () => {
        for (const ground of grounds) {
          const ratio = contrast(palette[text], palette[ground]);
          assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
        }
      });
    }
  }
});
