import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { configFrom, SETTINGS, settingsFrom } from '../src/app/index.ts';

// No container engine runs here: what can be known without one is checked.
const ROOT = join(import.meta.dirname, '..');
const DOCKER = join(ROOT, 'docker');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

interface Service {
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  networks?: string[];
  depends_on?: string[] | Record<string, object>;
  build?: { context: string; dockerfile: string };
  image?: string;
  read_only?: boolean;
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  volumes?: Record<string, null>;
  networks?: Record<string, object | null>;
}

interface Resource {
  kind: string;
  metadata: { name: string; namespace: string };
  data?: Record<string, string>;
  spec?: Record<string, never>;
}

function documentsIn<T>(...path: string[]): T[] {
  return parseAllDocuments(read(...path), { merge: true, uniqueKeys: true }).map((document) => {
    if ('errors' in document && document.errors.length > 0) throw document.errors[0];
    return document.toJS() as T;
  });
}

const compose = (name: string) => documentsIn<Compose>('docker', `compose.${name}.yml`)[0] as Compose;
const manifests = () => documentsIn<Resource>('docker', 'kubernetes', 'truc.yaml');
const files = readdirSync(DOCKER, { recursive: true, encoding: 'utf8', withFileTypes: true })
  .filter((entry) => entry.isFile() && !/docker\/(secrets|tls|trust)$/.test(entry.parentPath))
  .map((entry) => join(entry.parentPath, entry.name));

let secrets = '';
beforeAll(() => {
  secrets = mkdtempSync(join(tmpdir(), 'truc-secrets-'));
  execFileSync('bash', [join(DOCKER, 'secrets.sh'), secrets], { stdio: 'ignore' });
});
afterAll(() => rmSync(secrets, { recursive: true, force: true }));

/** The configuration that a node would start with. */
function configOf(environment: Readonly<Record<string, string>>) {
  const here = Object.entries(environment).map(([name, value]) => [
    name,
    name.endsWith('_FILE') ? value.replace(/^\/run\/secrets\/(truc\/)?/, `${secrets}/`) : value,
  ]);
  return configFrom(settingsFrom({}, Object.fromEntries(here)), false);
}

