import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkFileListSchema, WorkFileSchema, WorkRegisterSchema } from '../../src/api/work-schemas.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { checkStores } from '../../src/exchange/index.ts';
import { people, type WorkFile, workOffice } from '../work-office.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
let axis: World;
let office: ReturnType<typeof workOffice>;

beforeAll(async () => {
  axis = await world();
  office = workOffice(axis);
}, 60_000);
afterAll(() => axis.stop());

const steps = (file: WorkFile) => file.steps.map(({ step }) => step);
const numberOf = (file: WorkFile) => file.line?.number ?? 0;

/** The newest file that has come to an agency. */
async function arrived(code: string): Promise<WorkFile> {
  await office.post(code, 'incoming/collect', { by: people(axis, code).clerk });
  const answer = await axis.fetch(code, '/v1/work/incoming?state=arrived&limit=1');
  return WorkFileListSchema.parse(await answer.json()).items[0] as WorkFile;
}

async function statusesAt(code: string, documentId: string): Promise<string[]> {
  const answer = await axis.fetch(code, `/v1/documents/${documentId}/timeline`);
  const { events } = (await answer.json()) as { events: { type: string }[] };
  return events.map(({ type }) => type).filter((type) => type.startsWith('status.'));
}

describe('the day of a document', () => {
  test('drafted, checked, signed, numbered, sealed and sent by a commune; registered, assigned and done in a ministry; evidence verifies', async () => {
    const sent = await office.sent(COMMUNE, MINISTRY, 'V/v đề nghị hướng dẫn số hóa hồ sơ');
    expect(WorkFileSchema.parse(sent)).toMatchObject({ state: 'sent', turns: [], unfinished: false });
    expect(steps(sent)).toEqual([
      'draft', 'ask', 'check-content', 'check-form', 'submit', 'sign', 'number', 'seal', 'issue', 'sent',
    ]); // biome-ignore format: one line
    expect(sent.steps.map(({ by }) => by.name)).not.toContain('');
    const documentId = sent.sentAs as string;

    const { clerk, leader, specialist, deputy } = people(axis, MINISTRY);
    const file = await arrived(MINISTRY);
    expect(file).toMatchObject({ documentId, from: COMMUNE, legalValue: 'replaces_paper', state: 'arrived' });
    expect(await statusesAt(COMMUNE, documentId)).toEqual(['status.01']);
    const path = (step: string) => `incoming/${file.fileId}/${step}`;
    let { revision } = await office.step(MINISTRY, path('verify'), { revision: file.revision, by: clerk });
    const registered = await office.step(MINISTRY, path('register'), { revision, by: clerk });
    expect(registered).toMatchObject({ state: 'registered', line: { register: 'incoming' } });
    const directive = { revision: registered.revision, by: leader, note: 'Giao nghiên cứu, tham mưu trả lời.', lead: specialist, others: [deputy], dueDate: '2030-01-31' }; // biome-ignore format: one order
    ({ revision } = await office.step(MINISTRY, path('direct'), directive));
    ({ revision } = await office.step(MINISTRY, path('progress'), { revision, by: specialist, note: 'Đã xin ý kiến các vụ.' })); // biome-ignore format: one call
    expect(await office.refused(MINISTRY, path('complete'), { revision, by: deputy })).toEqual([403, 'work.not-your-turn']); // biome-ignore format: one call
    const done = await office.step(MINISTRY, path('complete'), {
      revision,
      by: specialist,
      note: 'Đã trả lời.',
    });
    expect(done).toMatchObject({ state: 'done', turns: [], owes: [], unfinished: false });
    expect(await statusesAt(COMMUNE, documentId)).toEqual(['status.01', 'status.03', 'status.04', 'status.05', 'status.06']); // biome-ignore format: one line

    const evidence = await axis.fetch(COMMUNE, `/v1/documents/${documentId}/evidence`);
    const verdict = await verifyEvidence(Buffer.from(await evidence.arrayBuffer()), { vkey: axis.demo.vkey });
    expect(verdict).toMatchObject({ ok: true });

    const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
    for (const [code, register, one] of [[COMMUNE, 'outgoing', sent], [MINISTRY, 'incoming', done]] as const) {
      const answer = await axis.fetch(code, `/v1/work/registers/${register}?year=${year}`);
      const { items } = WorkRegisterSchema.parse(await answer.json());
      expect(items.map(({ fileId }) => fileId)).toContain(one.fileId);
      expect(items.map((item) => item.line?.number)).toEqual(items.map((_, i) => i + 1));
    } // biome-ignore format: pairs on one line
    // Nobody's name is in the ledger, nor in what is told about its entries.
    const events = await axis.demo.stations.events.of(done.fileId);
    expect(events).toHaveLength(done.steps.length);
    expect(events.every(({ place }) => place !== null)).toBe(true);
    for (const person of Object.values(people(axis, MINISTRY)))
      expect(JSON.stringify(events)).not.toContain(person.name);
    await axis.audit();
  }, 60_000);

  test('a document is returned with a reason (02), and a sent one asked back and given back (13, 15)', async () => {
    const { clerk } = people(axis, MINISTRY);
    const wrong = await office.sent(COMMUNE, MINISTRY, 'V/v gửi nhầm nơi nhận');
    const first = await arrived(MINISTRY);
    const back = { revision: first.revision, by: clerk };
    expect(await office.refused(MINISTRY, `incoming/${first.fileId}/refuse`, back)).toEqual([
      422,
      'work.reason-missing',
    ]);
    await office.step(MINISTRY, `incoming/${first.fileId}/refuse`, {
      ...back,
      note: 'Không thuộc thẩm quyền.',
    });
    expect(await statusesAt(COMMUNE, wrong.sentAs as string)).toEqual(['status.01', 'status.02']);

    const sent = await office.sent(COMMUNE, MINISTRY, 'V/v lấy lại');
    const file = await arrived(MINISTRY);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'Sai số liệu.' }) }; // biome-ignore format: one value
    expect((await axis.fetch(COMMUNE, `/v1/documents/${sent.sentAs}/recall`, init)).ok).toBe(true);
    await office.post(MINISTRY, 'incoming/collect', { by: clerk });
    const asked = await office.file(MINISTRY, 'incoming', file.fileId);
    expect(asked).toMatchObject({ recall: { reason: 'Sai số liệu.', answer: null } });
    const answered = await office.step(MINISTRY, `incoming/${file.fileId}/answer-recall`, { revision: asked.revision, by: clerk, agree: true }); // biome-ignore format: one call
    expect(answered).toMatchObject({ state: 'withdrawn', recall: { answer: '15' } });
    expect(await statusesAt(COMMUNE, sent.sentAs as string)).toEqual(['status.01', 'status.13', 'status.15']);
    await axis.audit();
  }, 60_000);
});

