import type { Agency } from '../agency/index.ts';
import type { DeliveryLog } from '../delivery/index.ts';
import { digestKey, edxmlKey, numberKey } from '../document/index.ts';
import type { Stations } from '../exchange/index.ts';
import type { CONSOLE_WORDS } from '../messages/index.ts';

/** By what something was found. */
export type FoundBy = Extract<keyof typeof CONSOLE_WORDS, `by${string}`>;

export interface Found {
  by: FoundBy[];
  documentIds: string[];
  agencies: Agency[];
  /** Refused submissions, of which nothing else may be kept. */
  refusalIds: string[];
}

const MOST = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Recognises whatever somebody may have in hand: ids of documents and deliveries, number and notation (whole or its beginning),
 * edXML id, sha256 of the document or of a file, index in the ledger, code of an agency (also an old one) or words of its name; case,
 * accents, đ and spaces do not matter.
 * What is found is not yet what the viewer may see: the log is asked with the viewer's reach.
 */
export async function find(text: string, x: Stations, log: DeliveryLog): Promise<Found> {
  const wanted = text.normalize('NFC').trim();
  const lower = wanted.toLowerCase();
  if (UUID.test(lower)) return byUuid(lower, x);
  if (/^[0-9a-f]{64}$/.test(lower))
    return joined([
      documents('byDigest', await log.documents(digestKey(lower), true, MOST)),
      await byRefusal('byDigest', lower, x),
    ]);
  const index = /^#\s*(\d{1,15})$/.exec(wanted)?.[1];
  if (index !== undefined) return byIndex(Number(index), x, log);
  const found = [await byWritten(wanted, log), await byAgency(wanted, x)];
  // A bare number is somebody's document number first; an index may still be what was meant.
  if (/^\d{1,15}$/.test(wanted)) found.push(await byIndex(Number(wanted), x, log));
  return joined(found);
}

const NOTHING: Found = { by: [], documentIds: [], agencies: [], refusalIds: [] };

function documents(by: FoundBy, documentIds: string[]): Found {
  return documentIds.length === 0 ? NOTHING : { ...NOTHING, by: [by], documentIds };
}

function joined(all: readonly Found[]): Found {
  return {
    by: [...new Set(all.flatMap((one) => one.by))],
    documentIds: [...new Set(all.flatMap((one) => one.documentIds))].slice(0, MOST),
    agencies: all.flatMap((one) => one.agencies),
    refusalIds: all.flatMap((one) => one.refusalIds),
  };
}

async function byUuid(id: string, x: Stations): Promise<Found> {
  if (await x.documents.get(id)) return documents('byId', [id]);
  const delivery = await x.deliveries.get(id);
  return delivery ? documents('byDelivery', [delivery.documentId]) : byRefusal('byRefusal', id, x);
}

async function byRefusal(by: FoundBy, id: string, x: Stations): Promise<Found> {
  const found = await x.refusals.list({ senderIds: null, id, limit: MOST });
  return found.length === 0
    ? NOTHING
    : { ...NOTHING, by: [by], refusalIds: found.map((one) => one.refusalId) };
}

async function byIndex(index: number, x: Stations, log: DeliveryLog): Promise<Found> {
  const subject = await log.subjectAt(index);
  if (subject === null) return NOTHING;
  return (await x.documents.get(subject))
    ? documents('byIndex', [subject])
    : byRefusal('byIndex', subject, x);
}

async function byWritten(text: string, log: DeliveryLog): Promise<Found> {
  const edxml = documents('byEdxml', await log.documents(edxmlKey(text), true, MOST));
  if (!/\d/.test(text)) return edxml;
  const whole = await log.documents(numberKey(text), true, MOST);
  const begun = /^\d+$/.test(text) ? `${text}/` : text;
  const number = whole.length > 0 ? whole : await log.documents(numberKey(begun), false, MOST);
  return joined([edxml, documents('byNumber', number)]);
}

async function byAgency(text: string, x: Stations): Promise<Found> {
  const coded = await x.agencies.resolve(text.toUpperCase(), x.clock.now());
  if (coded) return { ...NOTHING, by: ['byAgency'], agencies: [coded] };
  const letters = text.replace(/[^\p{L}]/gu, '');
  if (letters.length < 3 || text.includes('/')) return NOTHING;
  const { agencies } = await x.agencies.list({ text, limit: 8 });
  return agencies.length === 0 ? NOTHING : { ...NOTHING, by: ['byAgency'], agencies };
}
