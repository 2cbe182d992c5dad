import { validationMaterial } from '../verification/index.ts';
import type { Augmenter, Stamping } from './augmenter.ts';
import { addDocumentTimestamp } from './embed.ts';
import { addValidationData } from './long-term.ts';

/** EN 319 142-1: document time-stamps and a security store, each an increment behind the file given. */
export const pdfAugmenter: Augmenter = {
  stamp: stamped,
  addData: async (pdf, { context }) => addValidationData(pdf, validationMaterial(pdf, context)),
  archive: stamped,
};

function stamped(pdf: Buffer, { timestamp }: Stamping): Promise<Buffer> {
  return addDocumentTimestamp({ pdf, fieldName: freeName(pdf), timestamp });
}

/** Document time-stamps of ours are numbered by what is there. */
function freeName(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  let n = 1;
  while (text.includes(`(TrucTimestamp${n})`)) n++;
  return `TrucTimestamp${n}`;
}
