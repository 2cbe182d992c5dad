import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type DemoCredentials, demoFolder, readCredentials } from '../src/lab/index.ts';
import { freePort } from './builders/listening.ts';

/** Beyond it a start has failed; what it printed until then is worth more than a test that waits on. */
const READY_WITHIN_MS = 300_000;

export const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

/** The axis as its operator runs it: a process of its own with a data folder and a port, that can be killed. */
export interface AxisProcess {
  url: string;
  /** Where /metrics and /readyz are. */
  operationsUrl: string;
  dataDir: string;
  credentials(): DemoCredentials;
  /** Resolves at the `ready` line. */
  start(): Promise<void>;
  /** SIGKILL, and resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it sleeps without noticing. */
  pause(): void;
  resume(): void;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
  /** Everything that it printed so far, over all starts. */
  printed(): string;
  /** Runs `truc …` beside it. */
  truc(...args: string[]): Printed;
  /** The same, for tests whose own process serves something that the command needs. */
  trucBeside(...args: string[]): Promise<Printed>;
  remove(): Promise<void>;
}

interface Printed {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * @param nodeArguments flags for node itself, such as --cpu-prof
 * @param settings `TRUC_…` settings of the axis
 * @param main the program to run; this one when not given
 * @param disk the folder in which it keeps its data
 */
export async function axisProcess(
  nodeArguments: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
  main: string = MAIN,
  disk: string = tmpdir(),
): Promise<AxisProcess> {
  const dataDir = mkdtempSync(join(disk, 'truc-process-'));
  const port = await freePort();
  const operationsPort = await freePort();
  const env = {
    ...environment(),
    ...settings,
    TRUC_OPERATIONS_PORT: String(operationsPort),
    NODE_OPTIONS: '',
  };
  let child: ChildProcess | null = null;

  const gone = () =>
    new Promise<number | null>((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) resolve(child?.exitCode ?? null);
      else child.once('exit', (code) => resolve(code));
    });
  const end = async (signal: NodeJS.Signals) => {
    const exit = gone();
    child?.kill(signal);
    return exit;
  };
  let printed = '';
  const axis: AxisProcess = {
    url: `http://127.0.0.1:${port}`,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    dataDir,
    credentials: () => readCredentials(demoFolder(dataDir)) as DemoCredentials,
    start: () => {
      const started = spawn(
        process.execPath,
        [...nodeArguments, main, 'serve', '--demo', '--quiet', '--data', dataDir, '--port', String(port)],
        { env, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      child = started;
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
        });
      return untilReady(started);
    },
    kill: async () => {
      await end('SIGKILL');
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    printed: () => printed,
    truc: (...args) => {
      const result = spawnSync(process.execPath, [MAIN, ...args], {
        env,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      return { code: result.status, stdout: result.stdout, stderr: result.stderr };
    },
    trucBeside: (...args) => trucBeside(args, env),
    remove: async () => {
      await end('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return axis;
}

/** Runs `truc …` without standing still meanwhile. */
export async function trucBeside(args: string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { code, stdout, stderr };
}

/** Ours without settings of an axis: what a tester has set is not for the process under test. */
export function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TRUC_')));
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = '';
    const patience = setTimeout(
      () => reject(new Error(`the axis was not ready within ${READY_WITHIN_MS / 1000} s:\n${told}`)),
      READY_WITHIN_MS,
    );
    const listen = (chunk: Buffer) => {
      told += chunk.toString();
      if (!/^ready /m.test(told)) return;
      clearTimeout(patience);
      resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(patience);
      reject(new Error(`the axis ended with ${code} before it was ready:\n${told}`));
    });
  });
}
