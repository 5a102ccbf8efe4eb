// @ts-check

/**
 * The parts of Stryker's report that are used here: https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema
 * @typedef {object} Report
 * @property {Record<string, { source: string, mutants: Mutant[] }>} files
 *
 * @typedef {object} Mutant
 * @property {string} status
 * @property {string} [replacement]
 * @property {{ start: Position, end: Position }} location
 *
 * @typedef {{ line: number, column: number }} Position starts at one
 */

/**
 * Why a survivor is not a gap in the tests: for every survivor that starts on this line of the file, or only for the one with this replacement.
 * @typedef {{ file: string, line: string, becomes?: string, because: string }} Reason
 *
 * @typedef {{ area: string, mutants: number, killed: number, timedOut: number, survived: number, score: number }} Row
 *
 * @typedef {{ file: string, line: string, was: string, becomes: string, because: string | undefined }} Survivor
 */

const areas = {
  "components/graph": "components/graph/",
  "components/plan": "components/plan/",
  "components/approval": "components/approval/",
  "the apply step": "components/lifecycle/apply/",
};

/**
 * Returns a row for each area of the reports.
 * @param {readonly Report[]} reports
 * @returns {Row[]}
 */
export function scores(reports) {
  const files = reports.flatMap((report) => Object.entries(report.files));
  return Object.entries(areas).flatMap(([area, start]) => {
    const mutants = files.filter(([file]) => file.startsWith(start)).flatMap(([, { mutants }]) => mutants);
    const count = (/** @type {string[]} */ ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
    const [killed, timedOut, survived] = [count("Killed"), count("Timeout"), count("Survived", "NoCoverage")];
    const total = killed + timedOut + survived;
    return total === 0 ? [] : [{ area, mutants: total, killed, timedOut, survived, score: ((killed + timedOut) / total) * 100 }];
  });
}

/**
 * @param {readonly Report[]} reports
 * @param {readonly Reason[]} reasons
 * @returns {Survivor[]}
 */
export function survivors(reports, reasons) {
  return reports.flatMap((report) =>
    Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
      mutants
        .filter(({ status }) => status === "Survived" || status === "NoCoverage")
        .map((mutant) => {
          const found = describe(file, source.split("\n"), mutant);
          return { ...found, because: reasons.find((reason) => isFor(reason, found))?.because };
        }),
    ),
  );
}

/**
 * Returns the reasons that no survivor needs anymore.
 * @param {readonly Survivor[]} left
 * @param {readonly Reason[]} reasons
 */
export function idle(left, reasons) {
  return reasons.filter((reason) => !left.some((survivor) => isFor(reason, survivor)));
}

/** @param {Reason} reason @param {Omit<Survivor, "because">} survivor */
function isFor({ file, line, becomes }, survivor) {
  return file === survivor.file && line === survivor.line && (becomes === undefined || becomes === survivor.becomes);
}

/** @param {string} file @param {string[]} lines @param {Mutant} mutant */
function describe(file, lines, { location: { start, end }, replacement = "" }) {
  const line = lines[start.line - 1] ?? "";
  const rest = lines.slice(start.line, end.line - 1);
  const was =
    start.line === end.line
      ? line.slice(start.column - 1, end.column - 1)
      : [line.slice(start.column - 1), ...rest, (lines[end.line - 1] ?? "").slice(0, end.column - 1)].join(" ");
  return { file, line: line.trim(), was: oneLine(was), becomes: oneLine(replacement) };
}

/** @param {string} code */
function oneLine(code) {
  return code.replaceAll(/\s+/g, " ").trim();
}
