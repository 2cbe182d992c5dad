// Recomputes the figures of an axis from an auditor's disclosed export (docs/figures.md), with nothing but Node:
//
//   node scripts/recompute-figures.mjs EXPORT.ndjson [--vkey KEY] [--compare FIGURES.json] [--calendar FILE]
//
// It shares no code with the axis. First it checks that the export is the log: signature of the checkpoint, root of all
// entries, the chain of each document, and that every opened fact is one that its entry committed to. Then it counts.
// Prints the indicators as JSON; with --compare only whether they are those of the file. Exit 0 when all holds, 1 when not.
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { vkey: { type: 'string' }, compare: { type: 'string' }, calendar: { type: 'string' } },
});

class Wrong extends Error {}
const demand = (holds, what) => {
  if (!holds) throw new Wrong(what);
};

// ---- the log -------------------------------------------------------------------------------------------------------

const hash = (...parts) => {
  const state = createHash('sha256');
  for (const part of parts) state.update(part);
  return state.digest();
};
const leafOf = (bytes) => hash(Buffer.of(0), bytes);

/** RFC 6962 §2.1: complete subtrees, the largest first. */
class Tree {
  peaks = [];
  push(leaf) {
    let node = { height: 0, hash: leaf };
    while (this.peaks.at(-1)?.height === node.height) {
      const left = this.peaks.pop();
      node = { height: node.height + 1, hash: hash(Buffer.of(1), left.hash, node.hash) };
    }
    this.peaks.push(node);
  }
  root() {
    if (this.peaks.length === 0) return hash();
    return this.peaks.map((one) => one.hash).reduceRight((right, left) => hash(Buffer.of(1), left, right));
  }
}

/** RFC 8785 for what the log commits to: text, whole numbers, lists and objects. */
function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** C2SP signed note: the text, then a line `— name base64(key id ‖ signature)` for each signature. */
function openNote(note, vkey) {
  const [name, id, key] = vkey.split(/\+([0-9a-f]{8})\+/);
  const material = Buffer.from(key, 'base64');
  demand(material[0] === 1 && material.length === 33, 'the vkey is not an Ed25519 key');
  const own = hash(`${name}\n`, material).subarray(0, 4);
  demand(own.toString('hex') === id, 'the vkey does not name its own key');
  const split = note.indexOf('\n\n');
  const text = note.slice(0, split + 1);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), material.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const signed = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => Buffer.from(line.slice(`— ${name} `.length), 'base64'))
    .filter((bytes) => bytes.subarray(0, 4).equals(own));
  demand(
    signed.some((bytes) => verify(null, Buffer.from(text), publicKey, bytes.subarray(4))),
    'the checkpoint is not signed by the log',
  );
  const [origin, size, root] = text.split('\n');
  return { origin, size: Number(size), root };
}

/** What an entry commits to, opened: each fact's commitment is one of the entry's, and all of them give its `commit`. */
function openFacts(entry, { commitments = [], disclosures = [] }, where) {
  if (disclosures.length === 0) return {};
  demand(commitments.join() === commitments.toSorted().join(), `${where}: commitments out of order`);
  const tree = new Tree();
  for (const one of commitments) tree.push(leafOf(Buffer.from(one, 'hex')));
  demand(tree.root().toString('hex') === entry.commit, `${where}: the commitments are not the entry's`);
  const facts = {};
  for (const { name, value, key } of disclosures) {
    const mac = createHmac('sha256', Buffer.from(key, 'base64url'))
      .update(canonical([name, value]))
      .digest('hex');
    demand(commitments.includes(mac), `${where}: the entry does not commit to this ${name}`);
    demand(!Object.hasOwn(facts, name), `${where}: ${name} twice`);
    facts[name] = value;
  }
  return facts;
}

// ---- counting ------------------------------------------------------------------------------------------------------

const inVietnam = (at) => new Date(Date.parse(at) + 7 * 3_600_000).toISOString();
const calendar = JSON.parse(
  readFileSync(flags.calendar ?? new URL('../src/document/calendars/vietnam.json', import.meta.url), 'utf8'),
);

/** Whether people work on a day: as announced for its year, else by the holidays of every year and the weekend. */
function worked(day) {
  const { workingDays = [], daysOff = [] } = calendar.years[day.slice(0, 4)] ?? {};
  if (workingDays.includes(day)) return true;
  if (daysOff.includes(day) || calendar.everyYear.includes(day.slice(5))) return false;
  return !calendar.weekend.includes(new Date(`${day}T00:00:00Z`).getUTCDay() || 7);
}

