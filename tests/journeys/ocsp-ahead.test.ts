import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openEmbedded } from '../../src/adapters/embedded/index.ts';
import { crlClient } from '../../src/adapters/wire/crl-client.ts';
import { ocspClient } from '../../src/adapters/wire/ocsp-client.ts';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { silentLog, systemClock } from '../../src/kernel/index.ts';
import {
  heldAnswers,
  judgePath,
  policyNamed,
  sightings,
  trustStore,
  type VerificationContext,
} from '../../src/verification/index.ts';
import { revocationWorker } from '../../src/workers/index.ts';
import { certify, ext, type Party, rootAuthority } from '../builders/forged-pki.ts';
import { freePort } from '../builders/listening.ts';
import { opensslResponder } from '../builders/openssl-ocsp.ts';
import { requiredTool } from '../required-tool.ts';

const NOW = systemClock.now();
const openssl = requiredTool('openssl', 'OCSP answers of openssl, fetched ahead');
const describeWithOpenssl = openssl ? describe : describe.skip;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** One run of a node on a data folder. */
async function node(folder: string, root: Party) {
  const stores = await openEmbedded(folder, join(folder, 'signer.json'));
  const held = heldAnswers(stores.revocation, silentLog);
  await held.renew();
  const seen = sightings();
  const folders = trustStore({ anchors: [root.certificate] });
  const context = (): VerificationContext => ({
    trust: held.over(folders),
    policy: policyNamed('cong-vu'),
    at: systemClock.now(),
    revocation: 'required',
    seen: seen.note,
  });
  const client = { guard: targetGuard({ allowed: ['127.0.0.0/8'], own: () => [] }), clock: systemClock };
  const worker = revocationWorker({
    ...{ held, sightings: seen, crlUrls: [], log: silentLog },
    upkeep: {
      ...{ shelf: stores.revocation, context, clock: systemClock, random: () => 0.5, log: silentLog },
      fetchCrl: crlClient(client),
      fetchOcsp: ocspClient(client),
      everyMs: 3_600_000,
      nonceRule: 'required',
    },
  });
  const close = async () => {
    await worker.stop();
    await stores.close();
  };
  return {
    ...worker,
    close,
    judged: ({ certificate }: Party) => {
      const { indication, errors } = judgePath(certificate, context());
      return [indication, ...errors];
    },
  };
}

describeWithOpenssl('the responder of openssl is asked ahead', () => {
  test('for a good signer and a withdrawn one; a node that starts again without it knows what it said', async () => {
    const root = rootAuthority(NOW, 'Gốc');
    const port = await freePort();
    const party = (subject: string, more: Buffer[] = []) =>
      certify(NOW, { subject, issuer: root, extensions: [ext.notCa(), ext.keyUsage(0, 1), ...more] });
    const address = ext.ocspAt(`http://127.0.0.1:${port}/`);
    const [good, withdrawn, unknown] = ['Người ký', 'Người đã thôi việc', 'Người lạ'].map((name) =>
      party(name, [address]),
    ) as [Party, Party, Party];
    const signer = party('OCSP', [ext.purposes(false, '1.3.6.1.5.5.7.3.9'), ext.noCheck()]);
    const responder = await opensslResponder({
      ...{ openssl: openssl as string, authority: root, responder: signer, port },
      good: [good],
      revoked: [withdrawn],
    });
    closers.push(responder.close);
    const folder = mkdtempSync(join(tmpdir(), 'truc-ocsp-ahead-'));
    closers.push(() => rmSync(folder, { recursive: true }));

    const first = await node(folder, root);
    const missing = ['INDETERMINATE', 'revocation.missing'];
    for (const one of [good, withdrawn, unknown]) expect(first.judged(one)).toEqual(missing);
    await first.round();
    const known = (axis: typeof first) => [good, withdrawn, unknown].map(axis.judged);
    const said = [['TOTAL_PASSED'], ['INDETERMINATE', 'revocation.revoked'], missing];
    expect(known(first)).toEqual(said);
    await first.close();

    await responder.close();
    closers.splice(0, 1);
    const second = await node(folder, root);
    closers.push(second.close);
    expect(known(second)).toEqual(said);
  });
});
