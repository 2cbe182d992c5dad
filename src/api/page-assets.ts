import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Router } from 'express';
import { sha256Hex } from '../kernel/index.ts';
import { PARTS_STYLE, SHELL_STYLE, WORK_STYLE } from '../rendering/index.ts';

/** Where the files of pages lie. Their names carry their digests, so that they may be kept for ever. */
const BASE = '/assets';
const WEIGHTS = [400, 500, 600] as const;

/** Letters of each file: the browser fetches the one with Vietnamese letters only for text that has any. */
const RANGES = {
  latin:
    'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212, U+FEFF, U+FFFD',
  vietnamese:
    'U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301, U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB',
} as const;

interface Asset {
  path: string;
  type: string;
  bytes: Buffer;
}

function asset(name: string, ending: string, type: string, bytes: Buffer): Asset {
  return { path: `${BASE}/${name}-${sha256Hex(bytes).slice(0, 16)}.${ending}`, type, bytes };
}

function fonts(): { files: Asset[]; css: string } {
  const require = createRequire(import.meta.url);
  const files: Asset[] = [];
  const faces: string[] = [];
  for (const weight of WEIGHTS)
    for (const letters of ['latin', 'vietnamese'] as const) {
      const file = `be-vietnam-pro-${letters}-${weight}-normal.woff2`;
      const bytes = readFileSync(require.resolve(`@fontsource/be-vietnam-pro/files/${file}`));
      const one = asset(file.replace('-normal.woff2', ''), 'woff2', 'font/woff2', bytes);
      files.push(one);
      faces.push(
        `@font-face{font-family:"Be Vietnam Pro";font-style:normal;font-weight:${weight};font-display:swap;src:url("${one.path}") format("woff2");unicode-range:${RANGES[letters]}}`,
      );
    }
  return { files, css: faces.join('\n') };
}

/** Built from web/console. */
const SCRIPTS = join(import.meta.dirname, '..', '..', 'web', 'console', 'dist');
type ScriptName = 'console' | 'public';

function script(name: ScriptName): Asset | null {
  const file = join(SCRIPTS, `${name}.js`);
  return existsSync(file) ? asset(name, 'js', 'text/javascript', readFileSync(file)) : null;
}

function load(): {
  style: Asset;
  scripts: Record<ScriptName, Asset | null>;
  all: ReadonlyMap<string, Asset>;
} {
  const { files, css } = fonts();
  const style = asset(
    'truc',
    'css',
    'text/css',
    Buffer.from(`${css}\n${SHELL_STYLE}${PARTS_STYLE}${WORK_STYLE}`),
  );
  const scripts = { console: script('console'), public: script('public') };
  const all = [style, ...files, ...Object.values(scripts).filter((one) => one !== null)];
  return { style, scripts, all: new Map(all.map((one) => [one.path, one])) };
}

let loaded: ReturnType<typeof load> | null = null;

function assets(): ReturnType<typeof load> {
  loaded ??= load();
  return loaded;
}

/** Address of the style sheet of every page of the axis. */
export function styleSheet(): string {
  return assets().style.path;
}

/** Address of the script of the console, or of pages for everybody; null where it is not built. */
export function pageScript(name: ScriptName = 'console'): string | null {
  return assets().scripts[name]?.path ?? null;
}

/** /assets: the style sheet and fonts of the axis's own pages. */
export function assetRoutes(): Router {
  const router = Router();
  router.get(`${BASE}/:name`, (request, response, next) => {
    const found = assets().all.get(request.path);
    if (!found) return next();
    response.set('Cache-Control', 'public, max-age=31536000, immutable').type(found.type).send(found.bytes);
  });
  return router;
}