/** The first working day after the day of a time; where there is none in sight, that day. */
function nextWorkingDay(at) {
  const start = Date.parse(`${inVietnam(at).slice(0, 10)}T00:00:00Z`);
  for (let n = 1; n <= 60; n++) {
    const day = new Date(start + n * 86_400_000).toISOString().slice(0, 10);
    if (worked(day)) return day;
  }
  return new Date(start + 86_400_000).toISOString().slice(0, 10);
}

const monthly = new Map();
const registry = new Map();
const papers = new Map();

function bucket(at) {
  const name = inVietnam(at).slice(0, 7);
  if (!monthly.has(name))
    monthly.set(name, {
      sent: [],
      pairs: [],
      got: new Set(),
      worked: new Set(),
      signed: new Set(),
      acks: [],
      registered: [],
      handedOn: [],
      refused: [],
      recalled: 0,
      verdicts: [],
    });
  return monthly.get(name);
}

function take({ type, doc, at }, facts) {
  const month = () => bucket(at);
  const paper = papers.get(doc);
  if (type === 'document.submitted') {
    papers.set(doc, { from: facts.sender ?? '', fresh: facts.businessType === 0, at });
    if (facts.businessType === 0 && facts.sender) month().sent.push(facts.sender);
  } else if (type === 'document.refused' && !paper) month().refused.push(facts.code ?? 'unknown');
  else if (type === 'document.recalled') month().recalled += 1;
  else if (type === 'signature.verified' && paper?.fresh) {
    month().verdicts.push(facts.indication ?? 'unknown');
    for (const { agency, official } of facts.officials ?? [])
      month().signed.add(JSON.stringify([agency, official]));
  } else if (type === 'delivery.queued' && paper?.fresh) {
    for (const name of Object.keys(facts))
      if (name.startsWith('recipient:')) month().pairs.push([paper.from, name.slice(10)]);
  } else if (type === 'delivery.fetched' && facts.kind === 'document') month().got.add(facts.recipient);
  else if (type === 'delivery.acknowledged' && facts.kind === 'document') {
    month().got.add(facts.recipient);
    if (paper)
      month().acks.push({
        by: facts.recipient,
        sameDay: inVietnam(paper.at).slice(0, 10) === inVietnam(at).slice(0, 10),
        seconds: Math.floor((Date.parse(at) - Date.parse(paper.at)) / 1000),
      });
  } else if (type === 'registry.snapshot') {
    const rows = (kind) =>
      Object.entries(facts).flatMap(([name, value]) => (name.startsWith(`${kind}:`) ? value : []));
    registry.set(facts.month, { agencies: rows('agencies'), leaders: rows('leaders') });
  } else if (type.startsWith('status.') && ['03', '04', '05', '06'].includes(facts.code)) {
    month().worked.add(facts.reporter);
    const list = { '03': month().registered, '04': month().handedOn }[facts.code];
    if (list && paper?.fresh)
      list.push({ by: facts.reporter, inTime: inVietnam(at).slice(0, 10) <= nextWorkingDay(paper.at) });
  }
}

