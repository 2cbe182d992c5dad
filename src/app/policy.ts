import { existsSync, readFileSync } from 'node:fs';
import { type Policy, policyFromFile, policyNamed, policyNames } from '../verification/index.ts';

/**
 * The policy of a built-in name, else of a file.
 * @throws TrucError `verification.unknown-policy` where it is neither, `verification.policy-invalid`
 */
export function policyOf(nameOrFile: string): Policy {
  const isFile = !policyNames.some((name) => name === nameOrFile) && existsSync(nameOrFile);
  return isFile ? policyFromFile(readFileSync(nameOrFile, 'utf8')) : policyNamed(nameOrFile);
}
