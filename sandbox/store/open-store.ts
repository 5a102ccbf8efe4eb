import type { Clock } from "../clock";
import { MemoryBlobStore } from "./blob-store";
import { NoJournal } from "./journal";
import { Store } from "./store";

export function openStore(clock: Clock, _dir: string | undefined): Store {
  return new Store(clock, new MemoryBlobStore(), new NoJournal());
}
