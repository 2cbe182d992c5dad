import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openEmbedded } from '../../src/adapters/embedded/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { anAgency, anAlert, anAttempt, anEvent, aRecord } from '../builders/records.ts';

/** Tables that stay small: one row, a row per state, webhook, document system or source of revocation data. */
const SMALL = ['registry', 'delivery_counts', 'endpoints', 'clients', 'revocation_sources'];

/** Full-text matches and the partial indexes of what is not recorded yet and of what was refused are as short as their answer. */
const SHORT = /VIRTUAL TABLE INDEX \d+:\S|USING INDEX (events_pending|documents_refused)$/;

const NOW = Date.parse('2026-03-16T00:00:00Z');
const prepared = new Set<string>();
const { prepare } = DatabaseSync.prototype;
let folder: string;
let stores: Awaited<ReturnType<typeof openEmbedded>>;

beforeAll(async () => {
  DatabaseSync.prototype.prepare = function (sql: string) {
    prepared.add(sql);
    return prepare.call(this, sql);
  };
  folder = mkdtempSync(join(tmpdir(), 'truc-plans-'));
  stores = await openEmbedded(folder, join(folder, 'signer.json'));
  await askEverything();
});
afterAll(async () => {
  DatabaseSync.prototype.prepare = prepare;
  await stores.close();
  rmSync(folder, { recursive: true });
});

/** Calls every reading method of the relational ports once, so that their SQL is prepared. */
async function askEverything(): Promise<void> {
  const { agencies, bindings, clients, documents, events, statuses, refusals, deliveries, endpoints } =
    stores;
  const agency = anAgency();
  await agencies.put([agency], NOW);
  const record = aRecord({
    key: { senderId: agency.id, edxmlId: 'H53.06,2026/03/16,1', businessType: 0, ordinal: 1 },
  });
  await documents.register(record, [anEvent(record.documentId)]);
  await agencies.resolve(agency.code, NOW);
  await agencies.history(agency.id);
  await agencies.nearest('H35.06', 'Sở Khoa học', 3);
  for (const query of [
    {},
    { level: 'province' as const },
    { parentId: newId() },
    { text: 'so' },
    { since: 0 },
  ])
    await agencies.list({ limit: 10, ...query });
  await bindings.of(sha256Hex('x'));
  await clients.find('x');
  await endpoints.of(agency.id);
  await documents.get(record.documentId);
  await documents.byEdxmlId(agency.id, record.key.edxmlId);
  await documents.waiting('unfinished', '2026-03-17', 10);
  await documents.waiting('held', '2026-03-17', 10);
  for (const direction of ['sent', 'received'] as const)
    await documents.list({ agencyIds: [agency.id], direction, limit: 10 });
  await events.of(record.documentId);
  await events.pending(10);
  await statuses.of(record.documentId);
  await events.acts({ types: ['person.locked'], limit: 5 });
  await bindings.ofAgency(agency.id, 5);
  await stores.views.of(newId());
  await stores.alerts.put([anAlert()]);
  await stores.alerts.open();
  await stores.alerts.list(5);
  await stores.alerts.samples(record.receivedAt, 5);
  await stores.attempts.add(anAttempt());
  await stores.attempts.ofDocument(record.documentId, 5);
  await stores.attempts.forget(record.receivedAt, 5);
  const { reviews, revocation } = stores;
  const at = record.receivedAt;
  await reviews.open(record.documentId, at, at);
  await reviews.claim({ now: at, until: at, limit: 5 });
  await reviews.get(record.documentId);
  await reviews.add(record.documentId, {
    ...{ number: 1, at, indication: 'TOTAL_PASSED', legalValue: 'replaces_paper', report: '{}' },
  });
  await reviews.settle(record.documentId, { dueAt: null, tries: 1, announced: 1 });
  const { augmentations, augmentationSchedule } = stores;
  const file = { documentId: record.documentId, attachment: 0, number: 1, level: 'B-LTA', at: at } as const;
  await augmentations.add({ ...file, sha256: '', size: 1, content: null }, anEvent(record.documentId));
  await augmentations.of(record.documentId);
  await augmentationSchedule.open([{ subjectId: record.documentId, kind: 'document' }], at);
  await augmentationSchedule.claim({ now: at, until: at, limit: 5 });
  await augmentationSchedule.settle({ subjectId: record.documentId, dueAt: at, tries: 1, failure: 'x' });
  await augmentationSchedule.get(record.documentId);
  await augmentationSchedule.count(at);
  await augmentationSchedule.moveMark('documents', at);
  await augmentationSchedule.mark('documents');
  const source = { key: 'crl|x', kind: 'crl', url: 'x', certificate: null, issuer: null } as const;
  await revocation.want([source], at);
  await revocation.claim({ now: at, until: at, limit: 5 });
  await revocation.settle({ key: source.key, nextAt: at, failures: 1, reason: 'timeout' });
  await revocation.states();
  await revocation.read(source.key, '');
  await revocation.forget(at);
  await refusals.get(newId());
  for (const senderIds of [null, [agency.id]])
    for (const id of [undefined, newId()])
      await refusals.list({ senderIds, limit: 5, ...(id ? { id } : {}) });
  await documents.list({ agencyIds: null, direction: 'sent', state: 'refused', limit: 5 });
  await deliveries.get(newId());
  await deliveries.ofDocument(record.documentId);
  const lease = { recipientIds: [agency.id], limit: 10, now: '2026-03-16', until: '2026-03-17' };
  await deliveries.lease({ ...lease, purpose: 'pull' });
  await deliveries.lease({ ...lease, purpose: 'push' });
  await deliveries.list({ state: 'failed', after: '', limit: 10 });
  await deliveries.list({ overdueAt: '2026-03-17', limit: 10 });
  await deliveries.count();
}

function planOf(database: DatabaseSync, sql: string): string[] {
  return prepare
    .call(database, `EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array<null>((sql.match(/\?/g) ?? []).length).fill(null))
    .map((row) => String(row.detail));
}

test('no query of the embedded stores reads a table from end to end', async () => {
  const database = new DatabaseSync(join(folder, 'truc.sqlite'), { readOnly: true });
  const scans = [...prepared]
    .filter(
      (sql) =>
        /^\s*(SELECT|UPDATE|DELETE)/.test(sql) && !/\bFROM (state|idem|chain)\b|UPDATE state/.test(sql),
    )
    .flatMap((sql) => planOf(database, sql).map((detail) => ({ sql, detail })))
    .filter(
      ({ detail }) =>
        /^SCAN /.test(detail) && !SHORT.test(detail) && !SMALL.includes(detail.split(' ')[1] as string),
    );
  database.close();
  expect(scans).toEqual([]);
});

test('a document is found by its edXML id through the whole key, not among all of its sender', async () => {
  const sql = [...prepared].find((one) => /edxml_id = \? ORDER BY/.test(one)) as string;
  const database = new DatabaseSync(join(folder, 'truc.sqlite'), { readOnly: true });
  expect(planOf(database, sql).join()).toContain('sender_id=? AND edxml_id=?');
  database.close();
});
