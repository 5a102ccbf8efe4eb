#!/usr/bin/env node
import { Command } from "commander";
import { explainCommand } from "./explain-command";
import { restoreCommand } from "./restore-command";
import { schemaCommand } from "./schema-command";

const program = new Command("ghcr-retention")
  .description("Looks at packages as the policies in a Pulumi stack's config see them, and brings back what they deleted.")
  .addCommand(explainCommand())
  .addCommand(restoreCommand())
  .addCommand(schemaCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ghcr-retention: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
