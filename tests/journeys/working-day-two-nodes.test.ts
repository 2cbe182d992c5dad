import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import { checkStores, submit } from '../../src/exchange/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import {
  type Actor,
  askForChecks,
  check,
  collectArrivals,
  completeIncoming,
  directIncoming,
  type IncomingFile,
  issueOutgoing,
  type LetterFacts,
  numberOutgoing,
  type OutgoingFile,
  openOutgoing,
  outgoingFile,
  progressIncoming,
  registerIncoming,
  setCollecting,
  submitToSigner,
  verifyIncoming,
  type WorkDesk,
  type WorkRole,
} from '../../src/workflow/index.ts';
import { Ceremonies } from '../builders/ceremonies.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { letters } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
const OTHER = 'H41.21.05';
const folders = [nodeFolder(), nodeFolder()];
let stores: SharedStores;
let nodes: RunningDemo[];
/** The clerical work over each node. */
let a: WorkDesk;
let b: WorkDesk;

async function actor(code: string, role: WorkRole, id: string = role): Promise<Actor> {
  const agencyId = (await a.agencies.resolve(code, Date.now()))?.id ?? '';
  return { id: `${code}/${id}`, name: id, title: '', agencyId, roles: [role], signer: {} };
}

describeWithServices('the day of a document over two nodes', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    nodes = await Promise.all(
      folders.map(({ path }) => {
        const settings = { ...stores.settings, PORT: '0', OPERATIONS_PORT: '0', DATA: path };
        const config = configFrom(settings, true);
        return startDemo({ config, log: makeLog('silent'), tell: () => {}, everyMs: 0 });
      }),
    );
    [a, b] = nodes.map(({ stations }) => stations) as [WorkDesk, WorkDesk];
  });
  afterAll(async () => {
    await Promise.all((nodes ?? []).map((node) => node.stop()));
    await stores?.remove();
    for (const folder of folders) folder.remove();
  });

  /** A file that the agency's own system had signed; each step over the other node. */
  async function signed(): Promise<{ file: OutgoingFile; signing: Ceremonies }> {
    const specialist = await actor(COMMUNE, 'specialist');
    const [deputy, clerk] = [await actor(COMMUNE, 'deputy'), await actor(COMMUNE, 'clerk')];
    const caller = { clientId: 'qlvb-hai-nut', agencyIds: [specialist.agencyId], scopes: ['sign' as const] };
    const signing = await new Ceremonies((nodes[0] as RunningDemo).pki, caller, a, COMMUNE).begin();
    const { documentId, letter } = await signing.letter();
    const facts: LetterFacts = {
      ...{ subject: 'V/v hai nút', typeName: 'Công văn', notation: 'UBND', place: 'Thành Long', to: [MINISTRY] },
      ...{ toPlaces: ['Lưu: VT'], priority: 0, dueDate: null, signer: await actor(COMMUNE, 'leader') },
      ...{ capacity: 'TM', authority: 'TM. ỦY BAN NHÂN DÂN', delegationId: null, paragraphs: null, answers: null },
      places: { number: letter.number, date: letter.date },
    }; // biome-ignore format: facts by the line
    const { fileId } = await openOutgoing({ documentId, letter: facts, actor: specialist }, a);
    let { revision } = await askForChecks({ fileId, revision: 1, actor: specialist, checkers: [deputy, clerk] }, b);
    ({ revision } = await check({ fileId, revision, actor: deputy, aspect: 'content' }, a));
    ({ revision } = await check({ fileId, revision, actor: clerk, aspect: 'form' }, b));
    await submitToSigner({ fileId, revision, actor: specialist }, a);
    await signing.sign(documentId);
    return { file: await outgoingFile(fileId, specialist.agencyId, b), signing };
  }

  const won = (outcomes: PromiseSettledResult<unknown>[]) =>
    outcomes.filter(({ status }) => status === 'fulfilled').length;

  test('two clerks at two nodes at once: one number, one submission, one file at the other end, one arrival number', async () => {
    const { file, signing } = await signed();
    expect(file).toMatchObject({ state: 'signed' });
    const [one, two] = [await actor(COMMUNE, 'clerk', 'một'), await actor(COMMUNE, 'clerk', 'hai')];
    const { fileId, documentId } = file;
    const number = { fileId, revision: file.revision, number: null, date: null };
    expect(won(await Promise.allSettled([numberOutgoing({ ...number, actor: one }, a), numberOutgoing({ ...number, actor: two }, b)]))).toBe(1);
    await signing.sign(documentId, { action: 'seal' });
    const { revision } = await outgoingFile(fileId, file.agencyId, b);
    const issue = { fileId, revision, to: null };
    expect(won(await Promise.allSettled([issueOutgoing({ ...issue, actor: one }, a), issueOutgoing({ ...issue, actor: two }, b)]))).toBe(1);
    const sent = await outgoingFile(fileId, file.agencyId, a);
    expect(sent).toMatchObject({ state: 'sent', line: { number: 1 } });
    expect(sent.steps.filter(({ step }) => step === 'number')).toHaveLength(1);

    const [first, second] = [await actor(MINISTRY, 'clerk', 'một'), await actor(MINISTRY, 'clerk', 'hai')];
    const taken = await Promise.all([collectArrivals(first, 20, a), collectArrivals(second, 20, b)]);
    expect(taken[0].documents + taken[1].documents).toBe(1);
    const { agencyId } = first;
    const [arrived] = await b.work.list({ agencyId, kind: 'incoming', before: '', limit: 10 });
    const verified = await verifyIncoming({ fileId: arrived?.fileId ?? '', revision: arrived?.revision ?? 0, actor: first }, a);
    const register = { fileId: verified.fileId, revision: verified.revision, number: null };
    const outcomes = await Promise.allSettled([registerIncoming({ ...register, actor: first }, a), registerIncoming({ ...register, actor: second }, b)]);
    expect(won(outcomes)).toBe(1);
    let now = (await a.work.get(verified.fileId)) as IncomingFile;
    const [leader, lead] = [await actor(MINISTRY, 'leader'), await actor(MINISTRY, 'specialist')];
    now = await directIncoming({ fileId: now.fileId, revision: now.revision, actor: leader, note: 'Giao xử lý.', lead, others: [], dueDate: null }, b);
    now = await progressIncoming({ fileId: now.fileId, revision: now.revision, actor: lead, note: 'Đang làm.' }, a);
    now = await completeIncoming({ fileId: now.fileId, revision: now.revision, actor: lead }, b);
    expect(now).toMatchObject({ state: 'done', line: { number: 1 }, unfinished: false });
    const codes = (await a.statuses.of(String(sent.sentAs))).map(({ code }) => code);
    expect(codes).toEqual(['01', '03', '04', '05', '06']);
  }, 60_000);

  test('both nodes take in what comes by itself: one file and one 01 each', async () => {
    const clerk = await actor(OTHER, 'clerk');
    await setCollecting(clerk, true, a);
    const desk = await letters((nodes[0] as RunningDemo).pki);
    const caller = { clientId: 'qlvb-g09', agencyIds: [(await actor(MINISTRY, 'clerk')).agencyId], scopes: [] };
    const sent = await Promise.all(
      [a, b, a, b, a, b].map(async (node, i) => submit(await desk.letter(MINISTRY, [OTHER], { subject: `V/v ${i}` }), caller, node)),
    );
    await desk.stop();
    const told = async () => (await Promise.all(sent.map(({ documentId }) => b.statuses.of(documentId)))).map((list) => list.map(({ code }) => code));
    for (let round = 0; round < 400 && (await told()).flat().length < sent.length; round++) await sleep(50);
    const query = { agencyId: clerk.agencyId, kind: 'incoming', before: '', limit: 50 } as const;
    const settled = async () => (await a.work.list(query)).every(({ unfinished }) => !unfinished);
    for (let round = 0; round < 400 && !(await settled()); round++) await sleep(50);
    expect((await a.work.list(query)).map(({ documentId }) => documentId).sort()).toEqual(sent.map(({ documentId }) => documentId).sort());
    expect(await told()).toEqual(sent.map(() => ['01']));
    await setCollecting(clerk, false, b);
  }, 60_000);

  test('numbers of files at two nodes at once have neither gap nor twin', async () => {
    const files: OutgoingFile[] = [];
    for (let i = 0; i < 4; i++) files.push((await signed()).file);
    const clerk = await actor(COMMUNE, 'clerk');
    const numbered = await Promise.all(
      files.map(({ fileId, revision }, i) =>
        numberOutgoing({ fileId, revision, actor: clerk, number: null, date: null }, i % 2 === 0 ? a : b),
      ),
    );
    const numbers = numbered.map(({ line }) => line?.number ?? 0).sort((x, y) => x - y);
    expect(numbers).toEqual([2, 3, 4, 5]);
    const { agencyId } = clerk;
    const year = numbered[0]?.line?.year ?? 0;
    const lines = await b.work.register({ agencyId, register: 'outgoing', year, after: 0, limit: 10 });
    expect(lines.map(({ line }) => line?.number)).toEqual([1, 2, 3, 4, 5]);
    expect((await checkStores((nodes[0] as RunningDemo).stores)).faults).toEqual([]);
  }, 90_000);
}); // biome-ignore format: a step a line