test('every setting that the container files name exists', () => {
  const unknown = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bTRUC_([A-Z0-9_]+)/g)]
      .map((match) => (match[1] as string).replace(/_FILE$/, ''))
      .filter((name) => !(SETTINGS as readonly string[]).includes(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('the secrets are made once', () => {
  const before = readFileSync(join(secrets, 'master_key'), 'utf8');
  execFileSync('bash', [join(DOCKER, 'secrets.sh'), secrets], { stdio: 'ignore' });
  expect(readFileSync(join(secrets, 'master_key'), 'utf8')).toBe(before);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
});

describe.each(['embedded', 'distributed'])('compose.%s.yml', (name) => {
  test('names only what it declares, and files that exist or that the operator is told to make', () => {
    const { services, secrets: declared, volumes = {}, networks = {} } = compose(name);
    const missing: string[] = [];
    const demand = (there: boolean, what: string) => there || missing.push(what);
    for (const [service, one] of Object.entries(services)) {
      for (const secret of one.secrets ?? []) demand(secret in declared, `${service}: secret ${secret}`);
      for (const network of one.networks ?? []) demand(network in networks, `${service}: network ${network}`);
      const before = Array.isArray(one.depends_on) ? one.depends_on : Object.keys(one.depends_on ?? {});
      for (const other of before) demand(other in services, `${service}: depends on ${other}`);
      for (const volume of one.volumes ?? []) {
        const from = volume.split(':')[0] as string;
        if (from === './trust') continue;
        demand(
          from.startsWith('.') ? existsSync(join(DOCKER, from)) : from in volumes,
          `${service}: ${from}`,
        );
      }
      if (one.build)
        demand(existsSync(join(DOCKER, one.build.context, one.build.dockerfile)), `${service}: Dockerfile`);
      demand(one.image === 'truc' || /:[\w.-]*\d/.test(one.image ?? ''), `${service}: image with a version`);
    }
    for (const [secret, { file }] of Object.entries(declared))
      demand(/^\.\/(tls|secrets)\/[a-z0-9_.]+$/.test(file), `secret ${secret}: ${file}`);
    expect(missing).toEqual([]);
  });

  test('its nodes would start with these settings, on a read-only root', () => {
    const nodes = Object.values(compose(name).services).filter(({ image }) => image === 'truc');
    expect(nodes.length).toBe(name === 'embedded' ? 1 : 2);
    for (const node of nodes) {
      const config = configOf(node.environment ?? {});
      expect(config.distributed === null).toBe(name === 'embedded');
      expect(node.read_only).toBe(true);
    }
  });

  test('every secret that a file of it reads is given to that service', () => {
    for (const service of Object.values(compose(name).services)) {
      const named = [...JSON.stringify(service).matchAll(/\/run\/secrets\/(\w+)/g)].map((match) => match[1]);
      expect(service.secrets ?? []).toEqual(expect.arrayContaining(named));
    }
  });
});

test('secrets.sh makes every secret that the distributed installation reads', () => {
  const wanted = Object.values(compose('distributed').secrets)
    .map(({ file }) => file)
    .filter((file) => file.startsWith('./secrets/'));
  expect(wanted.filter((file) => !existsSync(join(secrets, file.slice('./secrets/'.length))))).toEqual([]);
});

test('what the Dockerfile copies exists and passes .dockerignore', () => {
  const copied = [...read('docker', 'Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] as string).split(' '),
  );
  const allowed = [...read('.dockerignore').matchAll(/^!(\S+)$/gm)].map((match) => match[1]);
  expect(copied.length).toBeGreaterThan(4);
  for (const path of copied) {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(allowed).toContain(path);
  }
  expect(read('docker', 'Dockerfile')).toMatch(/^USER 1000:1000$/m);
});

describe('the Kubernetes manifests', () => {
  const find = (kind: string) => manifests().find((one) => one.kind === kind) as Resource;

  test('their settings would start a node, once the stores have TLS', () => {
    const data = find('ConfigMap').data as Record<string, string>;
    expect(() => configOf(data)).toThrow(/not-encrypted/);
    expect(configOf({ ...data, TRUC_STORES_PLAINTEXT: 'allow' })).toMatchObject({
      operationsBind: '0.0.0.0',
      drainSeconds: 10,
    });
  });

  test('probes, mounts, selectors and ports lead to something', () => {
    const { template, selector } = find('Deployment').spec as unknown as {
      selector: { matchLabels: object };
      template: { metadata: { labels: object }; spec: PodSpec };
    };
    const [container] = template.spec.containers as [PodSpec['containers'][0]];
    const ports = container.ports.map(({ name }) => name);
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
      expect(ports).toContain(probe.httpGet.port);
    expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(
      template.spec.volumes.map(({ name }) => name).sort(),
    );
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    const grace = Number((find('ConfigMap').data as Record<string, string>).TRUC_DRAIN_SECONDS);
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(grace + 30);
    for (const kind of ['Service', 'PodDisruptionBudget', 'NetworkPolicy'])
      expect(JSON.stringify(find(kind).spec)).toContain(JSON.stringify(selector.matchLabels));
    expect(new Set(manifests().map(({ metadata }) => metadata.namespace))).toEqual(new Set(['truc']));
  });
});

interface Probe {
  httpGet: { path: string; port: string };
}
interface PodSpec {
  terminationGracePeriodSeconds: number;
  volumes: { name: string }[];
  containers: {
    ports: { name: string }[];
    volumeMounts: { name: string }[];
    startupProbe: Probe;
    livenessProbe: Probe;
    readinessProbe: Probe;
  }[];
}