test('a checker initials with a certificate: the checks stand, the signer signs on it, and the history names both', async () => {
  const { specialist, deputy, clerk, leader } = people(axis, COMMUNE);
  const { file, letter } = await office.draft(COMMUNE, MINISTRY, 'V/v ký nháy');
  const path = (step: string) => `outgoing/${file.fileId}/${step}`;
  let { revision } = await office.step(COMMUNE, path('ask'), { revision: 1, by: specialist, checkers: [deputy, clerk] });
  await office.step(COMMUNE, path('check'), { revision, by: deputy, aspect: 'content' });
  const entity = 'deputy-h53.32.30';
  const serialNumber = String(axis.demo.pki.entity(entity).declaration.subject.serialNumber);
  const initialled = await office.sign(COMMUNE, file.fileId, 'initial', { ...deputy, serialNumber }, letter, entity);
  expect(initialled).toMatchObject({ state: 'checking', versions: 2, content: 1 });
  expect(initialled.steps.at(-1)).toMatchObject({ step: 'initial', by: { id: deputy.id }, version: 2 });
  ({ revision } = await office.step(COMMUNE, path('check'), { revision: initialled.revision, by: clerk, aspect: 'form' }));
  await office.step(COMMUNE, path('submit'), { revision, by: specialist });
  const signed = await office.sign(COMMUNE, file.fileId, 'approve', leader, letter);
  expect(signed).toMatchObject({ state: 'signed', signedBy: leader.id });
  // Initials are no signature of the competent person: whoever has only those gets no number.
  expect(steps(signed)).toEqual(['draft', 'ask', 'check-content', 'initial', 'check-form', 'submit', 'sign']);
}, 60_000); // biome-ignore format: a step a line

