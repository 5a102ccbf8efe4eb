interface Stage {
  close(): Promise<void>;
}

/** One stage for all tests of the block. */
export function useStage<Opened extends Stage>(open: () => Promise<Opened>): () => Opened {
  return opened(open, { begin: before, end: after });
}

/** A fresh stage for each test of the block. */
export function useFreshStage<Opened extends Stage>(open: () => Promise<Opened>): () => Opened {
  return opened(open, { begin: beforeEach, end: afterEach });
}

interface Span {
  begin(open: () => Promise<void>): void;
  end(close: () => Promise<void> | undefined): void;
}

function opened<Opened extends Stage>(open: () => Promise<Opened>, { begin, end }: Span): () => Opened {
  let stage: Opened | undefined;
  begin(async () => {
    stage = await open();
  });
  end(() => stage?.close());
  return () => {
    if (stage === undefined) throw new Error("only inside a test");
    return stage;
  };
}
