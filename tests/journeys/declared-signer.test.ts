import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DocumentReport } from '../../src/exchange/index.ts';
import { DEMO_AGENCIES } from '../../src/lab/demo/agencies.ts';
import { type World, world } from '../world.ts';

const MINISTRY = 'G09';
const SENDER = DEMO_AGENCIES.find(({ code }) => code === 'H53.32.29')!;
const { name, title } = SENDER.official;

let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

/** Sends a really signed letter whose envelope names another signer or post, and takes the report. */
async function sent(fullName: string, position: string) {
  const letter = (await axis.letter(SENDER.code, [MINISTRY])).toString();
  const named = letter
    .replace(/(FullName[^>]*>)[^<]*</, (_, open) => `${open}${fullName}<`)
    .replace(/(Position[^>]*>)[^<]*</, (_, open) => `${open}${position}<`);
  const answer = await axis.fetch(SENDER.code, '/v1/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: named,
  });
  const body = (await answer.json()) as { documentId: string; legalValue: string; code?: string };
  if (answer.status !== 202) return { status: answer.status, code: body.code };
  const asked = await axis.fetch(MINISTRY, `/v1/documents/${body.documentId}/report`);
  const { indication, legalReasons, declaredSigner, bindings } = (await asked.json()) as DocumentReport;
  return { status: 202, value: body.legalValue, indication, legalReasons, declaredSigner, bindings };
}

test('the person that the envelope names signed: it replaces paper, and the report tells who both signers are', async () => {
  const agency = { code: SENDER.code, name: SENDER.name };
  expect(await sent(name.toUpperCase(), title)).toEqual({
    status: 202,
    value: 'replaces_paper',
    indication: 'TOTAL_PASSED',
    legalReasons: [],
    declaredSigner: { fullName: name.toUpperCase(), position: title },
    bindings: [
      { certificateSha256: expect.stringMatching(/^[0-9a-f]{64}$/), kind: 'person', title, agency },
      { certificateSha256: expect.stringMatching(/^[0-9a-f]{64}$/), kind: 'agency', title: null, agency },
    ],
  });
});

test.each([
  ['another person', 'Người Khác', title, 'legal.signer-not-as-declared'],
  ['the name backwards', name.split(' ').reverse().join(' '), title, 'legal.signer-not-as-declared'],
  ['another post', name, 'Bộ trưởng', 'legal.position-not-as-declared'],
])('%s: accepted with the verdict as it is, for information only', async (_, fullName, position, reason) => {
  expect(await sent(fullName, position)).toMatchObject({
    status: 202,
    value: 'for_information',
    indication: 'TOTAL_PASSED',
    legalReasons: [reason],
  });
});

test('an envelope that names nobody is no edXML', async () => {
  expect(await sent('', title)).toMatchObject({ status: 422 });
});
