import assert from "node:assert/strict";
import fc from "fast-check";
import type { PageState } from "../../../components/review/browser/data";
import { pictureElement, pictureFile, widths } from "../../../components/review/picture/draw";
import { timelineOf } from "../../../components/review/picture/timeline";

const elements = new Set(["svg", "title", "desc", "style", "rect", "text", "line", "g", "path", "circle"]);
const nasty = [
  '"><script>alert(1)</script>',
  "</title></svg><img src=x onerror=alert(1)>",
  "]]>",
  "&amp;<b>",
  "' onload='x",
  "\u0000\u202E\uFFFE",
  "🚀<",
  "--><!--",
];
const anyText = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: "binary", maxLength: 40 }));
const states: readonly PageState[] = ["approved", "waiting", "refused", "grace", "withheld", "stays"];
const moment = Date.parse("2026-11-23T00:00:00Z");
const time = fc.integer({ min: moment - 4_000 * 86_400_000, max: moment + 86_400_000 });
const pictured = fc.record({
  name: anyText,
  images: fc.array(fc.record({ at: time, tags: fc.array(anyText, { maxLength: 3 }), name: anyText, state: fc.constantFrom(...states) }), {
    minLength: 1,
    maxLength: 40,
  }),
  rules: fc.array(
    fc.record({
      name: anyText,
      action: fc.constant("delete" as const),
      olderThan: fc.integer({ min: 1, max: 9e9 }),
      scope: fc.constant("images" as const),
    }),
    { maxLength: 12 },
  ),
});

describe("the picture of any package", () => {
  it("is an image of nothing but texts and shapes, whatever tags and rules are called, with everything inside its frame", () => {
    fc.assert(
      fc.property(pictured, (one) => {
        const timeline = timelineOf({ ...one, asOf: moment, oldestKept: new Map(), isPartial: false });
        assert.ok(timeline);
        for (const [svg, width] of [
          [pictureFile(timeline), widths.wide],
          [pictureElement(timeline, "narrow", "p"), widths.narrow],
        ] as const) {
          const open: string[] = [];
          const rest = svg
            .replace(/^<\?xml[^>]*\?>/, "")
            .replaceAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<>]*")*)(\/?)>/gi, (_, end, name, __, empty) => {
              assert.ok(elements.has(name), name);
              if (end) assert.equal(open.pop(), name);
              else if (!empty) open.push(name);
              return "";
            });
          assert.deepEqual(open, []);
          assert.doesNotMatch(rest, /[<]|&(?!(?:amp|lt|gt|quot);)/);
          assert.doesNotMatch(svg, /NaN|Infinity|undefined| on\w+="|\p{Cc}(?<!\n)|[\uFFFE\uFFFF]/u);
          const xs = [...svg.matchAll(/(?:translate\(|x1=")(-?[\d.]+)/g)].map(([, x]) => Number(x));
          for (const x of xs) assert.ok(x >= 0 && x <= width, String(x));
        }
      }),
      { numRuns: 300 },
    );
  });
});
