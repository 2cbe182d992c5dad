import type { Request, Router } from 'express';
import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { bundleOf, type EntryView, entryPage, ledgerPage, type OneEntry } from './ledger-page.ts';
import { partyOf } from './message-read.ts';
import type { Viewer } from './viewer.ts';

const PAGE = 50;

const Index = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** /console/ledger: entries and their proofs. What an entry shows in clear is open to everybody. */
export function ledgerPages(router: Router, desk: ConsoleDesk): void {
  const { stations: x } = desk;
  const { origin } = x.reader;
  const vkey = x.vkey;

  router.get('/console/ledger', async (request, response) => {
    const { lang } = around(request, response);
    const asked = Index.safeParse(String(request.query.index ?? '').replace(/[#.\s]/g, '') || undefined);
    if (asked.success) return response.redirect(303, `/console/ledger/${asked.data}`);
    const size = await x.reader.size();
    const before = Index.safeParse(request.query.before);
    const end = Math.min(size, before.success ? before.data : size);
    const from = Math.max(0, end - PAGE);
    const bytes = end > from ? await x.reader.entries(from, end - from) : [];
    const entries = bytes.map((one, i) => viewOf(from + i, one)).reverse();
    const checkpoint = String(await x.reader.checkpoint(size));
    const view = { origin, vkey, checkpoint, size, entries, now: x.clock.now() };
    answer(request, response, 'ledger', ledgerPage(view, lang));
  });

  router.get('/console/ledger/consistency', async (request, response) => {
    const sizes = z.object({ first: Index, second: Index }).safeParse(request.query);
    if (!sizes.success || sizes.data.first > sizes.data.second) throw new TrucError('api.invalid-request');
    const path = await x.reader.consistencyProof(sizes.data.first, sizes.data.second);
    response.json({ path: path.map((one) => one.toString('base64')) });
  });

  router.get('/console/ledger/:index', async (request, response) => {
    const { viewer, lang } = around(request, response);
    answer(request, response, 'ledger', entryPage(await entryOf(request, viewer, desk), lang));
  });

  router.get('/console/ledger/:index/bundle', async (request, response) => {
    const entry = await entryOf(request, around(request, response).viewer, desk);
    response.attachment(`ledger-${entry.index}.json`).json(bundleOf(entry));
  });
}

function viewOf(index: number, bytes: Buffer): EntryView {
  const { type, at, seq } = JSON.parse(bytes.toString('utf8')) as Pick<EntryView, 'type' | 'at' | 'seq'>;
  return { index, bytes, type, at, seq };
}

/** @throws TrucError `api.not-found` beyond the signed size */
async function entryOf(request: Request, viewer: Viewer, desk: ConsoleDesk): Promise<OneEntry> {
  const { stations: x, log } = desk;
  const index = Index.safeParse(request.params.index);
  const size = await x.reader.size();
  if (!index.success || index.data >= size) throw new TrucError('api.not-found');
  const [bytes, path, checkpoint, subject] = await Promise.all([
    x.reader.entry(index.data),
    x.reader.inclusionProof(index.data, size),
    x.reader.checkpoint(size),
    log.subjectAt(index.data),
  ]);
  const seen = subject === null ? null : await partyOf(subject, viewer, desk).catch(() => null);
  const document = seen && {
    documentId: seen.view.document.documentId,
    codeNumber: seen.view.document.codeNumber,
  };
  return {
    ...viewOf(index.data, bytes),
    ...{ origin: x.reader.origin, vkey: x.vkey, checkpoint: String(checkpoint), size, path, document },
    now: x.clock.now(),
  };
}
