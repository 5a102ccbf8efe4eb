interface Stage {
  close(): Promise<void>;
}

/** One stage for all tests of the block. */
export function useStage<Opened extends Stage>(open: () => Promise<Opened>): () => Opened {
  let stage: Opened | undefined;
  before(async () => {
    stage = await open();
  });
  after(() => stage?.close());
  return () => {
    if (stage === undefined) throw new Error("only inside a test");
    return stage;
  };
}
