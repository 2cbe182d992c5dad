import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SRC = join(ROOT, 'src');

/** A room may import rooms earlier in this list, never later ones, type imports included. */
const ROOMS = [
  'kernel', 'edxml', 'client', 'agency', 'document', 'intake', 'verification', 'signing', 'ledger', 'evidence',
  'delivery', 'exchange', 'workflow', 'reporting', 'alerts', 'lab', 'adapters', 'agent', 'messages', 'rendering', 'workers', 'api',
  'portal', 'console', 'app', 'cli', 'main',
]; // biome-ignore format: one list, read in order

/** Which rooms may import a package or a Node module. Packages that are not named here are free. */
const PACKAGE_RULES: readonly { pattern: RegExp; rooms: readonly string[] }[] = [
  { pattern: /^(express|helmet|swagger-ui-dist)$/, rooms: ['api', 'portal', 'console'] },
  { pattern: /^(mongoose|mongodb|bullmq|ioredis|@aws-sdk\/.*|node:sqlite)$/, rooms: ['adapters'] },
  { pattern: /^node:fs(\/promises)?$/, rooms: ['adapters', 'agent', 'app', 'cli', 'lab', 'api'] },
  { pattern: /^node:(http|https|net|tls)$/, rooms: ['adapters', 'agent', 'app', 'api', 'lab', 'client'] },
  {
    pattern: /^(pkijs|asn1js|xml-crypto|libxml2-wasm)$/,
    rooms: ['edxml', 'verification', 'signing', 'evidence', 'lab', 'adapters'],
  },
  { pattern: /^koffi$/, rooms: ['agent'] },
  { pattern: /^jose$/, rooms: ['api'] },
  { pattern: /^commander$/, rooms: ['cli'] },
  { pattern: /^jest|^@jest|^supertest|^fast-check/, rooms: [] },
];

interface SourceFile {
  path: string;
  room: string;
  text: string;
  imports: string[];
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return [path];
  });
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const inside = relative(SRC, path).split('/');
  const room = inside.length === 1 ? (inside[0] as string).replace(/\.ts$/, '') : (inside[0] as string);
  const imports = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]/g)].map(
    (m) => m[1] as string,
  );
  const bare = [...text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)].map((m) => m[1] as string);
  const dynamic = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((m) => m[1] as string);
  return { path, room, text, imports: [...imports, ...bare, ...dynamic] };
}

const files = walk(SRC)
  .filter((path) => path.endsWith('.ts'))
  .map(readSource);
const name = (file: SourceFile) => relative(ROOT, file.path);

function target(file: SourceFile, specifier: string): string {
  return join(dirname(file.path), specifier);
}

