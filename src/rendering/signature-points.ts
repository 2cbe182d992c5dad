import type { ReportedBinding } from '../exchange/index.ts';
import { COVERAGES, LATER_CHANGES, type Language, VERDICTS } from '../messages/index.ts';
import {
  codeMeanings,
  type SignatureReport,
  type SignerIdentity,
  type VerificationCode,
} from '../verification/index.ts';
import { shownTime } from './report-times.ts';
import { type Point, say, type Tone, word } from './report-view.ts';
import { bounded, oddLetters } from './text.ts';

/** What is known of signers beside their certificates. */
export interface Known {
  /** Whom the registry knows the certificates to belong to; null where no registry was asked. */
  bindings: readonly ReportedBinding[] | null;
  /** The envelope names a signer, and none of the persons who signed is he. */
  anotherDeclared: boolean;
}

/** How many lines of one kind are shown; a hostile file may have thousands. */
const MOST_LINES = 12;

/** What a code is about: the question under which its sentence stands. */
type Subject = 'who' | 'when' | 'whole' | 'trust' | 'after';

const ABOUT: Readonly<Partial<Record<VerificationCode, Subject>>> = {
  'file.signer-not-declared': 'who',
  'file.declared-unreadable': 'who',
  'policy.timestamp-demanded': 'when',
  'cms.signing-time-differs': 'when',
  'cms.signing-time-offset': 'when',
  'xml.signing-time-differs': 'when',
  'xml.signing-time-offset': 'when',
  'cms.certificate-not-found': 'who',
  'xml.certificate-not-found': 'who',
  'pdf.changed-after-signing': 'after',
  'pdf.signature-removed': 'after',
  'pdf.docmdp-violated': 'after',
  'pdf.fieldmdp-violated': 'after',
  'pdf.metadata-changed': 'after',
};

function subjectOf(code: VerificationCode): Subject {
  const named = ABOUT[code];
  if (named) return named;
  if (/^(path|revocation|policy)\./.test(code)) return 'trust';
  return code.startsWith('timestamp.') ? 'when' : 'whole';
}

/** The questions about a signature with their answers, in the order in which an official asks them. */
export function pointsOf(one: SignatureReport, known: Known, lang: Language): Point[] {
  const said = (codes: readonly VerificationCode[], subject: Subject) =>
    [...new Set(codes)]
      .filter((code) => subjectOf(code) === subject)
      .map((code) => `${VERDICTS[code][lang]}.`);
  const point = (subject: Subject, answer: Pick<Point, 'tone' | 'answer' | 'more'>): Point => ({
    question: word(subject, lang),
    ...answer,
    more: [...said(one.errors, subject), ...answer.more],
    notes: said(one.warnings, subject),
  });
  return [
    point('who', who(one, known, lang)),
    point('when', when(one, lang)),
    point('whole', whole(one, lang)),
    point('trust', trust(one, lang)),
    point('after', afterwards(one, lang)),
  ];
}

type Answer = Pick<Point, 'tone' | 'answer' | 'more'>;

/** The worst that the codes of a subject say. */
function toneOf({ errors }: SignatureReport, subject: Subject): Tone {
  const about = errors.filter((code) => subjectOf(code) === subject);
  if (about.some((code) => codeMeanings[code].indication === 'TOTAL_FAILED')) return 'bad';
  return about.length > 0 ? 'open' : 'good';
}

function who(one: SignatureReport, { bindings, anotherDeclared }: Known, lang: Language): Answer {
  const { signer, indication } = one;
  if (!signer) return { tone: 'open', answer: word('nobody', lang), more: [] };
  const name = bounded(signer.commonName || signer.subject || word('unknown', lang));
  const held = bindings?.find(({ certificateSha256 }) => certificateSha256 === signer.certificateSha256);
  const passed = indication === 'TOTAL_PASSED';
  const unproven = indication === 'TOTAL_FAILED' ? 'notProven' : 'notProvenYet';
  const another = anotherDeclared && held?.kind === 'person';
  return {
    tone: another ? 'open' : whoTone(one, held !== undefined),
    answer: passed ? name : say('named', lang, { name }),
    more: [
      ...lettersNote(signer.commonName, lang),
      ...(passed ? [] : [word(unproven, lang)]),
      ...capacity(signer, held, bindings, lang),
      ...(another ? [word('notDeclared', lang)] : []),
    ],
  };
}

/** Two names may look alike and differ: an official cannot see why they are not taken as one. */
export function lettersNote(name: string | null, lang: Language): string[] {
  const letters = oddLetters(name ?? '');
  return letters === '' ? [] : [say('oddLetters', lang, { letters })];
}

/** A name is confirmed only by a signature that passed and a registry that knows it. */
function whoTone(one: SignatureReport, held: boolean): Tone {
  const judged = toneOf(one, 'who');
  if (judged !== 'good') return judged;
  return held && one.indication === 'TOTAL_PASSED' ? 'good' : 'none';
}

function capacity(
  signer: SignerIdentity,
  held: ReportedBinding | undefined,
  bindings: Known['bindings'],
  lang: Language,
): string[] {
  if (held) return [boundCapacity(held, lang), word('byRegistry', lang)];
  const { organization, commonName: name } = signer;
  const written = organization !== null && organization !== name;
  return [
    ...(written ? [say('organization', lang, { name: bounded(organization) })] : []),
    word(bindings === null ? 'capacityNotJudged' : 'unbound', lang),
  ];
}

