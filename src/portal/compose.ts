import { registerDraft, reviseDraft } from '../exchange/index.ts';
import { isTrucError, TrucError } from '../kernel/index.ts';
import { composeLetter } from '../lab/index.ts';
import type { Draft, SigningErrorCode } from '../signing/index.ts';
import { type LetterFacts, type NumberPlaces, type OutgoingFile, officeCaller } from '../workflow/index.ts';
import type { Visit } from './office.ts';

export type Wanted = Omit<LetterFacts, 'paragraphs'> & {
  paragraphs: readonly string[];
  /** A letter that was made elsewhere, in place of the text; `places` say where its number and date go. */
  pdf: Buffer | null;
};

export interface Composed {
  bytes: Buffer;
  letter: LetterFacts;
}

/**
 * Sets a letter in the form of Decree 30/2020, Appendix I. The same words and time give the same bytes.
 * @param createdAt milliseconds since 1970 UTC
 * @throws TrucError `signing.text-not-drawable` for letters that the face does not have, `agency.unknown`
 */
export async function composed(
  { pdf, ...wanted }: Wanted,
  createdAt: number,
  visit: Visit,
): Promise<Composed> {
  if (pdf !== null) return { bytes: pdf, letter: { ...wanted, paragraphs: null } };

  const addressees: string[] = [];
  for (const code of wanted.to) {
    const agency = await visit.desk.agencies.resolve(code, visit.desk.clock.now());
    if (!agency) throw new TrucError('agency.unknown', { code });
    addressees.push(agency.name);
  }
  const { signer, authority } = wanted;
  try {
    const { bytes, number, date } = await composeLetter({
      agency: visit.agency.name,
      notation: `/${wanted.notation}`,
      place: wanted.place,
      subject: wanted.subject.replace(/^V\/v /, ''),
      addressees,
      paragraphs: wanted.paragraphs,
      recipients: wanted.toPlaces,
      capacity: [authority, signer.title].filter((line) => line !== ''),
      signer: signer.name,
      createdAt,
    });
    const places: NumberPlaces = { number, date };
    return { bytes, letter: { ...wanted, places, paragraphs: [...wanted.paragraphs] } };
  } catch (error) {
    if (isTrucError(error)) throw error;
    throw new TrucError<SigningErrorCode>('signing.text-not-drawable', {}, error);
  }
}

/** The draft of a new letter. @param once of the form: sending it twice is one draft */
export async function newDraft({ bytes, letter }: Composed, once: string, visit: Visit): Promise<Draft> {
  demandPdf(bytes);
  const upload = { bytes, agency: visit.agency.code, reference: `work:${once}`, title: letter.subject };
  return (await registerDraft(upload, officeCaller(visit.agency.id), visit.desk)).draft;
}

/** The signing service takes other files too; a letter and its annexes are PDF. @throws TrucError `signing.pdf-not-usable` */
export function demandPdf(bytes: Buffer): void {
  if (!bytes.subarray(0, 1024).includes('%PDF-'))
    throw new TrucError<SigningErrorCode>('signing.pdf-not-usable', { cause: 'no-pdf' });
}

/** The same file with a new text. */
export async function newText({ bytes }: Composed, file: OutgoingFile, visit: Visit): Promise<void> {
  demandPdf(bytes);
  const before = (await visit.desk.drafts.get(file.documentId))?.versions.at(-1)?.sha256 ?? '';
  await reviseDraft(file.documentId, { before, bytes }, officeCaller(visit.agency.id), visit.desk);
}
