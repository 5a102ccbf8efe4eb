const told = new Set<string>();

/** Says, once in a run, that a policy refuses nothing until its config has a value. The engine shows what a pack prints. */
export function tellIdle(policy: string, missing: string): void {
  if (told.has(policy)) return;
  told.add(policy);
  console.warn(`${policy} refuses nothing until its config has ${missing}.`);
}
