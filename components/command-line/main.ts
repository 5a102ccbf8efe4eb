#!/usr/bin/env node
import { Command } from "commander";
import { doctorCommand } from "./doctor-command";
import { explainCommand } from "./explain-command";
import { initCommand } from "./init-command";
import { migrateCommand } from "./migrate-command";
import { ownManifest } from "./own-manifest";
import { planCommand } from "./plan-command";
import { restoreCommand } from "./restore-command";
import { reviewCommand } from "./review-command";
import { schemaCommand } from "./schema-command";

const program = new Command("ghcr-retention")
  .description(
    "Writes first policies into a Pulumi stack's config, explains and reviews their plans, checks the token, and restores the images that they deleted.",
  )
  .version(ownManifest().version)
  .addCommand(doctorCommand())
  .addCommand(explainCommand())
  .addCommand(initCommand())
  .addCommand(migrateCommand())
  .addCommand(planCommand())
  .addCommand(restoreCommand())
  .addCommand(reviewCommand())
  .addCommand(schemaCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ghcr-retention: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
