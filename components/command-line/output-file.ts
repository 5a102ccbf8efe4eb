import { writeFileSync } from "node:fs";
import { withoutControls } from "../model/printable";

/** Writes a text to a file, or to the terminal where none is named. */
export function writeOutput(path: string | undefined, text: string): void {
  if (path === undefined || path === "-") {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = withoutControls(error instanceof Error ? error.message : String(error));
    throw new Error(`${path} cannot be written: ${why}. Name another file after --output, or leave it out to print`);
  }
}