function figures() {
  const out = [];
  for (const period of [...monthly.keys()].sort()) {
    const seen = monthly.get(period);
    const ground = [...registry.keys()]
      .filter((one) => one <= period)
      .sort()
      .map((one) => registry.get(one))
      .at(-1);
    const { agencies, leaders } = ground ?? { agencies: [], leaders: [] };
    const levels = new Map(agencies.map(([code, level]) => [code, level]));
    const above = new Map(agencies.map(([code, , parent]) => [code, parent]));
    const top = (code) => (above.get(code) && levels.has(above.get(code)) ? top(above.get(code)) : code);
    const levelOf = (code) => levels.get(code) ?? 'unknown';
    const rootOf = (code) => (levels.has(code) ? top(code) : 'unknown');
    const say = (code, scope, key, value, numerator = null, denominator = null) =>
      out.push({ code, period, scope, key, value, numerator, denominator });
    const portion = (code, scope, key, n, d) =>
      say(code, scope, key, d === 0 ? null : Math.floor((n / d) * 10_000 + 0.5 + 1e-9), n, d);
    const split = (items, agencyOf) => {
      const parts = new Map();
      for (const item of items)
        for (const group of [
          ['nation', ''],
          ['level', levelOf(agencyOf(item))],
          ['root', rootOf(agencyOf(item))],
        ]) {
          const name = JSON.stringify(group);
          parts.set(name, [...(parts.get(name) ?? []), item]);
        }
      return [...parts].map(([name, members]) => [...JSON.parse(name), members]);
    };
    const tallied = (items) => [...Map.groupBy(items, (one) => one)].map(([key, all]) => [key, all.length]);

    for (const [scope, key, all] of split(seen.sent, (code) => code))
      say('documents.exchanged', scope, key, all.length);
    const shares = {
      'agencies.processing': (code) => seen.worked.has(code),
      'units.connected': (code) => seen.sent.includes(code) && seen.got.has(code),
      'units.sending': (code) => seen.sent.includes(code),
      'units.receiving': (code) => seen.got.has(code),
    };
    const codes = agencies.map(([code]) => code);
    for (const [name, holds] of Object.entries(shares))
      for (const [scope, key, all] of split(codes, (code) => code))
        portion(name, scope, key, all.filter(holds).length, all.length);
    for (const [scope, key, all] of split(leaders, ([agency]) => agency))
      portion(
        'leaders.signing',
        scope,
        key,
        all.filter((one) => seen.signed.has(JSON.stringify(one))).length,
        all.length,
      );
    for (const [key, value] of tallied(seen.pairs.map(([from, to]) => `${levelOf(from)}>${levelOf(to)}`)))
      say('matrix.documents', 'pair', key, value);
    for (const [scope, key, all] of split(seen.acks, ({ by }) => by).filter(([scope]) => scope !== 'root')) {
      const sorted = all.map(({ seconds }) => seconds).sort((a, b) => a - b);
      say('deliveries.acknowledged', scope, key, all.length);
      portion('deliveries.on-time', scope, key, all.filter(({ sameDay }) => sameDay).length, all.length);
      for (const p of [50, 95, 99])
        say(`deliveries.latency.p${p}`, scope, key, sorted[Math.ceil((sorted.length * p) / 100) - 1] ?? null);
    }
    for (const [name, list] of [
      ['registered', seen.registered],
      ['submitted', seen.handedOn],
    ])
      for (const [scope, key, all] of split(list, ({ by }) => by))
        portion(
          `deliveries.${name}.on-time`,
          scope,
          key,
          all.filter(({ inTime }) => inTime).length,
          all.length,
        );
    for (const [key, value] of tallied(seen.refused)) say('documents.refused', 'reason', key, value);
    say('documents.recalled', 'nation', '', seen.recalled);
    for (const [key, value] of tallied(seen.verdicts)) say('signatures.verdict', 'verdict', key, value);
  }
  return inOrder(out);
}

function inOrder(indicators) {
  const name = ({ period, code, scope, key }) => [period, code, scope, key].join(' ');
  return indicators.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
}

// ---- the work ------------------------------------------------------------------------------------------------------

async function read(file) {
  const tree = new Tree();
  const chains = new Map();
  let head = null;
  let index = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const row = JSON.parse(line);
    if (head === null) {
      demand(row.kind === 'truc-disclosed-export' && row.v === 1, 'not a disclosed export');
      head = row;
      continue;
    }
    const where = `entry ${index}`;
    const bytes = Buffer.from(row.entry, 'base64');
    const entry = JSON.parse(bytes.toString('utf8'));
    const leaf = leafOf(bytes);
    const before = chains.get(entry.doc);
    demand(
      entry.seq === (before?.seq ?? 0) + 1 && entry.prev === (before?.leaf ?? null),
      `${where}: the chain of its document is broken`,
    );
    chains.set(entry.doc, { seq: entry.seq, leaf: leaf.toString('hex') });
    tree.push(leaf);
    take(entry, openFacts(entry, row, where));
    index += 1;
  }
  demand(head !== null, 'the file is empty');
  const checkpoint = openNote(head.checkpoint, flags.vkey ?? head.vkey);
  demand(checkpoint.size === index, `the checkpoint is of ${checkpoint.size} entries, the file has ${index}`);
  demand(checkpoint.root === tree.root().toString('base64'), "the entries are not the checkpoint's");
  return { log: checkpoint.origin, size: index, root: checkpoint.root };
}

try {
  const [file] = positionals;
  demand(
    file !== undefined,
    'usage: recompute-figures.mjs EXPORT.ndjson [--vkey KEY] [--compare FIGURES.json]',
  );
  const source = await read(file);
  const indicators = figures();
  if (flags.compare === undefined) console.log(JSON.stringify({ ...source, indicators }, null, 2));
  else {
    const told = JSON.parse(readFileSync(flags.compare, 'utf8'));
    demand(
      told.size === source.size,
      `the figures are of ${told.size} entries, the export of ${source.size}`,
    );
    demand(JSON.stringify(inOrder(told.indicators)) === JSON.stringify(indicators), 'the figures differ');
    console.log(`${indicators.length} figures agree with ${source.size} entries of ${source.log}`);
  }
} catch (error) {
  console.error(
    error instanceof Wrong ? error.message : error instanceof SyntaxError ? 'the file cannot be read' : error,
  );
  process.exitCode = 1;
}
