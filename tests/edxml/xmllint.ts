import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'schemas', 'edxml');

export const XMLLINT = spawnSync('xmllint', ['--version']).status === 0;

export interface LintInput {
  name: string;
  bytes: Buffer;
}

/** Names of the messages that `xmllint --schema` takes, each against the schema of its kind, in one run per schema. */
export function acceptedByXmllint(messages: readonly LintInput[]): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-xsd-'));
  try {
    const accepted = ['document', 'status'].flatMap((kind) => {
      const own = messages.filter((one) => (one.name.startsWith('status') ? 'status' : 'document') === kind);
      for (const { name, bytes } of own) writeFileSync(join(folder, `${name}.${kind}`), bytes);
      const files = readdirSync(folder).filter((file) => file.endsWith(`.${kind}`));
      return files.length === 0 ? [] : run(folder, kind, files);
    });
    return new Set(accepted);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder: string, kind: string, files: string[]): string[] {
  const schema = join(SCHEMAS, `edxml-${kind}.xsd`);
  const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--huge', '--schema', schema, ...files], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (/compile|failed to load/.test(stderr)) throw new RangeError(stderr);
  return [...stderr.matchAll(/^(.+)\.(?:document|status) validates$/gm)].map((match) => match[1] as string);
}
