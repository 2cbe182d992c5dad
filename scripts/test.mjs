// Types, lint, dead code, then every test. Arguments go to jest; with arguments only jest runs.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(ROOT, 'node_modules', '.bin', name);
const jestArguments = process.argv.slice(2);

function step(title, command, args) {
  process.stdout.write(`\n── ${title}\n`);
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (result.status !== 0) process.stdout.write(`── ${title}: failed\n`);
  return result.status === 0;
}

const checks =
  jestArguments.length > 0
    ? []
    : [
        ['types', bin('tsc'), ['--noEmit']],
        ['types of the widget', bin('tsc'), ['--noEmit', '-p', join('web', 'signer')]],
        ['lint', bin('biome'), ['check', '.']],
        ['dead code', bin('knip'), []],
      ];
const passed = checks.map(([title, command, args]) => step(title, command, args));
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
  ...jestArguments,
];
if (process.env.CI) jest.push('--forceExit', '--ci');
const services = (command) =>
  spawnSync('bash', [join(ROOT, 'scripts', 'services.sh'), command], { stdio: 'ignore' }).status === 0;
const ranBefore = services('status');
passed.push(step('tests', process.execPath, jest));
// Servers that the tests started end with them; a developer's own stay.
if (!ranBefore) services('stop');
process.exit(passed.every(Boolean) ? 0 : 1);