/** What Node loads before a line of the file runs: neither types nor `import()`. */
function loadedAtOnce(text: string): string[] {
  const statements = text.matchAll(/(?:^|\n)(?:import|export)\s(?!type\s)[^;'"]*?from\s*['"]([^'"]+)['"]/g);
  return [...statements].map((m) => m[1] as string);
}

describe('the house', () => {
  test('every folder of src is a room of the list', () => {
    const unknown = files.filter((file) => !ROOMS.includes(file.room)).map(name);
    expect(unknown).toEqual([]);
  });

  test('rooms import only rooms before them, through their index.ts', () => {
    const breaches: string[] = [];
    for (const file of files) {
      for (const specifier of file.imports.filter((s) => s.startsWith('.'))) {
        const inside = relative(SRC, target(file, specifier)).split('/');
        const room = inside.length === 1 ? (inside[0] as string).replace(/\.ts$/, '') : (inside[0] as string);
        if (room === file.room) {
          if (inside.length === 2 && inside[1] === 'index.ts')
            breaches.push(`${name(file)} imports its own index`);
          continue;
        }
        if (ROOMS.indexOf(room) >= ROOMS.indexOf(file.room))
          breaches.push(`${name(file)} imports the later room ${room}`);
        const face =
          inside.at(-1) === 'index.ts' && (inside.length === 2 || ['adapters', 'cli'].includes(room));
        const sets = room === 'adapters' || room === 'cli';
        if (!face && !sets) breaches.push(`${name(file)} reaches into ${inside.join('/')}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  test('no import circle inside a room', () => {
    const edges = new Map(
      files.map((file) => [
        file.path,
        file.imports.filter((s) => s.startsWith('.')).map((s) => target(file, s)),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    function visit(path: string, trail: string[]) {
      const at = trail.indexOf(path);
      if (at >= 0) {
        circles.push([...trail.slice(at), path].map((p) => relative(SRC, p)).join(' → '));
        return;
      }
      if (done.has(path)) return;
      for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    }
    for (const path of edges.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });

  test('the embedded profile loads nothing of the distributed one', () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const reached = new Set<string>();
    const packages = new Set<string>();
    function load(path: string) {
      const file = byPath.get(path);
      if (!file || reached.has(path)) return;
      reached.add(path);
      for (const specifier of loadedAtOnce(file.text)) {
        if (specifier.startsWith('.')) load(target(file, specifier));
        else packages.add(specifier);
      }
    }
    // The commands are loaded when they are called.
    for (const file of files.filter(({ room }) => room === 'main' || room === 'cli')) load(file.path);
    load(join(SRC, 'adapters', 'embedded', 'index.ts'));
    expect(reached.size).toBeGreaterThan(200);
    expect([...reached].filter((path) => path.includes('/adapters/distributed/'))).toEqual([]);
    expect([...packages].filter((one) => /^(mongoose|mongodb|ioredis|koffi|@aws-sdk)/.test(one))).toEqual([]);
  });

  test('packages are used only in the rooms that may', () => {
    const breaches: string[] = [];
    for (const file of files) {
      for (const specifier of file.imports.filter((s) => !s.startsWith('.'))) {
        const rule = PACKAGE_RULES.find((r) => r.pattern.test(specifier));
        if (rule && !rule.rooms.includes(file.room)) breaches.push(`${name(file)} imports ${specifier}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  test('the two adapter sets never import each other', () => {
    const breaches = files.filter(
      (file) =>
        (file.path.includes('/adapters/embedded/') && file.imports.some((s) => s.includes('distributed'))) ||
        (file.path.includes('/adapters/distributed/') && file.imports.some((s) => s.includes('embedded'))),
    );
    expect(breaches.map(name)).toEqual([]);
  });

  test('environment, wall clock and randomness have one door each', () => {
    const rules: [RegExp, (path: string) => boolean][] = [
      [/\bprocess\.env\b/, (path) => path.endsWith('app/env.ts')],
      [/\bDate\.now\(|new Date\(\)/, (path) => path.endsWith('kernel/clock.ts')],
      [/\bMath\.random\(|\brandomUUID\(|\brandomBytes\b.*node:crypto/, (path) => path.includes('/kernel/')],
      [/\bcreateHash\(|\bcreateHmac\(|\btimingSafeEqual\(/, (path) => path.endsWith('kernel/digest.ts')],
      [/\bnew Error\(/, (path) => path.endsWith('kernel/errors.ts')],
    ];
    const breaches = files.flatMap((file) =>
      rules
        .filter(([pattern, allowed]) => pattern.test(file.text) && !allowed(file.path))
        .map(([pattern]) => `${name(file)}: ${pattern}`),
    );
    expect(breaches).toEqual([]);
  });

  test('no decorators, accessors, any, TSX or default exports', () => {
    const breaches = files
      .filter((file) =>
        /^\s*@[A-Za-z]+\(|\baccessor\s+\w+|:\s*any\b|\bas any\b|<any>|export default/m.test(
          stripComments(file.text),
        ),
      )
      .map(name);
    expect(breaches).toEqual([]);
    expect(walk(SRC).filter((path) => path.endsWith('.tsx'))).toEqual([]);
  });

  test('index.ts files only re-export', () => {
    const breaches = files
      .filter((file) => file.path.endsWith('/index.ts') && file.room !== 'adapters')
      .filter((file) =>
        stripComments(file.text)
          .split('\n')
          .some((line) => line.trim() && !/^(export|\s|\}|type\b)/.test(line)),
      )
      .map(name);
    expect(breaches).toEqual([]);
  });

  test('files stay under 400 lines', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > 401)
      .map((file) => `${name(file)}: ${file.text.split('\n').length}`);
    expect(long).toEqual([]);
  });

  test('ports have at most seven methods and name no transaction', () => {
    const breaches: string[] = [];
    for (const file of files) {
      for (const match of file.text.matchAll(
        /export interface (\w+(?:Store|Queue|Directory|Book|Journal))\b[^{]*\{([\s\S]*?)\n\}/g,
      )) {
        const methods = [
          ...(match[2] as string).matchAll(/^ {2}(?:readonly )?(\w+)(?:<[^>]*>)?(?:\(|: \()/gm),
        ];
        if (methods.length > 7) breaches.push(`${name(file)} ${match[1]}: ${methods.length} methods`);
        // Sessions of people are what that port is about.
        const bodyOfPort = stripComments(match[2] as string);
        const own = match[1] === 'SessionStore' ? bodyOfPort.replace(/session/gi, '') : bodyOfPort;
        if (/transaction|session|connection/i.test(own))
          breaches.push(`${name(file)} ${match[1]} names a transaction`);
      }
    }
    expect(breaches).toEqual([]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
