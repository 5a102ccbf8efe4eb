import assert from "node:assert/strict";
import { bytesText, storageText } from "../../../components/messages/storage";

describe("the text about storage", () => {
  it("counts bytes in decimal units, as GitHub's bills do", () => {
    const texts = [0, 999, 1_000, 1_234, 12_345, 999_499, 999_500, 1_500_000_000, Number.MAX_SAFE_INTEGER].map((bytes) => bytesText(bytes));
    assert.deepEqual(texts, ["0 B", "999 B", "1 kB", "1.23 kB", "12.3 kB", "999 kB", "1 MB", "1.5 GB", "9.01 PB"]);
  });

  it("rounds a bound to the side on which it stays true", () => {
    assert.equal(storageText({ bytes: 1_234_000, accuracy: "exact", unread: 0 }), "frees 1.23 MB");
    assert.equal(
      storageText({ bytes: 1_239_999, accuracy: "at-least", unread: 1 }),
      "frees at least 1.23 MB: 1 manifest was not read (`npx ghcr-retention plan --sizes` reads it)",
    );
    assert.equal(
      storageText({ bytes: 1_230_001, accuracy: "at-most", unread: 12 }),
      "frees at most 1.24 MB: 12 manifests were not read (`npx ghcr-retention plan --sizes` reads them)",
    );
    assert.equal(storageText({ bytes: 999_999, accuracy: "at-most", unread: 0 }), "frees at most 1 MB");
    assert.equal(storageText({ bytes: 5, accuracy: "about", unread: 0 }), "frees about 5 B");
  });
});
