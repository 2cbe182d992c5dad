import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess, environment, trucBeside } from '../axis-process.ts';
import { prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';

/** Many processes start in one test, on machines with other work too. */
const PATIENCE_MS = 600_000;

let stores: SharedStores;
let node: AxisProcess;

describeWithServices('truc … on the shared stores, beside a running node', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    node = await axisProcess([], prefixed(stores.settings));
    await node.start();
  }, PATIENCE_MS);
  afterAll(async () => {
    await node?.remove();
    await stores?.remove();
  });

  const demo = (...path: string[]) => join(node.dataDir, 'demo', ...path);
  const send = (letter: string, as: string) =>
    node.trucBeside(
      'send',
      demo('samples', letter),
      ...['--url', node.url, '--credentials', demo('credentials.json'), '--as', as],
    );

  test(
    'fsck finds the stores whole while they are in use',
    async () => {
      expect((await send('01-xa-gui-bo.edxml', 'H53.32.29')).code).toBe(0);
      // Agencies were imported, each person of the demo registered, and the registry of the month fixed, before the letter.
      const entries = 1 + node.credentials().people.length + 1 + 3;
      const { code, stdout } = await node.trucBeside('fsck', '--json');
      expect({ code, report: JSON.parse(stdout) }).toMatchObject({
        code: 0,
        report: { documents: 1, deliveries: 1, entries, faults: [] },
      });
    },
    PATIENCE_MS,
  );

  test(
    'keys are sealed under a new master key beside the node; who starts with the old one is refused, with the new one has the same log',
    async () => {
      const file = join(node.dataDir, 'master_key');
      const fresh = randomBytes(32).toString('hex');
      writeFileSync(file, `${fresh}\n`);
      const reseal = () => node.trucBeside('keys', 'reseal', '--new-key-file', file);
      expect(await reseal()).toMatchObject({
        code: 0,
        stdout: 'ledger resealed\ntoken resealed\nwebhook resealed\n',
      });
      expect(await reseal()).toMatchObject({ code: 0, stdout: '' });
      expect((await send('03-tinh-gui-xa.edxml', 'H41')).code).toBe(0);
      const settings = prefixed(stores.settings);
      const old = await axisProcess([], settings);
      await expect(old.start()).rejects.toThrow(/app\.key-unreadable/);
      await old.remove();
      const next = await axisProcess([], { ...settings, TRUC_MASTER_KEY: fresh });
      await next.start();
      expect(next.credentials().vkey).toBe(node.credentials().vkey);
      await next.remove();
      writeFileSync(file, 'short');
      expect((await reseal()).stderr).toContain('[app.config-invalid]');
      writeFileSync(file, stores.settings.MASTER_KEY as string);
      const back = ['keys', 'reseal', '--new-key-file', file];
      const { code } = await trucBeside(back, { ...environment(), ...settings, TRUC_MASTER_KEY: fresh });
      expect(code).toBe(0);
    },
    PATIENCE_MS,
  );

  test(
    'agencies are imported, listed, locked and get credentials, and the running node knows at once',
    async () => {
      const csv = join(node.dataDir, 'more.csv');
      writeFileSync(
        csv,
        'code,name,level,parent,old_code,valid_from,valid_to,successor\nG77,Bộ Thử nghiệm,central,,,,,\n',
      );
      expect(await node.trucBeside('agency', 'import', csv)).toMatchObject({ code: 0 });
      expect((await node.trucBeside('agency', 'list', '--query', 'bo thu nghiem')).stdout).toContain(
        '"code":"G77"',
      );
      expect((await node.trucBeside('agency', 'lock', 'H53')).stdout).toContain('H53 locked');
      expect((await send('02-bo-gui-tinh.edxml', 'G09')).stderr).toContain('đã khóa');
      expect((await node.trucBeside('agency', 'lock', 'H53', '--unlock')).stdout).toContain('H53 open');
      const { clientId, clientSecret } = JSON.parse(
        (await node.trucBeside('agency', 'credentials', 'qlvb-thu', 'G77')).stdout,
      ) as {
        clientId: string;
        clientSecret: string;
      };
      const credentials = join(node.dataDir, 'thu.json');
      writeFileSync(credentials, JSON.stringify({ clientId, clientSecret }));
      const inbox = await node.trucBeside('inbox', '--url', node.url, '--credentials', credentials);
      expect({ code: inbox.code, stdout: inbox.stdout, stderr: inbox.stderr }).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    },
    PATIENCE_MS,
  );

  test(
    'ledger export writes what the node has signed, and the node goes on writing',
    async () => {
      const out = join(node.dataDir, 'log');
      expect(await node.trucBeside('ledger', 'export', '--out', out)).toMatchObject({ code: 0 });
      expect(readdirSync(out)).toEqual(expect.arrayContaining(['checkpoint', 'tile']));
      const second = await node.trucBeside(
        'send',
        demo('samples', '03-tinh-gui-xa.edxml'),
        ...['--url', node.url, '--credentials', demo('credentials.json'), '--as', 'H41'],
      );
      expect(second.stderr).toBe('');
      expect(second.code).toBe(0);
      expect(node.printed()).not.toContain('sequencer stopped');
    },
    PATIENCE_MS,
  );

  test(
    'migrate says which layout the stores have, beside the node; a data folder has none to migrate',
    async () => {
      expect(JSON.parse((await node.trucBeside('migrate')).stdout)).toEqual({ version: 3, readableFrom: 3 });
      const { code, stderr } = await trucBeside(['migrate'], { ...environment(), TRUC_DATA: '/nowhere' });
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('[cli.no-data]') });
    },
    PATIENCE_MS,
  );

  test(
    'a folder named beside the shared stores is refused, not passed over',
    async () => {
      const refused = await node.trucBeside('fsck', '--data', node.dataDir);
      expect({ code: refused.code, stderr: refused.stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('[app.config-invalid]'),
      });
    },
    PATIENCE_MS,
  );
});
