import { z } from "zod";

/** The name of a container package below its owner. */
export const PackageName = z
  .string()
  .max(255)
  .regex(/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/, 'expected a package name such as "app" or "team/app"');
