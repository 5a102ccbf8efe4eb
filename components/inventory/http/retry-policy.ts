/** GitHub's limits last an hour at most; a longer wait would keep a run waiting for ever. */
export const maxWaitSeconds = 3_900;
