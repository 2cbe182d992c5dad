import { type TrucClient, trucClient } from '../../client/index.ts';
import { auditLog } from '../../ledger/index.ts';
import type { DemoCredentials } from '../demo/world.ts';
import type { History, Sent } from './history.ts';

export interface Violation {
  what: string;
  documentId: string | null;
  detail: string;
}

export interface CheckOptions {
  url: string;
  agencies: DemoCredentials['agencies'];
  vkey: string;
  history: History;
}

interface Timeline {
  events: { type: string; index: number; recipient?: string }[];
}
interface View {
  state: string;
  recipients: { code: string; transport: string }[];
}

const AT_ONCE = 8;
const AXIS_STEPS = ['document.submitted', 'signature.verified', 'delivery.queued'];
const RECIPIENT_STEPS = ['delivery.fetched', 'delivery.acknowledged', 'status.03'];

/**
 * Holds the history of a drill against what the axis says afterwards: every accepted document is there, once, with the
 * answer that its sender has; each recipient took it once, as it was sent; its entries are in the ledger once and in
 * order; every end of a delivery has its evidence, and no evidence is without a state; the ledger is whole.
 */
export async function checkHistory(options: CheckOptions): Promise<Violation[]> {
  const { history } = options;
  const violations: Violation[] = [];
  const tell = (sent: Sent | null, what: string, detail = '') =>
    void violations.push({ what, documentId: sent?.documentId ?? null, detail });
  const clientOf = clientsOf(options);
  const indices = new Map<number, string>();

  async function checkOne(sent: Sent): Promise<void> {
    if (sent.refusal !== null) return tell(sent, 'refused', sent.refusal);
    if (sent.answer === null) return tell(sent, 'never answered');
    const sender = clientOf(sent.from);
    const again = JSON.stringify(await sender.send(sent.edxml));
    if (again !== sent.answer) tell(sent, 'another answer on repeat');
    const view = await read<View>(sender, `/v1/documents/${sent.documentId}`);
    if (view.state !== 'accepted') tell(sent, 'not accepted', view.state);
    for (const line of view.recipients)
      if (line.transport !== 'done') tell(sent, 'not delivered', `${line.code} ${line.transport}`);
    checkTaken(sent);
    const { events } = await read<Timeline>(sender, `/v1/documents/${sent.documentId}/timeline`);
    // The statuses that come back to the sender have deliveries of their own.
    checkEvents(
      sent,
      events.filter(({ recipient }) => recipient !== sent.from),
    );
  }

  function checkTaken(sent: Sent): void {
    const taken = history.taken.filter((one) => one.documentId === sent.documentId);
    for (const code of sent.to) {
      const own = taken.filter((one) => one.by === code);
      if (own.length !== 1) tell(sent, own.length === 0 ? 'lost' : 'delivered twice', code);
      if (own.some((one) => one.sha256 !== sent.sha256)) tell(sent, 'other bytes delivered', code);
    }
    if (taken.some((one) => !sent.to.includes(one.by))) tell(sent, 'delivered to a stranger');
  }

  function checkEvents(sent: Sent, events: Timeline['events']): void {
    const expected = [...AXIS_STEPS, ...sent.to.flatMap(() => RECIPIENT_STEPS)];
    const types = events.map((event) => event.type);
    if (JSON.stringify([...types].sort()) !== JSON.stringify([...expected].sort()))
      tell(sent, 'other entries than steps', types.join(' '));
    for (const chain of [[], ...sent.to.map((code) => [code])]) {
      const steps = [...AXIS_STEPS, ...(chain.length > 0 ? RECIPIENT_STEPS : [])];
      const places = steps.map(
        (type) =>
          events.find(
            (event) => event.type === type && (AXIS_STEPS.includes(type) || event.recipient === chain[0]),
          )?.index ?? -1,
      );
      if (places.some((place, i) => i > 0 && place <= (places[i - 1] as number)))
        tell(sent, 'entries out of order', `${chain.join()} ${places.join(' ')}`);
    }
    for (const { index, type } of events) {
      if (indices.has(index)) tell(sent, 'two events at one entry', `${index} ${type} ${indices.get(index)}`);
      indices.set(index, type);
    }
  }

  const waiting = [...history.sent];
  const next = async () => {
    for (let sent = waiting.pop(); sent; sent = waiting.pop()) await checkOne(sent);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  for (const { act, by, documentId, code } of history.refused)
    violations.push({ what: `${act} refused`, documentId, detail: `${by} ${code}` });
  const ids = history.sent.map((sent) => sent.documentId).filter((id) => id !== null);
  if (new Set(ids).size !== ids.length) tell(null, 'one document for two submissions');
  const log = await auditLog(logAt(options.url), { vkey: options.vkey });
  if (!log.ok) tell(null, 'ledger not whole', JSON.stringify(log.findings.slice(0, 5)));
  return violations;
}

function clientsOf({ url, agencies }: CheckOptions): (code: string) => TrucClient {
  const known = new Map(
    agencies.map(({ code, clientId, clientSecret }) => [code, trucClient({ url, clientId, clientSecret })]),
  );
  return (code) => known.get(code) as TrucClient;
}

async function read<Body>(client: TrucClient, path: string): Promise<Body> {
  return JSON.parse((await client.get(path)).toString()) as Body;
}

function logAt(url: string): (path: string) => Promise<Buffer | null> {
  return async (path) => {
    const response = await fetch(`${url}/ledger/${path}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  };
}
