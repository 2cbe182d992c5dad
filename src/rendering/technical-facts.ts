import { COVERAGES, FORMATS, type Language, TIMESTAMP_KINDS } from '../messages/index.ts';
import type { FileReport, SignatureReport, SignerIdentity, TimestampReport } from '../verification/index.ts';
import { shownTime } from './report-times.ts';
import { type Fact, say, word } from './report-view.ts';
import { listed } from './signature-points.ts';
import { bounded } from './text.ts';

/** How many certificates, time-stamps or changes are listed; a hostile file may have thousands. */
const MOST = 20;

/** What a technician wants to know of a file: digest, size, format, policy, time, codes. */
export function fileFacts(report: FileReport, lang: Language): Fact[] {
  return [
    fact('indication', lang, report.indication),
    fact('format', lang, FORMATS[report.format][lang]),
    fact('sha256', lang, report.sha256),
    fact('size', lang, say('bytes', lang, { n: report.size })),
    fact('policy', lang, bounded(report.policy, 100)),
    fact('validatedAt', lang, shownTime(report.validatedAt, lang)),
    ...codes(report, lang),
    ...(report.timestamps ?? []).slice(0, MOST).map((one) => timestamp(one, lang)),
  ];
}

/** What a technician wants to know of a signature. */
export function signatureFacts(one: SignatureReport, lang: Language): Fact[] {
  const sub = one.subIndication === null ? '' : ` / ${one.subIndication}`;
  return [
    fact('indication', lang, `${one.indication}${sub}`),
    ...codes(one, lang),
    fact('id', lang, bounded(one.id, 120)),
    fact('level', lang, one.baseline ?? word('unknown', lang)),
    fact('algorithm', lang, bounded(one.algorithm ?? word('unknown', lang), 120)),
    fact('coverage', lang, COVERAGES[one.coverage][lang]),
    fact('bestTime', lang, shownTime(one.bestSignatureTime, lang)),
    ...(one.signer ? certificate(one.signer, lang) : []),
    ...path(one, lang),
    ...one.timestamps.slice(0, MOST).map((stamp) => timestamp(stamp, lang)),
    ...changes(one, lang),
  ];
}

function fact(label: Parameters<typeof word>[0], lang: Language, value: string): Fact {
  return { label: word(label, lang), value };
}

function codes({ errors, warnings }: Pick<FileReport, 'errors' | 'warnings'>, lang: Language): Fact[] {
  const all = [...new Set([...errors, ...warnings])];
  return all.length === 0 ? [] : [fact('codes', lang, all.join(', '))];
}

/** Of the seven things that NĐ 68/2024/NĐ-CP art. 7 puts into a certificate, those that a reader can use. */
function certificate(signer: SignerIdentity, lang: Language): Fact[] {
  return [
    fact('subject', lang, bounded(signer.subject)),
    fact('issuer', lang, bounded(signer.issuer)),
    fact('number', lang, bounded(signer.certificateNumber, 80)),
    fact('validity', lang, `${shownTime(signer.notBefore, lang)} – ${shownTime(signer.notAfter, lang)}`),
    fact('fingerprint', lang, signer.certificateSha256),
  ];
}

function path({ chain }: SignatureReport, lang: Language): Fact[] {
  return chain.slice(1, MOST).map(({ sha256, subject }, i) => ({
    label: `${word('path', lang)} ${i + 2}`,
    value: `${bounded(subject)} · ${sha256}`,
  }));
}

function timestamp(one: TimestampReport, lang: Language): Fact {
  const sub = one.subIndication === null ? '' : ` / ${one.subIndication}`;
  const time = one.time === null ? word('unknown', lang) : shownTime(one.time, lang);
  const said = [...one.errors, ...one.warnings].join(', ');
  const parts = [
    TIMESTAMP_KINDS[one.kind][lang],
    time,
    bounded(one.authority ?? word('unknown', lang)),
    `${one.indication}${sub}`,
    said,
  ];
  return fact('timestamps', lang, parts.filter((part) => part !== '').join(' · '));
}

function changes({ laterChanges }: SignatureReport, lang: Language): Fact[] {
  if (laterChanges.length === 0) return [];
  const names = laterChanges.map(
    ({ revision, kind, detail }) => `${revision}: ${kind} ${bounded(detail, 80)}`,
  );
  return [fact('changes', lang, listed(names, lang, '; '))];
}
