/** Runs a task for each item with limited concurrency; the first failure rejects. */
export async function forEachConcurrently<Item>(
  items: Iterable<Item>,
  concurrency: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const remaining = items[Symbol.iterator]();
  async function work(): Promise<void> {
    for (let next = remaining.next(); !next.done; next = remaining.next()) await task(next.value);
  }
  await Promise.all(Array.from({ length: concurrency }, work));
}
