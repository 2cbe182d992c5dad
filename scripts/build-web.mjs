// Builds the signing widget (web/signer/dist) where it is missing or older than its sources. No network.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SIGNER = join(ROOT, 'web', 'signer');
const DIST = join(SIGNER, 'dist');
const PDFJS = join(ROOT, 'node_modules', 'pdfjs-dist');

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (path === DIST || entry.name.startsWith('dist.')) return [];
      return entry.isDirectory() ? sources(path) : [path];
    });
}

/** Of everything that the build depends on: sources, packages, and this file. */
function stampOf() {
  const hash = createHash('sha256');
  for (const path of [...sources(SIGNER), join(ROOT, 'package-lock.json'), fileURLToPath(import.meta.url)])
    hash.update(path.slice(ROOT.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** @returns whether something was built */
export async function buildWeb() {
  const stamp = stampOf();
  const stampFile = join(DIST, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  process.stderr.write('truc: building the signing widget …\n');
  // Aside first: two starts at the same time never see half a folder.
  const aside = `${DIST}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  await bundle(aside);
  writeFileSync(join(aside, '.stamp'), stamp);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(aside, DIST);
  return true;
}

async function bundle(out) {
  const { build } = await import('esbuild');
  const common = {
    bundle: true,
    format: 'esm',
    minify: true,
    target: ['es2022'],
    outdir: out,
    legalComments: 'linked',
    logLevel: 'warning',
    tsconfig: join(SIGNER, 'tsconfig.json'),
  };
  await build({ ...common, entryPoints: { 'edoc-signer': join(SIGNER, 'element', 'edoc-signer.ts') } });
  await build({
    ...common,
    splitting: true,
    entryPoints: {
      page: join(SIGNER, 'page', 'main.ts'),
      remote: join(SIGNER, 'page', 'remote.ts'),
      'key-file.worker': join(SIGNER, 'page', 'key-file', 'worker.ts'),
    },
    chunkNames: 'chunk-[hash]',
  });
  cpSync(join(SIGNER, 'page', 'index.html'), join(out, 'index.html'));
  cpSync(join(SIGNER, 'page', 'remote.html'), join(out, 'remote.html'));
  cpSync(join(SIGNER, 'page', 'page.css'), join(out, 'page.css'));
  cpSync(join(PDFJS, 'legacy', 'build', 'pdf.worker.min.mjs'), join(out, 'pdf.worker.js'));
  cpSync(join(PDFJS, 'cmaps'), join(out, 'cmaps'), { recursive: true });
  cpSync(join(PDFJS, 'standard_fonts'), join(out, 'fonts'), { recursive: true });
  cpSync(join(PDFJS, 'LICENSE'), join(out, 'pdf.LICENSE.txt'));
  for (const name of ['openjpeg_nowasm_fallback.js', 'jbig2_nowasm_fallback.js'])
    cpSync(join(PDFJS, 'wasm', name), join(out, name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWeb();