test('a recall is refused with a reason (16), and the work goes on', async () => {
  const { clerk, leader, specialist } = people(axis, MINISTRY);
  const sent = await office.sent(COMMUNE, MINISTRY, 'V/v không cho lấy lại');
  const file = await arrived(MINISTRY);
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'Nhầm.' }) };
  await axis.fetch(COMMUNE, `/v1/documents/${sent.sentAs}/recall`, init);
  await office.post(MINISTRY, 'incoming/collect', { by: clerk });
  let { revision } = await office.file(MINISTRY, 'incoming', file.fileId);
  const path = (step: string) => `incoming/${file.fileId}/${step}`;
  expect(await office.refused(MINISTRY, path('answer-recall'), { revision, by: clerk, agree: false })).toEqual([422, 'work.reason-missing']);
  ({ revision } = await office.step(MINISTRY, path('answer-recall'), { revision, by: clerk, agree: false, note: 'Đang xử lý dở.' }));
  ({ revision } = await office.step(MINISTRY, path('verify'), { revision, by: clerk }));
  ({ revision } = await office.step(MINISTRY, path('register'), { revision, by: clerk }));
  await office.step(MINISTRY, path('direct'), { revision, by: leader, note: 'Giao.', lead: specialist });
  expect(await statusesAt(COMMUNE, sent.sentAs as string)).toEqual(['status.01', 'status.13', 'status.16', 'status.03', 'status.04']);
}, 60_000); // biome-ignore format: a step a line

