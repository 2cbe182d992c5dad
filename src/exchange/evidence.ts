import { packEvidence } from '../evidence/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import { contentFor, laterVerdicts } from './content.ts';
import type { Stations } from './stations.ts';
import { visibleTo } from './views.ts';

/**
 * One file that proves a document's whole history offline: every entry with its proof under one checkpoint, the
 * disclosures that the caller may have, the report and the original.
 */
export async function evidenceOf(documentId: string, caller: Caller, x: Stations): Promise<Buffer> {
  const view = await contentFor(documentId, caller, x);
  const { document } = view;
  if (document.original === null || document.ledgerKey === null)
    throw new TrucError('document.destroyed', { documentId });
  const size = await x.reader.size();
  const checkpoint = await x.reader.checkpoint(size);
  const recorded = (await x.events.of(documentId)).filter(
    (event) => event.place !== null && event.place.index < size,
  );
  const ordered = recorded.sort((a, b) => (a.place?.index ?? 0) - (b.place?.index ?? 0));
  const ownCodes = document.recipients
    .filter((line) => view.ownRecipients.includes(line.agencyId))
    .map((line) => `recipient:${line.code}`);
  const entries = await Promise.all(
    ordered.map(async (event) => {
      const index = event.place?.index as number;
      const [entry, path] = await Promise.all([x.reader.entry(index), x.reader.inclusionProof(index, size)]);
      const open = visibleTo(event, view);
      const names = Object.keys(event.facts).filter(
        (name) => open && (view.isSender || !name.startsWith('recipient:') || ownCodes.includes(name)),
      );
      return { index, entry, path, scope: event.eventId, facts: event.facts, names };
    }),
  );
  return packEvidence({
    documentId,
    log: x.reader.origin,
    vkey: x.vkey,
    checkpoint,
    key: Buffer.from(document.ledgerKey, 'base64url'),
    entries,
    report: document.report,
    laterReports: (await laterVerdicts(documentId, x)).map(({ report }) => report),
    original: await x.blobs.read(document.original),
  });
}
