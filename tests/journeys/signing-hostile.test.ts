import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { officialName, sealName } from '../../src/lab/index.ts';
import {
  type FinalizedList,
  PAGE,
  type Prepared,
  type PreparedList,
  type Session,
  type SigningDesk,
  signingDesk,
} from '../signer.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const OTHER = 'H53.32.30';
let axis: World;
let desk: SigningDesk;
let letter: Buffer;

beforeAll(async () => {
  axis = await world();
  desk = signingDesk(axis);
  letter = (await desk.letter(COMMUNE)).bytes;
});
afterAll(() => axis.stop());

const official = officialName(COMMUNE);
const upload = () => desk.upload(COMMUNE, letter);
const opened = async () => {
  const { documentId } = await upload();
  return desk.open(await desk.ticketFor(COMMUNE, [documentId], 'approve'));
};
const preparedIn = async (session: Session, entity = official, more: object = {}) => {
  const { documents } = (await (await desk.prepare(session, entity, more)).json()) as {
    documents: PreparedList;
  };
  return documents[0] as Prepared;
};
const finalized = async (session: Session, signatures: object[]) =>
  ((await (await desk.finalize(session, signatures)).json()) as { documents: FinalizedList }).documents;
const refusal = async (answer: Response) => ({
  status: answer.status,
  code: ((await answer.json()) as { code: string }).code,
});

describe('tickets', () => {
  const open = (body: object, headers: Record<string, string> = {}) =>
    desk.widget('/v1/sign/sessions', { body: { parentOrigin: PAGE, ...body }, headers });

  test('a ticket opens one session, however many come with it at once', async () => {
    const { documentId } = await upload();
    const { ticket } = await desk.ticketFor(COMMUNE, [documentId], 'approve');
    const answers = await Promise.all(Array.from({ length: 10 }, () => open({ ticket })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(401)]);
    expect(await refusal(await open({ ticket }))).toEqual({ status: 401, code: 'signing.ticket-used' });
  });

  test('a guessed ticket, another page and another user each have a code of their own, and void the ticket', async () => {
    const { documentId } = await upload();
    const fresh = async () => (await desk.ticketFor(COMMUNE, [documentId], 'approve')).ticket;
    expect(await refusal(await open({ ticket: 'A'.repeat(43) }))).toEqual({
      status: 401,
      code: 'signing.ticket-unknown',
    });
    const stolen = await fresh();
    expect(await refusal(await open({ ticket: stolen, parentOrigin: 'https://evil.example' }))).toEqual({
      status: 403,
      code: 'signing.origin-not-allowed',
    });
    expect(await refusal(await open({ ticket: stolen }))).toMatchObject({ code: 'signing.ticket-used' });
    const borrowed = await fresh();
    expect(await refusal(await open({ ticket: borrowed, user: 'nguoi-khac' }))).toEqual({
      status: 403,
      code: 'signing.ticket-other-user',
    });
    expect((await open({ ticket: await fresh(), user: 'nguoi-dung-1' })).status).toBe(201);
  });

  test('an unregistered page, another agency’s document and an old version get none', async () => {
    const { documentId, sha256 } = await upload();
    const order = {
      documents: [{ documentId, sha256 }],
      action: 'approve',
      signer: { serialNumber: '1' },
      user: 'u',
      returnOrigins: [PAGE],
    };
    const ask = async (code: string, more: object) => refusal(await desk.ticket(code, { ...order, ...more }));
    expect(await ask(COMMUNE, { returnOrigins: [PAGE, 'https://evil.example'] })).toEqual({
      status: 422,
      code: 'signing.origin-not-registered',
    });
    expect(await ask(COMMUNE, { returnOrigins: ['https://evil.example/path'] })).toMatchObject({
      status: 400,
    });
    expect(await ask(OTHER, {})).toEqual({ status: 404, code: 'signing.document-unknown' });
    expect(await ask(COMMUNE, { signer: {} })).toEqual({ status: 422, code: 'signing.signer-missing' });
    expect(await ask(COMMUNE, { documents: [{ documentId, sha256: '0'.repeat(64) }] })).toEqual({
      status: 409,
      code: 'signing.version-differs',
    });
    const { documentId: theirs, sha256: digest } = await desk.upload(OTHER, letter);
    const mixed = [order.documents[0], { documentId: theirs, sha256: digest }];
    expect(await ask(COMMUNE, { documents: mixed })).toMatchObject({ status: 404 });
  });
});

