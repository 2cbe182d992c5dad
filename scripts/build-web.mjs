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
const CONSOLE = join(ROOT, 'web', 'console');
const PDFJS = join(ROOT, 'node_modules', 'pdfjs-dist');

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name === 'dist' || entry.name.startsWith('dist.')) return [];
      return entry.isDirectory() ? sources(path) : [path];
    });
}

/** Of everything that the build depends on: sources, packages, and this file. */
function stampOf(folder) {
  const hash = createHash('sha256');
  for (const path of [...sources(folder), join(ROOT, 'package-lock.json'), fileURLToPath(import.meta.url)])
    hash.update(path.slice(ROOT.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** @returns whether something was built */
export async function buildWeb() {
  const widget = await build(SIGNER, 'the signing widget', bundle);
  const pages = await build(CONSOLE, 'the scripts of pages', bundleConsole);
  return widget || pages;
}

async function build(folder, what, bundling) {
  const stamp = stampOf(folder);
  const dist = join(folder, 'dist');
  const stampFile = join(dist, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  process.stderr.write(`truc: building ${what} …\n`);
  // Aside first: two starts at the same time never see half a folder.
  const aside = `${dist}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  await bundling(aside);
  writeFileSync(join(aside, '.stamp'), stamp);
  rmSync(dist, { recursive: true, force: true });
  renameSync(aside, dist);
  return true;
}

async function bundleConsole(outdir) {
  const { build: bundled } = await import('esbuild');
  await bundled({
    bundle: true,
    format: 'esm',
    minify: true,
    target: ['es2022'],
    outdir,
    logLevel: 'warning',
    tsconfig: join(CONSOLE, 'tsconfig.json'),
    entryPoints: { console: join(CONSOLE, 'main.ts'), public: join(CONSOLE, 'public.ts') },
  });
}

async function bundle(out) {
  const { build: bundled } = await import('esbuild');
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
  await bundled({ ...common, entryPoints: { 'edoc-signer': join(SIGNER, 'element', 'edoc-signer.ts') } });
  await bundled({
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
