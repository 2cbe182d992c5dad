import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TrucError } from '../../src/kernel/index.ts';
import { type World, world } from '../world.ts';

const FROM = 'H53.32.29';
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

async function submit(letter: Buffer) {
  const headers = { 'content-type': 'application/xml' };
  const body = new Uint8Array(letter);
  const answer = await axis.fetch(FROM, '/v1/documents', { method: 'POST', headers, body });
  return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
}

async function readiness() {
  const answer = await fetch(`${axis.demo.operationsUrl}/readyz`);
  return { status: answer.status, body: await answer.json() };
}

const UNAVAILABLE = { status: 503, code: 'api.storage-unavailable' };

test.each<[string, unknown]>([
  ['a disk that is full', Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
  ['a quota that is used up', Object.assign(new Error('quota'), { code: 'EDQUOT' })],
  ['a ledger that could not write', new TrucError('ledger.write-failed')],
])('%s: the sender is told to come again, and then the letter is accepted', async (_what, fault) => {
  const letter = await axis.letter(FROM, ['G09']);
  const { blobs } = axis.demo.stations;
  const { put } = blobs;
  blobs.put = async () => {
    throw fault;
  };
  try {
    expect(await submit(letter)).toEqual(UNAVAILABLE);
  } finally {
    blobs.put = put;
  }
  expect(await submit(letter)).toMatchObject({ status: 202 });
});

test('a disk that lost a write stops the ledger: not ready until the next start, which carries the letter to its end', async () => {
  expect(await readiness()).toMatchObject({ status: 200 });
  const letter = await axis.letter(FROM, ['G09']);
  const { journal } = axis.demo.stores;
  const { commit } = journal;
  journal.commit = async () => {
    throw new TrucError('ledger.sync-failed');
  };
  expect(await submit(letter)).toEqual(UNAVAILABLE);
  journal.commit = commit;
  expect(await submit(letter)).toEqual(UNAVAILABLE);
  expect(await readiness()).toEqual({ status: 503, body: { status: 'not-ready', reason: 'ledger-stopped' } });

  await axis.restart();
  expect(await readiness()).toMatchObject({ status: 200 });
  expect(await submit(letter)).toMatchObject({ status: 200 });
});
