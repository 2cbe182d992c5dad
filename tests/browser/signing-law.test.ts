import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pageLayouts } from '../../src/signing/index.ts';
import { sampleLetters } from '../builders/sample-letters.ts';
import { requiredTool } from '../required-tool.ts';
import { type SigningDesk, signingDesk, type Ticket } from '../signer.ts';
import { type Desk, Office, picture } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'what the law asks of the signing window');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 180_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;
let desks: SigningDesk;

beforeAll(async () => {
  if (executablePath === null) return;
  office = await Office.open(executablePath);
  desks = signingDesk(office.axis);
}, 120_000);
afterAll(() => office?.close());

/** Looks at every document of a batch, and signs all of them. */
async function signBatch(ticket: Ticket, count: number, signer = office.signer()): Promise<Desk> {
  const desk = await office.desk({ ticket });
  await desk.inState('reviewing');
  for (let i = 1; i < count; i++) {
    await desk.widget.locator(`#look-${i}`).click();
    await desk.widget.locator(`#want-${i}:checked`).waitFor();
  }
  await desk.choose(signer);
  await desk.inState('confirming');
  await desk.sign();
  await desk.inState('signed');
  return desk;
}

inBrowser(
  'check 17: on 30 letters the picture falls between title and name, and the seal covers a quarter to two fifths of it at its left',
  async () => {
    const letters = await sampleLetters(office.signer().name);
    const ids: string[] = [];
    for (const { bytes } of letters) ids.push((await desks.upload(COMMUNE, bytes)).documentId);
    const approving = await signBatch(await office.ticketFor(ids), ids.length);
    await approving.close();
    for (const [i, documentId] of ids.entries()) {
      const letter = letters[i] as (typeof letters)[number];
      expect((await desks.number(COMMUNE, documentId, letter, i + 1)).status).toBe(200);
    }
    const seal = office.signer(COMMUNE, 'agency');
    const sealing = await signBatch(await office.ticketFor(ids, { action: 'seal' }), ids.length, seal);
    await picture(sealing, 'sealed-batch');
    await sealing.close();

    for (const [i, documentId] of ids.entries()) {
      const draft = await desks.draft(COMMUNE, documentId);
      const pages = pageLayouts(await desks.content(COMMUNE, documentId, draft.version));
      const { signature: form } = letters[i] as (typeof letters)[number];
      const fields = pages[form.page - 1]?.fields.map(({ rectangle }) => rectangle) ?? [];
      const [person, agency] = fields;
      expect({ i, fields }).toEqual({ i, fields: [expect.anything(), expect.anything()] });
      if (!person || !agency) continue;
      // Base lines of name and title, as the letter's writer has set them.
      const [name, title] = [form.rectangle[1] - 20, form.rectangle[3] + 17];
      const middle = (form.rectangle[0] + form.rectangle[2]) / 2;
      expect([i, person[1] > name + 10, person[3] < title]).toEqual([i, true, true]);
      expect([i, Math.abs((person[0] + person[2]) / 2 - middle) < 3]).toEqual([i, true]);
      const part = (agency[2] - person[0]) / (person[2] - person[0]);
      expect([i, agency[0] < person[0], part >= 0.25 && part <= 0.4]).toEqual([i, true, true]);
    }
  },
);

const DAY = 24 * 60 * 60_000;

inBrowser('check 18: what the law forbids has its own code, and no key is used', async () => {
  const { documentId } = await desks.upload(COMMUNE, (await desks.letter(COMMUNE)).bytes);
  const official = { serialNumber: office.signer().serialNumber };
  const register = (more: object) =>
    office.axis.fetch(COMMUNE, '/v1/sign/delegations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{
          kind: 'TUQ',
          fromTitle: 'Chủ tịch',
          to: official,
          scope: 'Văn bản về tiếp công dân',
          passesOn: null,
        },
        legalBasis: 'Giấy ủy quyền 12/GUQ-UBND ngày 01/3/2026',
        validFrom: new Date(Date.now() - 30 * DAY).toISOString(),
        validTo: new Date(Date.now() + 30 * DAY).toISOString(),
        ...more,
      }),
    });
  const delegationId = async (more: object) =>
    ((await (await register(more)).json()) as { delegationId: string }).delegationId;
  const ended = await delegationId({ validTo: new Date(Date.now() - DAY).toISOString() });
  const inForce = await delegationId({});
  // What is passed on never gets as far as a ticket with a right of its own.
  const passedOn = await register({ passesOn: inForce });
  expect(((await passedOn.json()) as { code: string }).code).toBe('signing.delegation-passed-on');
  const others = await delegationId({ to: { serialNumber: '079300000001' } });

  const FORBIDDEN: readonly [string, string, Record<string, unknown>, 'person' | 'agency'][] = [
    ['E_SEAL_BEFORE_SIGN', 'a seal before the signature', { action: 'seal' }, 'agency'],
    ['E_DELEGATION', 'TUQ. that has ended', { capacity: 'TUQ', delegationId: ended }, 'person'],
    ['E_DELEGATION', 'TUQ. of somebody else', { capacity: 'TUQ', delegationId: others }, 'person'],
    ['E_DELEGATION', 'TL. on an authorisation', { capacity: 'TL', delegationId: inForce }, 'person'],
    ['E_DELEGATION', 'TUQ. without a record', { capacity: 'TUQ' }, 'person'],
    ['E_CAPACITY', 'KT. by who is no deputy', { capacity: 'KT' }, 'person'],
  ];
  for (const [code, what, order, kind] of FORBIDDEN) {
    const desk = await office.desk({ ticket: await office.ticketFor([documentId], order) });
    await desk.inState('reviewing');
    await desk.choose(office.signer(COMMUNE, kind));
    await desk.inState('failed');
    expect([what, await desk.code()]).toEqual([what, code]);
    expect([what, await desk.keyUses()]).toEqual([what, 0]);
    expect(await desk.last('edoc-error')).toEqual({ code, retryable: false });
    // Nothing to press but the way out.
    expect(await desk.widget.locator('#side button').count()).toBe(1);
    await picture(desk, `law-${code}`);
    await desk.close();
  }
  const draft = await desks.draft(COMMUNE, documentId);
  expect(draft.versions).toHaveLength(1);
});
