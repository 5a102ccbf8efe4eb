import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";

/**
 * Every stack holds this code in its state. It must never change: a new hash here is a diff in every stack there is, and
 * old stacks would run what nobody tests any more.
 */
const sha256 = "c94a0b78cea99f83be6052c3d4501f2a9fdcf0364db0b75ffa716d8114bc9ed8";

describe("the provider's code in the state", function () {
  this.timeout(30_000);

  let text: string;

  before(async () => {
    // The compiled one, as programs load it.
    const { providerShim: provider } = require(join(__dirname, "..", "..", "..", "bin", "components", "resources", "provider-shim.js"));
    // As `dynamic.Resource` does it, names and all.
    ({ text } = await runtime.serializeFunction(() => provider));
  });

  it("is smaller than 0.7 kB", () => {
    assert.ok(Buffer.byteLength(text) < 700, `it has ${Buffer.byteLength(text)} bytes`);
  });

  it("is what it has always been", () => {
    assert.equal(createHash("sha256").update(text).digest("hex"), sha256);
  });
});
