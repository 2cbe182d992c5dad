/** What the page knows of one entry: as the server gave it, or as it was downloaded. Bytes are base64. */
export interface Bundle {
  log: string;
  vkey: string;
  index: number;
  entry: string;
  path: string[];
  /** Signed note (C2SP tlog-checkpoint). */
  checkpoint: string;
  /** Of what is verified with opened facts: all commitments of the entry, hexadecimal, and those that are opened. */
  commitments?: string[];
  disclosures?: Disclosure[];
  /** SHA-256 of the file in hand, which one of the opened facts must be. */
  file?: string;
}

/** An opened fact; the key is base64url. */
interface Disclosure {
  name: string;
  value: string | number;
  key: string;
}

export type StepName = 'leaf' | 'path' | 'root' | 'signature' | 'consistency' | 'facts' | 'file';

/** What came of one step; `detail` is what was computed. */
export interface Step {
  name: StepName;
  ok: boolean;
  detail: string;
}

export interface Head {
  size: number;
  root: Uint8Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const MOST_PATH = 63;
const ED25519 = 0x01;

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const same = (a: Uint8Array, b: Uint8Array) => toHex(a) === toHex(b);

async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

/** RFC 6962 §2.1 */
const leafHash = (entry: Uint8Array) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left: Bytes, right: Bytes) => sha256(Uint8Array.of(1), left, right);

/** Root that a leaf and its path come to (RFC 9162 §2.1.3.2); null for a path of another length. */
async function rootOf(
  index: number,
  size: number,
  leaf: Bytes,
  path: readonly Bytes[],
): Promise<Bytes | null> {
  if (index >= size || path.length > MOST_PATH) return null;
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const node of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(node, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else root = await nodeHash(root, node);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? root : null;
}

/** Whether the second tree begins with the first (RFC 9162 §2.1.4.2). */
export async function isConsistent(first: Head, second: Head, path: readonly Bytes[]): Promise<boolean> {
  if (first.size > second.size || path.length > MOST_PATH) return false;
  if (first.size === second.size) return path.length === 0 && same(first.root, second.root);
  if (first.size === 0) return path.length === 0;
  const nodes = Number.isInteger(Math.log2(first.size)) ? [first.root, ...path] : [...path];
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  const start = nodes.shift();
  if (!start) return false;
  let [fr, sr] = [start, start];
  for (const node of nodes) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [await nodeHash(node, fr), await nodeHash(node, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else sr = await nodeHash(sr, node);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(fr, first.root) && same(sr, second.root);
}

/** Size and root that a checkpoint states; null where it is none. */
export function headOf(checkpoint: string): (Head & { origin: string }) | null {
  const [origin = '', digits = '', root = ''] = checkpoint.split('\n');
  try {
    const bytes = fromBase64(root);
    if (!/^\d{1,15}$/.test(digits) || bytes.length !== 32) return null;
    return { origin, size: Number(digits), root: bytes };
  } catch {
    return null;
  }
}

/** Whether the log's key signed the note (C2SP signed-note, Ed25519). */
async function isSigned(checkpoint: string, vkey: string): Promise<boolean> {
  const split = checkpoint.lastIndexOf('\n\n');
  const [name = '', , encoded = ''] = partsOf(vkey);
  const key = fromBase64(encoded);
  if (split < 0 || key[0] !== ED25519 || key.length !== 33) return false;
  const text = new TextEncoder().encode(checkpoint.slice(0, split + 1));
  const id = (await sha256(new TextEncoder().encode(`${name}\n`), key)).slice(0, 4);
  const imported = await crypto.subtle.importKey('raw', key.slice(1), 'Ed25519', false, ['verify']);
  for (const line of checkpoint.slice(split + 2).split('\n')) {
    const [dash, signer, signature = ''] = line.split(' ');
    if (dash !== '\u2014' || signer !== name) continue;
    const bytes = fromBase64(signature);
    if (same(bytes.slice(0, 4), id)) return crypto.subtle.verify('Ed25519', imported, bytes.slice(4), text);
  }
  return false;
}

/** The base64 of a key may hold plus signs itself. */
function partsOf(vkey: string): string[] {
  const [, name = '', hash = '', key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim()) ?? [];
  return [name, hash, key];
}

const said = ({ disclosures = [] }: Bundle) => disclosures.map((one) => one.name).join(', ');

/** Whether the commitments are the entry's and every opened fact is one of them (docs/spec/ledger.md §4). */
async function opensAll({ entry, commitments = [], disclosures = [] }: Bundle): Promise<boolean> {
  const { commit } = JSON.parse(new TextDecoder().decode(fromBase64(entry))) as { commit: string };
  const root = await treeRoot(commitments.map(fromHex));
  if (toHex(root) !== commit) return false;
  for (const { name, value, key } of disclosures) {
    const bytes = fromBase64(key.replace(/-/g, '+').replace(/_/g, '/'));
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const imported = await crypto.subtle.importKey('raw', bytes, hmac, false, ['sign']);
    const text = new TextEncoder().encode(JSON.stringify([name, value]));
    const opened = toHex(new Uint8Array(await crypto.subtle.sign('HMAC', imported, text)));
    if (!commitments.includes(opened)) return false;
  }
  return true;
}

const isFileFact = (name: string) => name === 'sha256' || name.startsWith('file:');

function hasFile({ file, disclosures = [] }: Bundle): boolean {
  return disclosures.some(({ name, value }) => isFileFact(name) && value === file);
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (one) => Number.parseInt(one, 16));
}

/** RFC 6962 §2.1: the left tree is the largest power of two that is smaller than the whole. */
async function treeRoot(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leafHash(leaves[0] as Bytes);
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(await treeRoot(leaves.slice(0, left)), await treeRoot(leaves.slice(left)));
}

/** Every step of the proof that an entry is in the signed log, in order; the first that is wrong is the last. */
export async function verify(bundle: Bundle): Promise<Step[]> {
  const steps: Step[] = [];
  const took = (name: StepName, ok: boolean, detail: string) => {
    steps.push({ name, ok, detail });
    return ok;
  };
  try {
    const leaf = await leafHash(fromBase64(bundle.entry));
    took('leaf', true, toHex(leaf));
    const head = headOf(bundle.checkpoint);
    const path = bundle.path.map(fromBase64);
    const root = head && (await rootOf(bundle.index, head.size, leaf, path));
    if (!took('path', root !== null, root ? toHex(root) : String(path.length))) return steps;
    if (!head || !root || !took('root', same(root, head.root), toHex(head.root))) return steps;
    const signed = head.origin === bundle.log && (await isSigned(bundle.checkpoint, bundle.vkey));
    if (!took('signature', signed, `${head.origin} · ${head.size}`)) return steps;
    if (bundle.commitments && !took('facts', await opensAll(bundle), said(bundle))) return steps;
    if (bundle.file !== undefined) took('file', hasFile(bundle), bundle.file);
  } catch (error) {
    took(steps.length === 0 ? 'leaf' : 'signature', false, String(error));
  }
  return steps;
}
