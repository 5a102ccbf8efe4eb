import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const width = 96;

/** Prints the story: captions, commands and their output. Uses colours only on a terminal. */
export class Narrator {
  readonly #started = Date.now();
  #hasPassingLine = false;
  #chapter = "";
  #silent = false;

  constructor(readonly out: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean }) {}

  title(text: string): void {
    this.#line(this.#style("bold", text));
  }

  /** Prints the heading of a step: `(a) …`. */
  step(letter: string, text: string): void {
    this.#line(`\n${this.#style(["bold", "cyan"], `(${letter}) ${text}`)}`);
  }

  caption(text: string): void {
    for (const line of wrapped(text, width - 2)) this.#line(`  ${line}`);
  }

  /** Prints a command that starts; its output follows when it has ended. */
  command(...texts: readonly string[]): void {
    this.#line("");
    for (const line of texts.flatMap((text) => `$ ${text}`.split("\n"))) this.#line(`  ${this.#style("bold", line)}`);
    this.passing("…");
  }

  /** Prints the output of a command, or a part of it. */
  printed(lines: readonly string[]): void {
    for (const line of lines.flatMap(readable)) this.#line(line === "" ? "" : `    ${this.#style("dim", line)}`);
  }

  /** Prints that a step showed what it must. */
  kept(text: string): void {
    const [first = "", ...rest] = wrapped(text, width - 4);
    this.#line(`  ${this.#style("green", "✓")} ${first}`);
    for (const line of rest) this.#line(`    ${line}`);
  }

  failed(text: string): void {
    this.#line("");
    const [first = "", ...rest] = text.split("\n");
    this.#line(`  ${this.#style("red", "✗")} ${first}`);
    for (const line of rest) this.#line(`    ${line}`);
  }

  plain(lines: readonly string[]): void {
    for (const line of lines) this.#line(line);
  }

  /** Prints progress: on a terminal in one line, elsewhere a line whenever the chapter changes. */
  progress(text: string, chapter: string): void {
    if (this.out.isTTY === true) this.passing(text);
    else if (chapter !== this.#chapter) this.#line(`  ${text}`);
    this.#chapter = chapter;
  }

  /** Prints a line that the next one replaces, on a terminal only. */
  passing(text: string): void {
    if (this.out.isTTY !== true || this.#silent) return;
    this.out.write(`\r\u001b[K  ${this.#style("dim", text)}`);
    this.#hasPassingLine = true;
  }

  /** Prints a last line; everything after it is dropped. */
  silence(text: string): void {
    if (!this.#silent) this.#line(`\n${text}`);
    this.#silent = true;
  }

  get seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }

  #line(text: string): void {
    if (this.#silent) return;
    if (this.#hasPassingLine) this.out.write("\r\u001b[K");
    this.#hasPassingLine = false;
    this.out.write(`${text}\n`);
  }

  #style(style: Style, text: string): string {
    return this.out.isTTY === true && process.env.NO_COLOR === undefined ? styleText(style, text) : text;
  }
}

/** Shortens digests, and wraps lines that are still too long, except rows of tables. */
function readable(line: string): string[] {
  const short = line.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
  if (short.length <= width || /\S {2,}\S/.test(short)) return [short];
  const [first = "", ...rest] = wrapped(short.trimStart(), width - 6);
  const indentation = " ".repeat(short.length - short.trimStart().length);
  return [indentation + first, ...rest.map((text) => `${indentation}  ${text}`)];
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