describe('the signing origin', () => {
  test('takes nothing from another page, nor from one that browsers call cross-site', async () => {
    const { documentId } = await upload();
    const { ticket } = await desk.ticketFor(COMMUNE, [documentId], 'approve');
    const body = { ticket, parentOrigin: PAGE };
    const strange: Record<string, string>[] = [
      { origin: PAGE },
      { origin: 'null' },
      { origin: axis.url },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of strange)
      expect(await refusal(await desk.widget('/v1/sign/sessions', { body, headers }))).toEqual({
        status: 403,
        code: 'signing.not-same-origin',
      });
    const without = await fetch(`${axis.demo.signingUrl}/v1/sign/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(await refusal(without)).toMatchObject({ code: 'signing.not-same-origin' });
    // None of them has used the ticket up.
    expect((await desk.widget('/v1/sign/sessions', { body })).status).toBe(201);
  });

  test('sets no cookie, is never cached, lets nothing run and nobody frame it', async () => {
    const session = await opened();
    const answer = await desk.widget(`/v1/sign/sessions/${session.sessionId}/document`, {
      token: session.accessToken,
    });
    const header = (name: string) => answer.headers.get(name) ?? '';
    expect(header('set-cookie')).toBe('');
    expect(header('cache-control')).toBe('no-store');
    expect(header('content-security-policy')).toContain("default-src 'none'");
    expect(header('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(header('cross-origin-resource-policy')).toBe('same-origin');
    expect(header('access-control-allow-origin')).toBe('');
    expect(header('x-content-type-options')).toBe('nosniff');
  });

  test('offers nothing of the API, and the API nothing of it', async () => {
    expect((await fetch(`${axis.demo.signingUrl}/v1/inbox`)).status).toBe(404);
    expect((await fetch(`${axis.url}/v1/sign/sessions`, { method: 'POST' })).status).toBe(404);
  });

  test('a session’s token opens that session and no other, and a body has a limit', async () => {
    const [mine, theirs] = [await opened(), await opened()];
    const stranger = await desk.widget(`/v1/sign/sessions/${theirs.sessionId}`, { token: mine.accessToken });
    expect(await refusal(stranger)).toEqual({ status: 401, code: 'signing.session-unknown' });
    const huge = { certificate: 'A'.repeat(400_000), keyProtection: 'software' };
    const answer = await desk.widget(`/v1/sign/sessions/${mine.sessionId}/prepare`, {
      token: mine.accessToken,
      body: huge,
    });
    expect(answer.status).toBe(413);
  });
});

describe('prepare', () => {
  test('refuses every certificate that is not the one expected', async () => {
    const session = await opened();
    const code = async (entity: string, more: object = {}) =>
      refusal(await desk.prepare(session, entity, more));
    expect(await code(officialName(OTHER))).toEqual({ status: 403, code: 'signing.not-expected-signer' });
    expect(await code(sealName(COMMUNE))).toEqual({ status: 403, code: 'signing.not-expected-signer' });
    expect(await code(official, { certificate: 'MIIBAA==' })).toEqual({
      status: 422,
      code: 'signing.certificate-refused',
    });
    expect(await code(official, { certificate: 'no base64!' })).toMatchObject({ status: 400 });
    // The other commune's official is expected, and its certificate not bound to this agency.
    const { documentId } = await upload();
    const serialNumber = axis.demo.pki.entity(officialName(OTHER)).declaration.subject.serialNumber;
    const ticket = await desk.ticketFor(COMMUNE, [documentId], 'approve', { signer: { serialNumber } });
    expect(await refusal(await desk.prepare(await desk.open(ticket), officialName(OTHER)))).toEqual({
      status: 403,
      code: 'signing.certificate-not-bound',
    });
  });

  test('a place off the page fails for that document alone', async () => {
    const [first, second] = [await upload(), await upload()];
    const ids = [first.documentId, second.documentId];
    const session = await desk.open(await desk.ticketFor(COMMUNE, ids, 'approve'));
    const place = { page: 1, rectangle: [560, 10, 700, 60] };
    const answer = await desk.prepare(session, official, {
      documents: [{ documentId: second.documentId, place }],
    });
    const { documents } = (await answer.json()) as { documents: PreparedList };
    expect(documents).toMatchObject([
      { status: 'prepared', documentId: first.documentId },
      { status: 'failed', problem: { code: 'signing.place-off-page', status: 422 } },
    ]);
  });
});

describe('finalize', () => {
  test('a value over other bytes, by another key or for another session makes nothing', async () => {
    const session = await opened();
    const prepared = await preparedIn(session);
    const { prepareId } = prepared;
    const wrong = [
      desk.signature({ ...prepared, toBeSigned: Buffer.from('other').toString('base64') }, official),
      desk.signature(prepared, officialName(OTHER)),
      Buffer.alloc(256, 1).toString('base64'),
      'AAAA',
    ];
    for (const signature of wrong)
      for (const encoding of ['der', 'ieee-p1363'])
        expect(await finalized(session, [{ prepareId, signature, encoding }])).toMatchObject([
          { status: 'failed', problem: { code: 'signing.signature-wrong' } },
        ]);
    const signature = desk.signature(prepared, official);
    expect(await finalized(await opened(), [{ prepareId, signature }])).toMatchObject([
      { status: 'failed', problem: { code: 'signing.prepare-unknown' } },
    ]);
    expect((await desk.draft(COMMUNE, prepared.documentId)).version).toBe(1);
    // The right one still passes: nothing of it was used up.
    expect(await finalized(session, [{ prepareId, signature }])).toMatchObject([{ status: 'signed' }]);
  });

  test('repeated and doubled, it signs once and says the same', async () => {
    const session = await opened();
    const prepared = await preparedIn(session);
    const one = { prepareId: prepared.prepareId, signature: desk.signature(prepared, official) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => finalized(session, [one])));
    answers.push(await finalized(session, [one, one]));
    const told = answers.flat().map((item) => (item.status === 'signed' ? item.sha256 : item.problem.code));
    expect(new Set(told).size).toBe(1);
    const draft = await desk.draft(COMMUNE, prepared.documentId);
    expect(draft).toMatchObject({ version: 2, sha256: told[0] });
  });

  test('of two signatures prepared on one version one wins, and the other hears which', async () => {
    const { documentId } = await upload();
    const sessions = await Promise.all(
      Array.from({ length: 4 }, async () =>
        desk.open(await desk.ticketFor(COMMUNE, [documentId], 'approve')),
      ),
    );
    const ready = await Promise.all(sessions.map((session) => preparedIn(session)));
    const answers = await Promise.all(
      ready.map((prepared, i) =>
        finalized(sessions[i] as Session, [
          { prepareId: prepared.prepareId, signature: desk.signature(prepared, official) },
        ]),
      ),
    );
    const outcomes = answers.flat();
    const [winner, ...more] = outcomes.filter((one) => one.status === 'signed');
    expect(more).toEqual([]);
    const losers = outcomes.filter((one) => one.status === 'failed');
    expect(losers).toHaveLength(3);
    for (const { problem } of losers) expect(problem.code).toBe('signing.version-differs');
    expect(await desk.draft(COMMUNE, documentId)).toMatchObject({
      version: 2,
      sha256: (winner as { sha256: string }).sha256,
    });
    // What was prepared before can never follow.
    const late = await preparedIn(sessions[0] as Session);
    expect(late).toMatchObject({ status: 'failed', problem: { code: 'signing.version-differs' } });
  });

  test('a batch of twelve is signed by one approval, and its one stale document fails alone', async () => {
    const drafts = await Promise.all(Array.from({ length: 12 }, upload));
    const ids = drafts.map((one) => one.documentId);
    const session = await desk.open(await desk.ticketFor(COMMUNE, ids, 'approve'));
    const stale = ids[5] as string;
    await desk.sign(COMMUNE, stale, 'initial');
    const answer = await desk.prepare(session, official);
    const { documents } = (await answer.json()) as { documents: PreparedList };
    expect(documents.map((one) => one.documentId)).toEqual(ids);
    const ready = documents.filter((one) => one.status === 'prepared');
    expect(ready).toHaveLength(11);
    const done = await finalized(
      session,
      ready.map((one) => ({ prepareId: one.prepareId, signature: desk.signature(one, official) })),
    );
    expect(done.map(({ status }) => status)).toEqual(Array(11).fill('signed'));
    expect(documents[5]).toMatchObject({ documentId: stale, problem: { code: 'signing.version-differs' } });
  });
});

test('a damaged PDF is refused at the upload, and a taken reference too', async () => {
  const post = (body: Buffer, query = 'title=x') =>
    axis.fetch(COMMUNE, `/v1/sign/documents?${query}`, { method: 'POST', body: new Uint8Array(body) });
  const cut = letter.subarray(0, letter.length >> 1);
  expect(await refusal(await post(cut))).toEqual({ status: 422, code: 'signing.pdf-not-usable' });
  const [first, again] = [
    await post(letter, 'title=x&reference=a'),
    await post(letter, 'title=x&reference=a'),
  ];
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(await again.json()).toEqual(await first.json());
  const other = Buffer.concat([letter, Buffer.from('\n')]);
  expect(await refusal(await post(other, 'title=x&reference=a'))).toEqual({
    status: 409,
    code: 'signing.reference-taken',
  });
});
