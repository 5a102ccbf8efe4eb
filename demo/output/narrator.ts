import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const width = 96;

/** Tells the story: captions, commands, what they printed. Colours only on a terminal. */
export class Narrator {
  readonly #started = Date.now();
  #passing = false;
  #chapter = "";
  #silent = false;

  constructor(readonly out: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean }) {}

  title(text: string): void {
    this.#line(this.#style("bold", text));
  }

  /** `(a) …`: one of the steps. */
  step(letter: string, text: string): void {
    this.#line(`\n${this.#style(["bold", "cyan"], `(${letter}) ${text}`)}`);
  }

  caption(text: string): void {
    for (const line of wrapped(text, width - 2)) this.#line(`  ${line}`);
  }

  /** A command that starts; what it prints follows when it has ended. */
  command(...texts: readonly string[]): void {
    this.#line("");
    for (const line of texts.flatMap((text) => `$ ${text}`.split("\n"))) this.#line(`  ${this.#style("bold", line)}`);
    this.passing("…");
  }

  /** What a command printed, or a part of it. */
  printed(lines: readonly string[]): void {
    for (const line of lines.flatMap(readable)) this.#line(line === "" ? "" : `    ${this.#style("dim", line)}`);
  }

  /** A promise that was kept. */
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

  /** What goes on: on a terminal in one place, elsewhere a line whenever the chapter changes. */
  progress(text: string, chapter: string): void {
    if (this.out.isTTY === true) this.passing(text);
    else if (chapter !== this.#chapter) this.#line(`  ${text}`);
    this.#chapter = chapter;
  }

  /** On a terminal, a line that the next one takes the place of. */
  passing(text: string): void {
    if (this.out.isTTY !== true || this.#silent) return;
    this.out.write(`\r\u001b[K  ${this.#style("dim", text)}`);
    this.#passing = true;
  }

  /** The last word. */
  silence(text: string): void {
    if (!this.#silent) this.#line(`\n${text}`);
    this.#silent = true;
  }

  get seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }

  #line(text: string): void {
    if (this.#silent) return;
    if (this.#passing) this.out.write("\r\u001b[K");
    this.#passing = false;
    this.out.write(`${text}\n`);
  }

  #style(style: Style, text: string): string {
    return this.out.isTTY === true && process.env.NO_COLOR === undefined ? styleText(style, text) : text;
  }
}

/** Digests cut short, and what is still too long broken where it has a space; tables fit. */
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
