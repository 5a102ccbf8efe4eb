import { join } from "node:path";

/** What Node is given so that another process loads TypeScript, as this one does. */
export const loadingTypeScript: readonly string[] = ["--require", join(__dirname, "..", "..", "scripts", "testing", "load-typescript.cjs")];
