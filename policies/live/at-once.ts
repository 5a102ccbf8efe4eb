/** Runs a task for each item, so many at once; the first failure fails all. */
export async function atOnce<Item>(items: Iterable<Item>, count: number, task: (item: Item) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  async function work(): Promise<void> {
    for (let next = left.next(); !next.done; next = left.next()) await task(next.value);
  }
  await Promise.all(Array.from({ length: count }, work));
}
