import type { z } from "zod";
import { RetentionError } from "../../model/errors";
import { printable } from "../../model/printable";

/** Parses what earlier runs stored. Throws a {@link RetentionError} if it has another form, so that nothing of that package is touched (S3). */
export function readStored<Schema extends z.ZodType>(schema: Schema, stored: unknown, label: string): z.output<Schema> {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RetentionError(
    `${printable(label)}: the record in the stack's state is not understood (${printable(`${issue?.path.join(".")}: ${issue?.message}`)}). ` +
      "Nothing is deleted or restored; put the state back as it was, with `pulumi stack export` of an earlier version and `pulumi stack import`.",
  );
}