describe('what the rules do not let happen', () => {
  test('nothing goes to the signer unchecked, no drafter checks their own text, and a new text must be checked anew', async () => {
    const { specialist, deputy, clerk, leader } = people(axis, COMMUNE);
    const { file, letter } = await office.draft(COMMUNE, MINISTRY, 'V/v kiểm tra');
    const path = (step: string) => `outgoing/${file.fileId}/${step}`;
    const step = async (name: string, more: object) => office.step(COMMUNE, path(name), { revision: (await office.file(COMMUNE, 'outgoing', file.fileId)).revision, ...more }); // biome-ignore format: one call
    const refused = async (name: string, more: object) => office.refused(COMMUNE, path(name), { revision: (await office.file(COMMUNE, 'outgoing', file.fileId)).revision, ...more }); // biome-ignore format: one call
    expect(await refused('submit', { by: specialist })).toEqual([409, 'work.step-not-now']);
    await step('ask', { by: specialist, checkers: [deputy, clerk, specialist, leader] });
    expect(await refused('check', { by: specialist, aspect: 'content' })).toEqual([403, 'work.same-person']);
    expect(await refused('check', { by: leader, aspect: 'content' })).toEqual([403, 'work.same-person']);
    await step('check', { by: deputy, aspect: 'content' });
    expect(await refused('submit', { by: specialist })).toEqual([422, 'work.checks-missing']);
    await step('check', { by: clerk, aspect: 'form' });
    await step('comment', { by: deputy, note: 'Đề nghị bổ sung căn cứ.', revision: undefined });

    const { sha256, documentId } = await office.desk.draft(COMMUNE, file.documentId);
    const changed = Buffer.concat([letter.bytes, Buffer.from('\n')]);
    const revised = await axis.fetch(COMMUNE, `/v1/sign/documents/${documentId}/versions?before=${sha256}`, { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: new Uint8Array(changed) }); // biome-ignore format: one call
    expect(revised.status).toBe(201);
    expect(await office.file(COMMUNE, 'outgoing', file.fileId)).toMatchObject({
      state: 'drafting',
      versions: 2,
    });
    await step('ask', { by: specialist, checkers: [deputy, clerk] });
    expect(await refused('submit', { by: specialist })).toEqual([422, 'work.checks-missing']);
    const late = await axis.fetch(COMMUNE, `/v1/sign/documents/${documentId}/versions?before=${sha256}`, { method: 'POST', body: new Uint8Array(letter.bytes) }); // biome-ignore format: one call
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([
      409,
      'signing.version-differs',
    ]);
  }, 60_000);

  test('wrong roles, wrong persons, the seal before the signature and before the number', async () => {
    const { specialist, clerk, leader, deputy } = people(axis, COMMUNE);
    const { file, letter } = await office.signed(COMMUNE, MINISTRY, 'V/v đóng dấu');
    const { revision, fileId } = file;
    const ask = (by: object, act: string) => office.refused(COMMUNE, `outgoing/${fileId}/ticket`, { revision, by, act, returnOrigin: 'http://127.0.0.1:5173' }); // biome-ignore format: one call
    expect(await ask(clerk, 'seal')).toEqual([409, 'work.step-not-now']);
    expect(await ask(specialist, 'seal')).toEqual([403, 'work.role-missing']);
    expect(await ask(deputy, 'approve')).toEqual([409, 'work.step-not-now']);
    for (const by of [specialist, leader, deputy])
      expect(await office.refused(COMMUNE, `outgoing/${fileId}/number`, { revision, by })).toEqual([
        403,
        'work.role-missing',
      ]);
    await office.step(COMMUNE, `outgoing/${fileId}/number`, { revision, by: clerk });
    const { revision: now } = await office.file(COMMUNE, 'outgoing', fileId);
    // Whoever signed does not seal, whatever roles they have.
    const both = { ...clerk, id: leader.id };
    expect(await office.refused(COMMUNE, `outgoing/${fileId}/ticket`, { revision: now, by: both, act: 'seal', returnOrigin: 'http://127.0.0.1:5173' })).toEqual([403, 'work.same-person']); // biome-ignore format: one call
    expect(await office.refused(COMMUNE, `outgoing/${fileId}/issue`, { revision: now, by: clerk })).toEqual([
      409,
      'work.step-not-now',
    ]);
    expect((await office.sign(COMMUNE, fileId, 'seal', clerk, letter)).state).toBe('sealed');
    // Another agency is told that there is nothing.
    expect(await office.refused('H53', `outgoing/${fileId}/issue`, { revision: 1, by: clerk })).toEqual([
      404,
      'work.file-unknown',
    ]);
  }, 60_000);

  test('two clerks at once: one number, one submission; and each step asked again is the same step', async () => {
    const { clerk, otherClerk } = people(axis, COMMUNE);
    const { file, letter } = await office.signed(COMMUNE, MINISTRY, 'V/v hai văn thư');
    const number = (by: object) =>
      office.post(COMMUNE, `outgoing/${file.fileId}/number`, { revision: file.revision, by });
    const answers = await Promise.all([number(clerk), number(otherClerk)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const numbered = await office.file(COMMUNE, 'outgoing', file.fileId);
    expect(steps(numbered).filter((step) => step === 'number')).toHaveLength(1);
    const winner = answers[0]?.status === 200 ? clerk : otherClerk;
    expect((await number(winner)).status).toBe(200);

    const sealed = await office.sign(COMMUNE, file.fileId, 'seal', clerk, letter);
    const issue = (by: object) =>
      office.post(COMMUNE, `outgoing/${file.fileId}/issue`, { revision: sealed.revision, by });
    const issued = await Promise.all([issue(clerk), issue(otherClerk)]);
    expect(issued.map(({ status }) => status).sort()).toEqual([200, 409]);
    const again = (await (await issue(issued[0]?.status === 200 ? clerk : otherClerk)).json()) as WorkFile;
    expect(again).toMatchObject({ state: 'sent' });
    expect(steps(again).filter((step) => step === 'issue' || step === 'sent')).toEqual(['issue', 'sent']);

    const documents = await Promise.all(
      ['một', 'hai', 'ba'].map((one) => office.signed(COMMUNE, MINISTRY, `V/v văn bản ${one}`)),
    );
    const numbers = await Promise.all(documents.map(({ file: one }) => office.step(COMMUNE, `outgoing/${one.fileId}/number`, { revision: one.revision, by: clerk }))); // biome-ignore format: one call
    expect(new Set(numbers.map(numberOf)).size).toBe(3);
    expect(Math.max(...numbers.map(numberOf))).toBe(numberOf(numbered) + 3);
  }, 90_000);
});

test('fsck goes through every file: steps that the ledger does not know, and entries that no step has', async () => {
  const { stores, stations } = axis.demo;
  const agencyId = (await stations.agencies.resolve(COMMUNE, Date.now()))?.id ?? '';
  const [file] = await stores.work.list({ agencyId, kind: 'outgoing', before: '', limit: 1 });
  if (!file) throw new TypeError('no file');
  const whole = await checkStores(stores);
  expect([whole.faults, whole.files > 5]).toEqual([[], true]);
  const faultsWith = async (steps: typeof file.steps) => {
    const work = { ...stores.work, list: async () => [{ ...file, steps }] };
    return (await checkStores({ ...stores, work })).faults.map(({ code }) => code);
  };
  expect(await faultsWith(file.steps.slice(1))).toEqual(['fsck.step-without-evidence']);
  const invented = { ...file.steps[0], eventId: 'f'.repeat(64) } as (typeof file.steps)[number];
  expect(await faultsWith([...file.steps, invented])).toEqual(['fsck.step-without-evidence']);
}, 60_000);
