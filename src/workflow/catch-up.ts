import { putOnRecord, recordPending } from '../exchange/index.ts';
import { isoTime, sha256Hex } from '../kernel/index.ts';
import type { Draft, DraftVersion } from '../signing/index.ts';
import type { OutgoingFile, PersonRef } from './file.ts';
import { fileOf, numberTaken, stepped, type WorkDesk } from './take.ts';

const NOBODY: PersonRef = { id: '', name: '', title: '' };
/** More versions than a draft ever gets at once, and races with others. */
const ROUNDS = 100;

/**
 * Takes into a file what has happened to its draft: new texts, initials, the signature, the number, the seal. What a draft
 * is follows from its bytes, so this is also how a file goes on that a crash left behind, and how one is kept for an agency
 * whose own system had the document signed.
 */
export async function caughtUp(file: OutgoingFile, desk: WorkDesk): Promise<OutgoingFile> {
  let now = file;
  for (let round = 0; round < ROUNDS; round++) {
    const draft = await desk.drafts.get(now.documentId);
    const version = draft?.versions[now.versions];
    if (!draft || !version) break;
    const next = await after(now, version, draft, isoTime(desk.clock.now()), desk);
    const outcome = await desk.work.replace(next.file, [next.event]);
    if (outcome === 'number-taken') throw numberTaken(next.file);
    if (outcome === 'replaced') await putOnRecord([next.event], desk);
    now =
      outcome === 'replaced'
        ? next.file
        : await fileOf<OutgoingFile>(file.fileId, file.agencyId, 'outgoing', desk);
  }
  await recordPending(now.fileId, desk);
  return now;
}

async function after(file: OutgoingFile, version: DraftVersion, draft: Draft, at: string, desk: WorkDesk) {
  const { step } = version;
  const told = (name: Parameters<typeof stepped>[1], actor: PersonRef, fields: Partial<OutgoingFile>) =>
    stepped(
      file,
      name,
      { actor },
      {
        file: { versions: version.version, ...fields },
        version: version.version,
        facts: { draft: draft.documentId, sha256: version.sha256 },
      },
      at,
    );
  if (step.kind === 'numbered') {
    const by = file.opened.findLast(({ act }) => act === 'number')?.by ?? NOBODY;
    const { date, series } = step;
    const line = {
      register: 'outgoing' as const,
      year: Number(date.slice(0, 4)),
      series,
      number: Number(step.number),
    };
    return told('number', by, { state: 'numbered', line, date, turns: ['role:clerk'] });
  }
  if (step.kind === 'signed' && step.action === 'approve') {
    const by = await signerOf(file, version, desk);
    return told('sign', by, { state: 'signed', signedBy: by.id, turns: ['role:clerk'] });
  }
  if (step.kind === 'signed' && step.action === 'seal')
    return told('seal', await signerOf(file, version, desk), { state: 'sealed', turns: ['role:clerk'] });
  if (step.kind === 'signed') return told('initial', await signerOf(file, version, desk), {});
  return told('draft', file.drafter, {
    content: version.version,
    state: 'drafting',
    turns: [`person:${file.drafter.id}`],
  });
}

/** Who was given the ticket: the entry of the signature has the digest of their name. */
async function signerOf(file: OutgoingFile, version: DraftVersion, desk: WorkDesk): Promise<PersonRef> {
  const events = await desk.events.of(file.documentId);
  const user = events.find(({ eventId }) => eventId === version.eventId)?.facts.user;
  const known = [file.letter.signer, file.drafter, ...file.checkers, ...file.opened.map(({ by }) => by)];
  return known.find(({ id }) => sha256Hex(id) === user) ?? NOBODY;
}
