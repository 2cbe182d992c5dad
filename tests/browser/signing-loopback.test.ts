import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { officialName, startVgcaAgent, type VgcaAgent } from '../../src/lab/index.ts';
import { requiredTool } from '../required-tool.ts';
import { type Desk, type DeskOptions, Office } from './signing-desk.ts';

const executablePath = requiredTool('chromium', 'permission to speak with agents of this machine');
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async () => (executablePath === null ? undefined : work()), 90_000);
let office: Office;
let agent: VgcaAgent;

beforeAll(async () => {
  if (executablePath === null) return;
  // Office and axis count as pages of the internet, so that the browser asks before they reach this machine.
  office = await Office.open(executablePath, ({ credentials: { officeUrl, signingUrl } }) => {
    const ports = [officeUrl, signingUrl].map((url) => new URL(url).port);
    return [`--ip-address-space-overrides=${ports.map((port) => `127.0.0.1:${port}=public`).join()}`];
  });
  const { key, certificate } = office.axis.demo.pki.entity(officialName('H53.32.29'));
  agent = await startVgcaAgent({ key, certificate });
}, 120_000);
afterAll(async () => {
  await agent?.close();
  await office?.close();
});

async function desk(options: DeskOptions = {}): Promise<Desk> {
  agent.calls.length = 0;
  const opened = await office.desk({ providers: ['vgca'], agents: { vgca: agent.url }, ...options });
  await opened.inState('reviewing');
  expect(agent.calls).toEqual([]);
  return opened;
}

/** The browser's own setting, as an official or IT staff have made it. */
async function permit({ page }: Desk, setting: 'granted' | 'denied'): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  const context = { browserContextId: String(targetInfo.browserContextId) };
  for (const name of ['loopback-network', 'local-network-access'])
    await session.send('Browser.setPermission', { permission: { name }, setting, ...context });
}

inBrowser('check 8: granted, the agent is spoken with', async () => {
  const opened = await desk();
  await permit(opened, 'granted');
  await opened.submit();
  await opened.inState('confirming');
  await opened.close();
});

inBrowser(
  'check 8: denied, or asked and not answered, is E_LNA_DENIED; denied means that nothing is tried',
  async () => {
    const denied = await desk();
    await permit(denied, 'denied');
    await denied.submit();
    await denied.inState('failed');
    expect(await denied.code()).toBe('E_LNA_DENIED');
    expect(denied.complaints).toEqual([]);
    await denied.close();
    const asked = await desk();
    await asked.submit();
    await asked.inState('failed');
    expect(await asked.code()).toBe('E_LNA_DENIED');
    expect(agent.calls).toEqual([]);
    await asked.close();
  },
);

inBrowser(
  'check 9: a page around that does not let the frame through is told so, for its integrator',
  async () => {
    const opened = await desk({
      between: (context) =>
        context.route('**/ky?*', async (route) => {
          const response = await route.fetch();
          const policy = 'loopback-network=(), local-network-access=(), local-network=()';
          await route.fulfill({ response, headers: { ...response.headers(), 'permissions-policy': policy } });
        }),
    });
    await opened.submit();
    await opened.inState('failed');
    expect(await opened.code()).toBe('E_LNA_FRAME');
    expect(await opened.widget.locator('#error').innerText()).toContain('allow="loopback-network');
    await opened.close();
  },
);
