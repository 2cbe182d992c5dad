import { issuePki, type Pki, testPkiDeclaration } from '../../src/lab/index.ts';

/** A fixed moment that tests take as "now": 2026-03-16 09:00 in Vietnam. */
export const TEST_NOW = Date.UTC(2026, 2, 16, 2, 0, 0);

let cached: Promise<Pki> | undefined;

/** The whole of certs/test-pki.yml issued at TEST_NOW, once per test process. Nobody may add to it. */
export function testPki(): Promise<Pki> {
  cached ??= issuePki(testPkiDeclaration(), { now: TEST_NOW });
  return cached;
}
