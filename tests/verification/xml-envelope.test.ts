import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TrucClient } from '../../src/client/index.ts';
import { sample, type World, world } from '../world.ts';

const WARD = 'H49.11.08';
const PROVINCE = 'H49';
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(() => axis.stop());

async function reportOf(client: TrucClient, documentId: string) {
  return JSON.parse((await client.get(`/v1/documents/${documentId}/report`)).toString());
}

test('a ward sends an envelope that its seal signed: the report names the seal, its time and the whole message', async () => {
  const letter = sample(axis, '05-xa-gui-tinh.signed.edxml');
  const sent = await axis.as(WARD).send(letter);
  expect(sent).toMatchObject({ state: 'accepted', legalValue: 'replaces_paper' });
  const { envelope } = await reportOf(axis.as(WARD), sent.documentId);
  expect(envelope).toMatchObject({
    format: 'xml',
    indication: 'TOTAL_PASSED',
    sha256: sent.sha256,
    errors: [],
  });
  expect(envelope.signatures).toEqual([
    expect.objectContaining({
      id: 'chu-ky',
      baseline: 'B-T',
      coverage: 'whole-file',
      covers: ['edXML', expect.stringContaining('SignedProperties')],
      signer: expect.objectContaining({ commonName: 'Ủy ban nhân dân phường Hà Lầm' }),
      errors: [],
      warnings: [],
    }),
  ]);
  const [item] = await axis.as(PROVINCE).inbox();
  const content = await axis.as(PROVINCE).content(item?.deliveryId as string);
  expect(content.equals(letter)).toBe(true);
});

test('a hub that adds itself to the route breaks the seal of the envelope: told, and not refused', async () => {
  const original = sample(axis, '05-xa-gui-tinh.signed.edxml').toString();
  const trace = original.match(/<edXML:TraceHeader>.*?<\/edXML:TraceHeader>/)?.[0] as string;
  const rewritten = original
    .replace(trace, trace + trace)
    .replaceAll(/905\/(?=[^<]*<\/edXML:DocumentId>)/g, '906/')
    .replace('<edXML:CodeNumber>905<', '<edXML:CodeNumber>906<');
  const sent = await axis.as(WARD).send(Buffer.from(rewritten));
  expect(sent).toMatchObject({ state: 'accepted', verification: { indication: 'TOTAL_PASSED' } });
  const { envelope, indication } = await reportOf(axis.as(WARD), sent.documentId);
  expect(indication).toBe('TOTAL_PASSED');
  expect(envelope).toMatchObject({ indication: 'TOTAL_FAILED' });
  expect(envelope.signatures[0]).toMatchObject({
    subIndication: 'HASH_FAILURE',
    errors: ['xml.digest-mismatch'],
  });
});
