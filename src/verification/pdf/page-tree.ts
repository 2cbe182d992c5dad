import type { PdfFile } from './file.ts';
import { isReference, type PdfValue } from './objects.ts';
import type { Revision } from './revisions.ts';

const MAX_NODES = 10_000;
const MAX_LEVELS = 32;

export interface Page {
  num: number;
  /** MediaBox: lower left and upper right corner. */
  box: readonly number[];
}

/** Four numbers, or null. */
export function rectangle(value: PdfValue | undefined): number[] | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const list = value.filter((item) => typeof item === 'number');
  return list.length === 4 ? list : null;
}

/** The first page by the leftmost branch of the page tree, or null. */
export function firstPage(file: PdfFile, revision: Revision): Page | null {
  let reference = file.catalog(revision).dictionary.entries.get('Pages') ?? null;
  let box: PdfValue = null;
  for (let level = 0; level < MAX_LEVELS && isReference(reference); level++) {
    const node = file.dictionary(reference, revision);
    box = file.resolve(node?.entries.get('MediaBox'), revision) ?? box;
    const kids = file.resolve(node?.entries.get('Kids'), revision);
    if (!Array.isArray(kids)) return { num: reference.num, box: rectangle(box) ?? [0, 0, 612, 792] };
    reference = kids[0] ?? null;
  }
  return null;
}

/** Numbers of all objects that pages name as their contents; null when the tree is too large to walk. */
export function contentStreams(file: PdfFile, revision: Revision): Set<number> | null {
  const contents = new Set<number>();
  const seen = new Set<number>();
  const stack: PdfValue[] = [file.catalog(revision).dictionary.entries.get('Pages') ?? null];
  const note = (value: PdfValue) => {
    if (isReference(value)) contents.add(value.num);
  };
  while (stack.length > 0) {
    const reference = stack.pop() ?? null;
    if (isReference(reference)) {
      if (seen.has(reference.num)) continue;
      seen.add(reference.num);
    }
    if (seen.size > MAX_NODES) return null;
    const node = file.dictionary(reference, revision);
    const kids = file.resolve(node?.entries.get('Kids'), revision);
    if (Array.isArray(kids)) stack.push(...kids);
    const content = node?.entries.get('Contents') ?? null;
    note(content);
    const list = file.resolve(content, revision);
    if (Array.isArray(list)) list.forEach(note);
  }
  return contents;
}