function boundCapacity({ kind, title, agency }: ReportedBinding, lang: Language): string {
  const name = `${bounded(agency.name)} (${bounded(agency.code, 40)})`;
  if (kind === 'agency') return say('agency', lang, { agency: name });
  return title === null
    ? say('personNoTitle', lang, { agency: name })
    : say('person', lang, { title: bounded(title), agency: name });
}

function when(one: SignatureReport, lang: Language): Answer {
  const proven = one.timestamps
    .filter(({ indication, time }) => indication === 'TOTAL_PASSED' && time !== null)
    .sort((a, b) => Date.parse(a.time ?? '') - Date.parse(b.time ?? ''))[0];
  const claimed =
    one.signingTime === null ? [] : [say('claimedTime', lang, { time: shownTime(one.signingTime, lang) })];
  const tone = toneOf(one, 'when');
  if (!proven) return { tone: tone === 'good' ? 'none' : tone, answer: word('noTime', lang), more: claimed };
  const facts = {
    time: shownTime(proven.time ?? '', lang),
    authority: commonName(proven.authority ?? word('unknown', lang)),
  };
  if (one.indication === 'TOTAL_FAILED')
    return { tone: 'none', answer: say('stampedTime', lang, facts), more: claimed };
  return { tone, answer: say('provenTime', lang, facts), more: claimed };
}

function whole(one: SignatureReport, lang: Language): Answer {
  const judged = toneOf(one, 'whole');
  const tone = judged === 'good' && one.coverage === 'none' ? 'open' : judged;
  const answer = { good: 'wholeYes', open: 'wholeOpen', bad: 'wholeNo', none: 'wholeOpen' } as const;
  const names = (one.files ?? []).map((name) => bounded(name, 120));
  const files = names.length > 0 ? [say('signedFiles', lang, { names: listed(names, lang, '; ') })] : [];
  const covers =
    one.counterSigns === undefined ? [say('covers', lang, { coverage: COVERAGES[one.coverage][lang] })] : [];
  return { tone, answer: word(answer[tone], lang), more: [...covers, ...files] };
}

function trust(one: SignatureReport, lang: Language): Answer {
  const judged = toneOf(one, 'trust');
  // A broken signature is often not followed up to its issuer: no complaint there is then no praise.
  const skipped = judged === 'good' && one.indication !== 'TOTAL_PASSED' && one.chain.length < 2;
  const answer = { good: 'trustYes', open: 'trustOpen', bad: 'trustNo', none: 'trustSkipped' } as const;
  const tone = skipped ? 'none' : judged;
  return { tone, answer: word(answer[tone], lang), more: issuers(one, lang) };
}

function issuers({ chain, signer }: SignatureReport, lang: Language): string[] {
  if (chain.length > 1) {
    const names = chain.slice(0, MOST_LINES).map(({ subject }) => commonName(subject));
    return [say('chain', lang, { chain: names.join(' ← ') })];
  }
  return signer ? [say('issuedBy', lang, { issuer: commonName(signer.issuer) })] : [];
}

function afterwards(one: SignatureReport, lang: Language): Answer {
  const judged = toneOf(one, 'after');
  const bad = judged !== 'good' || one.laterChanges.some(({ kind }) => kind === 'not-allowed');
  if (one.laterChanges.length === 0 && !bad) return nothingAfter(one, lang);
  const lines = new Set(
    one.laterChanges.map(({ revision, kind }) =>
      say('revision', lang, { n: revision, change: LATER_CHANGES[kind][lang] }),
    ),
  );
  const shown = [...lines].slice(0, MOST_LINES);
  if (lines.size > MOST_LINES) shown.push(say('moreItems', lang, { n: lines.size - MOST_LINES }));
  const answer = word(bad ? 'afterBad' : 'afterAllowed', lang);
  return { tone: bad ? (judged === 'open' ? 'open' : 'bad') : 'good', answer, more: shown };
}

/** That nothing is told of does not mean much where the content is not as it was. */
function nothingAfter(one: SignatureReport, lang: Language): Answer {
  if (toneOf(one, 'whole') === 'bad') return { tone: 'none', answer: word('afterUnknown', lang), more: [] };
  if (one.coverage === 'none') return { tone: 'none', answer: word('unknown', lang), more: [] };
  return { tone: 'good', answer: word('afterNothing', lang), more: [] };
}

/** Names in one line, the first ones of very many. */
export function listed(names: readonly string[], lang: Language, between: string): string {
  const shown = names.slice(0, MOST_LINES).join(between);
  const left = names.length - MOST_LINES;
  return left > 0 ? `${shown} ${say('moreItems', lang, { n: left })}` : shown;
}

/** The common name within an RFC 4514 string, or the whole string where there is none. */
export function commonName(subject: string): string {
  const head = subject.slice(0, 4000);
  const found = /(?:^|[,+])CN=((?:\\.|[^\\,+])*)/.exec(head)?.[1];
  if (!found) return bounded(subject);
  return bounded(found.replace(/\\([ "#+,;<=>\\])/g, '$1'));
}
