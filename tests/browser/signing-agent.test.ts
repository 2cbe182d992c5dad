import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { officialName } from '../../src/lab/index.ts';
import { type SoftToken, softToken } from '../builders/soft-token.ts';
import { requiredTool } from '../required-tool.ts';
import { expectAccepted } from './judged.ts';
import { type Desk, Office } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const ROOT = join(import.meta.dirname, '..', '..');
const tools = ['chromium', 'softhsm2-util', 'pkcs11-tool'].map((one) =>
  requiredTool(one, 'truc agent with SoftHSM'),
);
const executablePath = tools.every((one) => one !== null) ? tools[0] : null;
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async () => (executablePath ? work() : undefined), 150_000);
let office: Office;
let token: SoftToken;
let agent: Agent;

/** `truc agent` as its owner sees it: what it says, and what is typed. */
interface Agent {
  url: string;
  said(pattern: RegExp): Promise<RegExpExecArray>;
  type(line: string): void;
  audit(): { event: string; origin?: string; code?: string }[];
  process: ChildProcess;
}

async function startAgent(origin: string): Promise<Agent> {
  const memory = join(token.folder, 'agent');
  const options = ['--module', token.module, '--origin', origin, '--port', '0', '--dir', memory];
  const child = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), 'agent', ...options], {
    env: { ...process.env, ...token.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let heard = '';
  let from = 0;
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    for (const look of waiting) look();
  });
  /** What was not looked at before. */
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(heard.slice(from));
        if (!found) return;
        from += found.index + found[0].length;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const [, url = ''] = await said(/ready (ws:\S+)/);
  return {
    url,
    said,
    type: (line) => child.stdin.write(`${line}\n`),
    audit: () =>
      readFileSync(join(memory, 'audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string }),
    process: child,
  };
}

beforeAll(async () => {
  if (!executablePath) return;
  office = await Office.open(executablePath);
  const { key, certificate } = office.axis.demo.pki.entity(officialName(COMMUNE));
  token = softToken({ key, certificate });
  agent = await startAgent(office.axis.credentials.signingUrl);
}, 180_000);
afterAll(async () => {
  agent?.process.kill('SIGTERM');
  await office?.close();
  token?.remove();
});

async function pairedDesk(more: Parameters<Office['desk']>[0] = {}): Promise<Desk> {
  const desk = await office.desk({ providers: ['local', 'soft'], agents: { local: agent.url }, ...more });
  await desk.inState('reviewing');
  await desk.submit();
  const code = await desk.widget.locator('#pairing-code').innerText();
  await agent.said(/pairing code on the page/);
  agent.type(code);
  await desk.inState('confirming');
  return desk;
}

inBrowser(
  'check 1: a token signs by truc agent: paired by a code, the same code on both sides, the PIN in the terminal',
  async () => {
    const desk = await pairedDesk();
    const code = await desk.widget.locator('#code').innerText();
    await desk.sign();
    const [, title] = await agent.said(/\n {2}- (.*)\n/);
    expect(title).toBe('V/v đề nghị bổ sung biên chế');
    const [, left, right] = await agent.said(/confirmation code: (\d{3}) (\d{3})/);
    expect(`${left}${right}`).toBe(code);
    await agent.said(/Mã PIN/);
    // A wrong PIN is tried once, and costs one try.
    agent.type('000000');
    await desk.inState('failed');
    expect(await desk.code()).toBe('E_PIN_WRONG');
    await desk.widget.locator('#back').click();
    await desk.inState('reviewing');
    // Paired before: no code is asked for.
    await desk.submit();
    await desk.inState('confirming');
    await desk.sign();
    await agent.said(/Mã PIN/);
    agent.type(token.pin);
    await desk.inState('signed');
    await expectAccepted(desk, office);
    expect(await desk.keyUses()).toBe(0);
    expect(desk.complaints).toEqual([]);
    const events = agent.audit().map(({ event }) => event);
    expect(events).toEqual(['paired', 'asked', 'refused', 'asked', 'signed']);
    expect(readFileSync(join(token.folder, 'agent', 'audit.jsonl'), 'utf8')).not.toContain(token.pin);
    await desk.close();
  },
);

inBrowser('the agent makes the checks itself: a page that was taken over gets no PIN question', async () => {
  const desk = await pairedDesk();
  // What the page sends is replaced behind its checks: another document's attributes for the same address.
  await desk.page.frames()[1]?.evaluate(() => {
    const { encrypt } = SubtleCrypto.prototype;
    SubtleCrypto.prototype.encrypt = function (how, key, data) {
      const message = JSON.parse(new TextDecoder().decode(data as Uint8Array<ArrayBuffer>));
      const [item] = message.items ?? [];
      // Within the message digest.
      const flipped = (text: string) =>
        `${text.slice(0, 80)}${text[80] === 'A' ? 'B' : 'A'}${text.slice(81)}`;
      if (item) item.toBeSigned = flipped(item.toBeSigned);
      return encrypt.call(this, how, key, new TextEncoder().encode(JSON.stringify(message)));
    };
  });
  await desk.sign();
  await desk.inState('failed');
  expect(await desk.code()).toBe('E_AGENT_CHECK');
  expect(agent.audit().at(-1)).toMatchObject({ event: 'refused', code: 'E_AGENT_CHECK' });
  await desk.close();
});

inBrowser('a wrong pairing code, and a page of another origin, get nothing', async () => {
  const desk = await office.desk({ providers: ['local'], agents: { local: agent.url } });
  await desk.inState('reviewing');
  await desk.submit();
  const code = await desk.widget.locator('#pairing-code').innerText();
  await agent.said(/pairing code on the page/);
  agent.type(code === '123456' ? '654321' : '123456');
  await desk.inState('failed');
  expect(await desk.code()).toBe('E_PAIRING');
  // Who comes from elsewhere is refused before a word.
  const status = await new Promise<number | undefined>((resolve) => {
    const socket = new WebSocket(agent.url, { origin: 'https://la.example.vn' });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
  });
  expect(status).toBe(403);
  await desk.close();
});
