import { TrucError } from '../kernel/index.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Amendment, OutgoingFile } from './file.ts';
import type { WorkDesk } from './take.ts';

/** The document that an update or a replacement is about. */
export interface Amended extends Amendment {
  /** DocumentId of its message. */
  edxmlId: string;
  /** Codes of the agencies that it went to. */
  to: readonly string[];
}

/** What an update or a replacement is about, in the words of the message. @throws TrucError `work.amends-unknown` */
export async function amendedBy({ letter, agencyId }: OutgoingFile, desk: WorkDesk): Promise<Amended | null> {
  if (!letter.amends) return null;
  const { edxmlId, to } = await amendable(letter.amends.fileId, agencyId, desk);
  return { ...letter.amends, edxmlId, to };
}

/** A document that the agency has sent, and to whom. @throws TrucError `work.amends-unknown` */
export async function amendable(
  fileId: string,
  agencyId: string,
  desk: WorkDesk,
): Promise<Pick<Amended, 'edxmlId' | 'to'>> {
  const file = await desk.work.get(fileId);
  const own = file?.kind === 'outgoing' && file.agencyId === agencyId ? file : null;
  const document = own?.sentAs ? await desk.documents.get(own.sentAs) : null;
  if (!own || !document) throw new TrucError<WorkProblemCode>('work.amends-unknown', { fileId });
  return { edxmlId: document.key.edxmlId, to: own.letter.to };
}
