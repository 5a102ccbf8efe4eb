import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { providerCode } from "../../../components/resources/provider-code";

/**
 * Every stack holds this code in its state. It must never change: a new hash here is a diff in every stack there is, and
 * old stacks would run what nobody tests any more.
 */
const sha256 = "c94a0b78cea99f83be6052c3d4501f2a9fdcf0364db0b75ffa716d8114bc9ed8";

describe("the provider's code in the state", () => {
  it("is smaller than 0.7 kB", () => {
    assert.ok(Buffer.byteLength(providerCode) < 700, `it has ${Buffer.byteLength(providerCode)} bytes`);
  });

  it("is what it has always been", () => {
    assert.equal(createHash("sha256").update(providerCode).digest("hex"), sha256);
  });
});
