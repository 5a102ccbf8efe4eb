/**
 * Returns the lines that restore what a plan deleted, one for each id in it, as entries of `restore` after the `restored` ones that stand
 * there. `approveWith` is a line that approves the plan, and so tells the place in the config; a program has its arguments instead.
 */
export function undoLines(id: string, approveWith: string | undefined, restored: number): string[] {
  const ids = id.split(" + ");
  if (approveWith === undefined || !approveWith.startsWith("pulumi "))
    return [`restore: [${[...(restored > 0 ? ["…"] : []), ...ids.map((one) => `"${one}"`)].join(", ")}]`];
  const path = approveWith.replace(/\.approve' .*$/, "");
  return ids.map((one, place) => `${path}.restore[${restored + place}]' ${one}`);
}
