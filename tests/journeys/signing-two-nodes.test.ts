import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import { draftReceipt, openSession, versionOf } from '../../src/exchange/index.ts';
import type { Draft } from '../../src/signing/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { Ceremonies, doneOf, PAGE } from '../builders/ceremonies.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';

const COMMUNE = 'H53.32.29';
const folders = [nodeFolder(), nodeFolder()];
let stores: SharedStores;
let nodes: RunningDemo[];
/** The same agency's signing, over each node. */
let over: Ceremonies[];

describeWithServices('signing over two nodes', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    nodes = await Promise.all(
      folders.map(({ path }) => {
        const settings = { ...stores.settings, PORT: '0', OPERATIONS_PORT: '0', DATA: path };
        const config = configFrom(settings, true);
        return startDemo({ config, log: makeLog('silent'), tell: () => {}, everyMs: 0 });
      }),
    );
    over = await Promise.all(
      nodes.map(async ({ pki, stations }) => {
        const agency = await stations.agencies.resolve(COMMUNE, Date.now());
        const caller = { clientId: 'qlvb-hai-nut', agencyIds: [agency?.id ?? ''], scopes: ['sign' as const] };
        return new Ceremonies(pki, caller, stations, COMMUNE).begin();
      }),
    );
  });
  afterAll(async () => {
    await Promise.all((nodes ?? []).map((node) => node.stop()));
    await stores?.remove();
    for (const folder of folders) folder.remove();
  });

  test('each step may come to another node, and the seal follows over the other', async () => {
    const [a, b] = over as [Ceremonies, Ceremonies];
    const { documentId, letter } = await a.letter();
    const official = a.entityFor('approve');
    const ticket = await b.ticket({ documentIds: [documentId] });
    const { session } = await openSession({ ticket, parentOrigin: PAGE, user: null }, a.x);
    const prepared = doneOf((await b.prepare(session, official))[0]);
    expect(await a.finalize(session, prepared, official)).toMatchObject({ version: 2, level: 'B-T' });
    await b.number(documentId, letter);
    expect(await a.sign(documentId, { action: 'seal' })).toMatchObject({ version: 4 });
    const draft = (await b.x.drafts.get(documentId)) as Draft;
    const bytes = await b.x.blobs.read(versionOf(draft, null).content);
    expect(verifyFile(bytes, b.x.verification()).indication).toBe('TOTAL_PASSED');
    const places: number[] = [];
    for (const version of draft.versions) places.push((await draftReceipt(draft, version, b.x)).index);
    expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    expect(places).toHaveLength(4);
  });

  test('a ticket that comes to both nodes at once opens one session', async () => {
    const [a, b] = over as [Ceremonies, Ceremonies];
    const { documentId } = await a.letter();
    const ticket = await a.ticket({ documentIds: [documentId] });
    const opening = { ticket, parentOrigin: PAGE, user: null };
    const outcomes = await Promise.allSettled([a, b, a, b].map(({ x }) => openSession(opening, x)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('of two signatures that finish over two nodes at once one wins; the same one over both is one', async () => {
    const [a, b] = over as [Ceremonies, Ceremonies];
    const { documentId } = await a.letter();
    const official = a.entityFor('approve');
    const ready = await Promise.all(
      over.map(async (node) => {
        const session = await node.open({ documentIds: [documentId] });
        return { session, prepared: doneOf((await node.prepare(session, official))[0]) };
      }),
    );
    const finish = (node: Ceremonies, i: number) =>
      node.finalize(ready[i]?.session as never, ready[i]?.prepared as never, official).then(
        ({ sha256 }) => sha256,
        (error: { code: string }) => error.code,
      );
    const told = await Promise.all([finish(a, 0), finish(b, 1), finish(b, 0), finish(a, 1)]);
    const kept = (await a.x.drafts.get(documentId))?.versions;
    expect(kept).toHaveLength(2);
    const [winner, loser] = told[0] === kept?.[1]?.sha256 ? [0, 1] : [1, 0];
    const pairs = [
      [told[0], told[2]],
      [told[1], told[3]],
    ];
    expect(pairs[winner]).toEqual([kept?.[1]?.sha256, kept?.[1]?.sha256]);
    expect(pairs[loser]).toEqual(['signing.version-differs', 'signing.version-differs']);
  });
});
