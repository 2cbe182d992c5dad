import { OID } from './asn1/oids.ts';
import type { Certificate } from './certificate.ts';

/** What the user of a path demands about certificate policies (RFC 5280 §6.1.1 (c), (e)–(g)). */
export interface PolicyInputs {
  /** Acceptable policies; empty means any. */
  policies: readonly string[];
  explicitPolicy: boolean;
  inhibitAny: boolean;
  inhibitMapping: boolean;
}

export interface PolicyResult {
  acceptable: boolean;
  /** Policies of the path that the user accepts; `anyPolicy` stands for all. */
  policies: string[];
}

interface Node {
  expected: Set<string>;
  parents: Set<string>;
}

/** Nodes of one depth by their valid policy: the graph of RFC 9618, which cannot grow exponentially as the tree can. */
type Level = Map<string, Node>;

/**
 * Policy processing of RFC 5280 §6.1 in the form of RFC 9618 §4.
 * @param certificates the path below the anchor, nearest to the anchor first
 */
export function processPolicies(certificates: readonly Certificate[], inputs: PolicyInputs): PolicyResult {
  const length = certificates.length;
  const counters = {
    explicit: inputs.explicitPolicy ? 0 : length + 1,
    inhibitAny: inputs.inhibitAny ? 0 : length + 1,
    mapping: inputs.inhibitMapping ? 0 : length + 1,
  };
  let levels: Level[] | null = [new Map([[OID.anyPolicy, node([OID.anyPolicy], [])]])];
  for (const [i, certificate] of certificates.entries()) {
    const last = i === length - 1;
    levels =
      levels && extend(levels, certificate, counters.inhibitAny > 0 || (!last && certificate.selfIssued));
    if (counters.explicit === 0 && levels === null) return { acceptable: false, policies: [] };
    if (last) break;
    if (!prepareNext(certificate, levels, counters.mapping > 0)) return { acceptable: false, policies: [] };
    if (levels && prune(levels)) levels = null;
    count(counters, certificate);
  }
  const leaf = certificates.at(-1)?.extensions;
  // RFC 5280 §6.1.5 (a), (b)
  if (counters.explicit > 0) counters.explicit--;
  if (leaf?.requireExplicitPolicy === 0) counters.explicit = 0;
  const policies = acceptedPolicies(levels, inputs.policies);
  return { acceptable: counters.explicit > 0 || policies.length > 0, policies };
}

function node(expected: Iterable<string>, parents: Iterable<string>): Node {
  return { expected: new Set(expected), parents: new Set(parents) };
}

/** RFC 9618 §5.3 (d): the next level of the graph, or null when nothing is left. */
function extend(levels: Level[], certificate: Certificate, anyAllowed: boolean): Level[] | null {
  const stated = certificate.extensions.policies;
  if (stated === null) return null;
  const above = levels.at(-1) as Level;
  const byExpected = new Map<string, string[]>();
  for (const [policy, one] of above)
    for (const expected of one.expected)
      byExpected.set(expected, [...(byExpected.get(expected) ?? []), policy]);
  const level: Level = new Map();
  for (const policy of stated) {
    if (policy === OID.anyPolicy) continue;
    const parents = byExpected.get(policy) ?? (above.has(OID.anyPolicy) ? [OID.anyPolicy] : []);
    if (parents.length > 0) level.set(policy, node([policy], parents));
  }
  if (stated.includes(OID.anyPolicy) && anyAllowed)
    for (const [policy, parents] of byExpected)
      if (!level.has(policy)) level.set(policy, node([policy], parents));
  levels.push(level);
  return prune(levels) ? null : levels;
}

/** Removes nodes that lead nowhere; true when nothing is left. */
function prune(levels: Level[]): boolean {
  for (let depth = levels.length - 1; depth > 0; depth--) {
    const used = new Set([...(levels[depth] as Level).values()].flatMap((one) => [...one.parents]));
    const above = levels[depth - 1] as Level;
    for (const policy of above.keys()) if (!used.has(policy)) above.delete(policy);
  }
  return (levels.at(-1) as Level).size === 0;
}

/** RFC 5280 §6.1.4 (a), (b) with RFC 9618: policy mappings. False where a mapping is forbidden. */
function prepareNext(certificate: Certificate, levels: Level[] | null, mappingAllowed: boolean): boolean {
  const mappings = certificate.extensions.policyMappings;
  if (mappings.some((one) => one.issuer === OID.anyPolicy || one.subject === OID.anyPolicy)) return false;
  const level = levels?.at(-1);
  if (!level) return true;
  const byIssuer = new Map<string, Set<string>>();
  for (const { issuer, subject } of mappings)
    byIssuer.set(issuer, (byIssuer.get(issuer) ?? new Set()).add(subject));
  for (const [policy, subjects] of byIssuer) {
    if (!mappingAllowed) {
      level.delete(policy);
      continue;
    }
    const mapped = level.get(policy);
    if (mapped) mapped.expected = subjects;
    else if (level.has(OID.anyPolicy)) level.set(policy, node(subjects, [OID.anyPolicy]));
  }
  return true;
}

/** RFC 5280 §6.1.4 (h)–(j). */
function count(
  counters: { explicit: number; inhibitAny: number; mapping: number },
  certificate: Certificate,
): void {
  const { extensions, selfIssued } = certificate;
  if (!selfIssued) {
    counters.explicit = Math.max(0, counters.explicit - 1);
    counters.mapping = Math.max(0, counters.mapping - 1);
    counters.inhibitAny = Math.max(0, counters.inhibitAny - 1);
  }
  counters.explicit = Math.min(counters.explicit, extensions.requireExplicitPolicy ?? counters.explicit);
  counters.mapping = Math.min(counters.mapping, extensions.inhibitPolicyMapping ?? counters.mapping);
  counters.inhibitAny = Math.min(counters.inhibitAny, extensions.inhibitAnyPolicy ?? counters.inhibitAny);
}

/** RFC 5280 §6.1.5 (g) with RFC 9618: the policies, in the anchor's domain, that the user accepts. */
function acceptedPolicies(levels: Level[] | null, wanted: readonly string[]): string[] {
  if (!levels) return [];
  const stated = new Set<string>();
  for (const level of levels.slice(1))
    for (const [policy, one] of level)
      if (policy !== OID.anyPolicy && one.parents.has(OID.anyPolicy)) stated.add(policy);
  const open = (levels.at(-1) as Level).has(OID.anyPolicy);
  if (wanted.length === 0 || wanted.includes(OID.anyPolicy))
    return [...stated, ...(open ? [OID.anyPolicy] : [])];
  return wanted.filter((policy) => open || stated.has(policy));
}
