import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openEmbedded } from '../../src/adapters/embedded/index.ts';
import { periodOf } from '../../src/document/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import {
  aBinding,
  aClient,
  aDelivery,
  anAgency,
  anEndpoint,
  anEvent,
  aRecord,
  aRefusal,
  aStatus,
} from '../builders/records.ts';
import { requiredTool } from '../required-tool.ts';

const AT = Date.parse('2026-03-16T00:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openAgain = () => openEmbedded(folder, join(folder, 'signer.json'));
const blob = (bytes: Buffer) => ({ sha256: sha256Hex(bytes), bytes });

async function* oneChunk(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

test('what was written is there after closing and opening again', async () => {
  const before = await openAgain();
  const [agency, binding, client, endpoint] = [anAgency(), aBinding(), aClient(), anEndpoint()];
  const [record, delivery, status, refusal] = [aRecord(), aDelivery(), aStatus(), aRefusal()];
  await before.agencies.put([agency], AT);
  await before.bindings.put([binding]);
  await before.clients.put(client);
  await before.endpoints.put(endpoint);
  await before.documents.register(record, [anEvent(record.documentId)]);
  await before.deliveries.plan([delivery]);
  await before.statuses.record(status, anEvent(status.documentId));
  await before.refusals.record(refusal, anEvent(refusal.refusalId));
  const small = await before.blobs.put(blob(Buffer.from('nội dung')));
  const streamed = await before.blobs.putStream(oneChunk(Buffer.alloc(2_000_000, 7)));
  await before.close();

  const after = await openAgain();
  expect(await after.agencies.get(agency.id)).toEqual({ ...agency, revision: 1 });
  expect(await after.bindings.of(binding.certificateSha256)).toEqual([binding]);
  expect(await after.clients.find(client.clientId)).toEqual(client);
  expect(await after.endpoints.of(endpoint.agencyId)).toEqual(endpoint);
  expect(await after.documents.get(record.documentId)).toEqual(record);
  expect(await after.documents.register(aRecord({ key: record.key }), [])).toMatchObject({
    outcome: 'exists',
  });
  expect(await after.deliveries.get(delivery.deliveryId)).toEqual(delivery);
  expect((await after.deliveries.count()).waiting).toBe(1);
  expect(await after.statuses.of(status.documentId)).toEqual([status]);
  expect(await after.refusals.get(refusal.refusalId)).toEqual(refusal);
  expect((await after.blobs.read(small)).toString()).toBe('nội dung');
  expect(sha256Hex(await after.blobs.read(streamed.ref))).toBe(streamed.sha256);
  const next = await after.blobs.put(blob(Buffer.from('thêm')));
  expect((await after.blobs.read(small)).toString()).toBe('nội dung');
  expect((await after.blobs.read(next)).toString()).toBe('thêm');
  await after.close();
});

describe('blobs on disk after a crash', () => {
  const segment = () => join(folder, 'blobs', periodOf(Date.now()), 'segments', '000000.seg');

  test('a half-written tail hurts neither what is before it nor what comes after', async () => {
    const before = await openAgain();
    const kept = await before.blobs.put(blob(Buffer.from('được giữ')));
    await before.close();
    writeFileSync(segment(), 'nửa chừng', { flag: 'a' });
    const after = await openAgain();
    const added = await after.blobs.put(blob(Buffer.from('viết tiếp')));
    expect((await after.blobs.read(kept)).toString()).toBe('được giữ');
    expect((await after.blobs.read(added)).toString()).toBe('viết tiếp');
    await after.close();
  });

  test('bytes that are gone from the disk are missing, never shorter', async () => {
    const stores = await openAgain();
    const ref = await stores.blobs.put(blob(Buffer.alloc(1000, 1)));
    truncateSync(segment(), 600);
    await expect(stores.blobs.read(ref)).rejects.toMatchObject({ code: 'document.blob-missing' });
    const streaming = async () => {
      for await (const _ of stores.blobs.stream(ref));
    };
    await expect(streaming()).rejects.toMatchObject({ code: 'document.blob-missing' });
    await stores.close();
  });

  test('a broken stream leaves no file behind', async () => {
    const stores = await openAgain();
    async function* broken() {
      yield Buffer.alloc(1000);
      throw new RangeError('gone');
    }
    await expect(stores.blobs.putStream(broken())).rejects.toThrow('gone');
    expect(readdirSync(join(folder, 'blobs', periodOf(Date.now()), 'files'))).toEqual([]);
    await stores.close();
  });
});

/** Writes blobs until the file-size limit of the process cuts a write short; prints how each ended. */
const FILLING = `
process.on('SIGXFSZ', () => {});
const { blobStore } = await import('./src/adapters/embedded/blob-store.ts');
const blobs = await blobStore(process.argv[1]);
const bytes = new Uint8Array(150_000).fill(7);
async function* chunks() { yield bytes; yield bytes; }
const tell = (promise) => promise.then((ref) => blobs.read(ref.ref ?? ref).then((read) => 'kept ' + read.length), (error) => error.code);
console.log(JSON.stringify([
  await tell(blobs.put({ sha256: '', bytes })),
  await tell(blobs.put({ sha256: '', bytes })),
  await tell(blobs.put({ sha256: '', bytes: bytes.subarray(0, 1000) })),
  await tell(blobs.putStream(chunks())),
]));`;

test('a disk that fills up in the middle of a write gives no reference to what is not there', () => {
  const bash = requiredTool('bash', 'limits the size of files to fill a disk');
  if (bash === null) return;
  const store = join(folder, 'small');
  mkdirSync(store);
  // 200 KiB per file: the second body and the stream do not fit whole, the small third one does.
  const limited = 'ulimit -f 200 && exec "$0" --input-type=module -e "$1" "$2"';
  const run = spawnSync(bash, ['-c', limited, process.execPath, FILLING, store], { encoding: 'utf8' });
  expect(JSON.parse(run.stdout)).toEqual([
    'kept 150000',
    'adapters.store-failed',
    'kept 1000',
    expect.stringMatching(/^(adapters\.store-failed|EFBIG)$/),
  ]);
});
