import assert from "node:assert/strict";
import { type Load, PackageConcurrency } from "../../../components/inventory/package-concurrency";

describe("the number of packages that are looked at side by side", () => {
  let load: Load;
  let looks: PackageConcurrency;
  beforeEach(() => {
    load = { waiting: 0, concurrency: 64 };
    looks = new PackageConcurrency(() => load);
  });

  async function packages(count: number): Promise<void> {
    for (let done = 0; done < count; done++) await looks.run(async () => {});
  }

  it("rises by one with each package that leaves the server idle, and no higher than it may", async () => {
    await packages(1);
    assert.equal(looks.concurrency, 13);
    await packages(100);
    assert.equal(looks.concurrency, 48);
  });

  it("stays where something waits", async () => {
    load = { waiting: 64, concurrency: 64 };
    await packages(10);
    assert.equal(looks.concurrency, 12);
  });

  it("sinks where more than a round waits, and no lower than it may", async () => {
    await packages(10);
    load = { waiting: 65, concurrency: 64 };
    await packages(3);
    assert.equal(looks.concurrency, 19);
    await packages(100);
    assert.equal(looks.concurrency, 12);
  });

  it("counts a look that fails as well, and hands on why", async () => {
    const failing = async () => {
      throw new Error("unread");
    };
    await assert.rejects(looks.run(failing), /unread/);
    assert.equal(looks.concurrency, 13);
  });

  it("lets no more begin", async () => {
    let begun = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const all = Array.from({ length: 30 }, () =>
      looks.run(() => {
        begun += 1;
        return gate;
      }),
    );
    await new Promise(setImmediate);
    assert.equal(begun, 12);
    release();
    await Promise.all(all);
    assert.equal(begun, 30);
  });
});
