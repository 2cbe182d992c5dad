import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentFault, officialName, startVgcaAgent, type VgcaAgent } from '../../src/lab/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { selfSigned } from '../builders/self-signed.ts';
import { requiredTool } from '../required-tool.ts';
import { expectAccepted } from './judged.ts';
import { type Desk, type DeskOptions, Office, picture, violations } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'the signing widget with agents');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 90_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;
let agent: VgcaAgent;

beforeAll(async () => {
  if (executablePath === null) return;
  office = await Office.open(executablePath);
  const { key, certificate } = office.axis.demo.pki.entity(officialName(COMMUNE));
  agent = await startVgcaAgent({ key, certificate });
}, 120_000);
afterAll(async () => {
  await agent?.close();
  await office?.close();
});

/** Opens the desk with a fault of the agent, tries to sign with it, and says what the official is told. */
async function told(fault: AgentFault | null, options: DeskOptions = {}): Promise<[Desk, string]> {
  agent.fault = fault;
  const desk = await office.desk({ providers: ['vgca', 'soft'], agents: { vgca: agent.url }, ...options });
  await desk.inState('reviewing');
  await desk.submit();
  await desk.inState('failed');
  return [desk, await desk.code()];
}

describe('VGCA Sign Service, by its simulator', () => {
  inBrowser(
    'check 1: signs a digest that was checked, with one socket a call and no dummy hash',
    async () => {
      agent.fault = null;
      agent.calls.length = 0;
      const desk = await office.desk({ providers: ['vgca', 'soft'], agents: { vgca: agent.url } });
      await desk.inState('reviewing');
      // Check 8: nothing is connected to before the click.
      expect(agent.calls).toEqual([]);
      await desk.submit();
      await desk.inState('confirming');
      expect(agent.calls.map(({ path }) => path)).toEqual(['GetVersion', 'GetCertInfo']);
      await desk.sign();
      await desk.inState('signed');
      expect(agent.calls.map(({ path }) => path)).toEqual(['GetVersion', 'GetCertInfo', 'SignMsg']);
      await expectAccepted(desk, office);
      expect(desk.complaints).toEqual([]);
      await desk.close();
    },
  );

  const FAULTS: readonly [AgentFault, string][] = [
    ['hung', 'E_AGENT_HUNG'],
    ['silent', 'E_AGENT_HUNG'],
    ['malformed', 'E_AGENT_REPLY'],
    ['not-an-object', 'E_AGENT_REPLY'],
    ['huge', 'E_AGENT_REPLY'],
    ['closes', 'E_AGENT_REPLY'],
    ['status', 'E_AGENT_REFUSED'],
  ];
  inBrowser(
    'check 10: hung, silent, malformed, huge, closed or refusing: each has its code within four seconds of the page’s clock, and another way is proposed',
    async () => {
      agent.fault = null;
      const desk = await office.desk({ providers: ['vgca', 'soft'], agents: { vgca: agent.url } });
      const { page, widget } = desk;
      await page.clock.install();
      await page.reload();
      await desk.inState('reviewing');
      // From now on time goes on only when it is told to: what has no timer has its code at once.
      await page.clock.pauseAt(new Date(Date.now() + 60_000));
      for (const [fault, expected] of FAULTS) {
        agent.fault = fault;
        const before = agent.calls.length;
        await widget.locator('#provider-vgca').check();
        await desk.submit();
        if (expected === 'E_AGENT_HUNG') {
          await desk.inState('connecting');
          const isCalled = () => fault !== 'silent' || agent.calls.length > before;
          while (!isCalled()) await new Promise((resolve) => setTimeout(resolve, 5));
          await page.clock.runFor(3_900);
        }
        await desk.inState('failed');
        expect([fault, await desk.code()]).toEqual([fault, expected]);
        expect(await desk.last('edoc-error')).toEqual({ code: expected, retryable: true });
        if (fault === 'status')
          expect(await widget.locator('#error').innerText()).toContain(
            'Không tìm thấy thiết bị ký số (Status 1)',
          );
        await widget.locator('#back').click();
        await desk.inState('reviewing');
        expect(await widget.locator('#provider-soft').isChecked()).toBe(true);
      }
      await desk.close();
    },
  );

  inBrowser('check 10: no agent, and one whose TLS is not trusted', async () => {
    const { key, certificate } = office.axis.demo.pki.entity(officialName(COMMUNE));
    const secret = await startVgcaAgent({ key, certificate, tls: selfSigned() });
    const [untrusted, second] = await told(null, { agents: { vgca: secret.url } });
    expect(['E_AGENT_TLS', 'E_AGENT_ABSENT']).toContain(second);
    await untrusted.close();
    // Once trusted, the same agent answers over wss.
    const trusted = await office.desk({
      providers: ['vgca'],
      agents: { vgca: secret.url },
      ignoreHTTPSErrors: true,
    });
    await trusted.inState('reviewing');
    await trusted.submit();
    await trusted.inState('confirming');
    await trusted.close();
    await secret.close();
    const [absent, first] = await told(null, { agents: { vgca: secret.url.replace('wss', 'ws') } });
    expect(first).toBe('E_AGENT_ABSENT');
    await absent.close();
  });

  inBrowser(
    'check 11: signs the file in its own window, and what it brings back otherwise is refused',
    async () => {
      agent.fault = null;
      agent.calls.length = 0;
      const desk = await office.desk({
        providers: ['vgca', 'soft'],
        agents: { vgca: agent.url },
        bypassCSP: true,
      });
      await desk.inState('reviewing');
      await desk.widget.locator('#vgca-window').check();
      expect(await violations(desk)).toEqual([]);
      await picture(desk, 'vgca-window');
      agent.alter = (signed) => Buffer.concat([signed, Buffer.from('%')]);
      await desk.submit();
      await desk.inState('failed');
      expect(await desk.code()).toBe('E_AGENT_REFUSED');
      await desk.widget.locator('#back').click();
      await desk.inState('reviewing');
      await desk.widget.locator('#provider-vgca').check();
      await desk.widget.locator('#vgca-window').check();
      agent.alter = null;
      await desk.submit();
      await desk.inState('signed');
      expect(agent.calls.map(({ path }) => path)).toEqual([
        'GetVersion',
        'SignApproved',
        'GetVersion',
        'SignApproved',
      ]);
      const report = verifyFile(await desk.signedBytes(), office.axis.demo.stations.verification());
      expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline: 'B-T' }] });
      expect(await desk.last('edoc-signed')).toMatchObject({ version: 2, level: 'B-T' });
      // The agent is given addresses that work once, and nothing of the session.
      const message = agent.calls.at(-1)?.message ?? '';
      expect(JSON.parse(message)).toMatchObject({ SessionId: '', JWTToken: '' });
      expect((await fetch((JSON.parse(message) as { FileName: string }).FileName)).status).toBe(410);
      await desk.close();
    },
  );

  inBrowser('another token, and a value that is no signature of the document, sign nothing', async () => {
    for (const [fault, expected] of [
      ['other-key', 'E_OTHER_KEY'],
      ['wrong-signature', 'E_SIGNATURE'],
    ] as const) {
      agent.fault = null;
      const desk = await office.desk({ providers: ['vgca'], agents: { vgca: agent.url } });
      await desk.inState('reviewing');
      await desk.submit();
      await desk.inState('confirming');
      agent.fault = fault;
      const sent: string[] = [];
      desk.page.on('request', (request) => sent.push(request.url()));
      await desk.sign();
      await desk.inState('failed');
      expect(await desk.code()).toBe(expected);
      expect(sent.filter((url) => url.endsWith('/finalize'))).toEqual([]);
      await desk.close();
    }
  });
});
