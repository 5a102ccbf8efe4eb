import { nearest } from "../model/nearest";
import { isExpression, tagTest } from "./tag-pattern";

/**
 * Returns the pattern that a misspelt one most likely means: one that matches some of the tags, and differs from it by a slip at its
 * beginning or its end. `undefined` where there is none. Numbers mean what they say: `v1*` is not a misspelt `v2*`.
 */
export function nearPattern(pattern: string, tags: readonly string[]): string | undefined {
  if (isExpression(pattern)) return undefined;
  const [, start = "", end] = /^([^*?[]*)(?:[*?[].*?([^*?\]]*))?$/.exec(pattern) ?? [];
  if (end === undefined) return nearWord(pattern, tags);
  const [afterStart, beforeEnd] = [pattern.slice(start.length), pattern.slice(0, pattern.length - end.length)];
  const first = nearWord(start, beginnings(start, afterStart, tags));
  if (first !== undefined) return first + afterStart;
  const last = nearWord(end, endings(beforeEnd, end, tags));
  return last === undefined ? undefined : beforeEnd + last;
}

/** Lengths that a slip leaves: another character, one too many, one too few. */
function lengthsOf(word: string): number[] {
  return word === "" ? [] : [word.length, word.length - 1, word.length + 1].filter((length) => length > 0);
}

/** Returns the beginnings of tags, about as long as `start`, after which the tag goes on as the pattern does. */
function beginnings(start: string, rest: string, tags: readonly string[]): string[] {
  return cut({ word: start, rest, tags, divide: (tag, length) => [tag.slice(0, length), tag.slice(length)] });
}

function endings(rest: string, end: string, tags: readonly string[]): string[] {
  return cut({ word: end, rest, tags, divide: (tag, length) => [tag.slice(-length), tag.slice(0, -length)] });
}

interface Cut {
  readonly word: string;
  readonly rest: string;
  readonly tags: readonly string[];
  readonly divide: (tag: string, length: number) => readonly [part: string, rest: string];
}

function cut({ word, rest, tags, divide }: Cut): string[] {
  const goesOn = tagTest([rest]);
  const found = new Set<string>();
  for (const length of lengthsOf(word)) {
    for (const tag of tags) {
      if (tag.length < length) continue;
      const [part, other] = divide(tag, length);
      if (!found.has(part) && digitsOf(part) === digitsOf(word) && goesOn(other)) found.add(part);
    }
  }
  return [...found];
}

function nearWord(word: string, candidates: readonly string[]): string | undefined {
  const possible = candidates.filter((one) => one !== word && digitsOf(one) === digitsOf(word) && mayBeSlip(word, one));
  // Of two that are as near, the first is meant.
  const hasItsMarks = (one: string) => marksOf(one) === marksOf(word);
  return nearest(word, [...possible.filter(hasItsMarks), ...possible]);
}

function marksOf(text: string): string {
  return text.replace(/[a-z\d]/gi, "");
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Of two letters, another one makes another word: only a letter too many is a slip. */
function mayBeSlip(word: string, candidate: string): boolean {
  const [letters, others] = [lettersOf(word), lettersOf(candidate)];
  return letters.length > 2 || isWithin(others, letters);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, "");
}

/** Reports whether a word has these letters, in this order. */
function isWithin(letters: string, word: string): boolean {
  let at = 0;
  for (const letter of word) if (letter === letters[at]) at += 1;
  return letters !== "" && at === letters.length;
}
