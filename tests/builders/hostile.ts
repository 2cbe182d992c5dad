import type { FileReport, SignatureReport } from '../../src/verification/index.ts';

/** Texts that an attacker would put into a name, a certificate or a file name, with what each is for. */
export const HOSTILE_TEXTS: readonly (readonly [string, string])[] = [
  ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['the end of an attribute', '" onmouseover="alert(1)" x="'],
  ['the end of the style sheet', '</style></title></textarea><svg/onload=alert(1)>'],
  ['character references', '&lt;b&gt;&#60;script&#62;&amp;'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as an attacker writes it
  ['a template', '${process.env} {{constructor}} {name} {agency} %s'],
  ['an override of the direction', 'Nguyễn\u202e\u2066 Văn\u202d A\u2069'],
  ['NUL and escapes', 'A\0B\x1b[2J\x07\x7f\u009b'],
  ['line breaks', 'A\r\nB\u2028C\u2029D\tE'],
  ['invisible characters', 'Ng\u200bu\u200dy\ufeffễn\u00ad'],
  ['lone surrogates', 'A\ud800B\udc00'],
  ['nothing', ''],
  ['a hundred thousand characters', 'Ệ'.repeat(100_000)],
  ['a hundred thousand marks on one letter', `a${'\u0323'.repeat(100_000)}`],
  ['one word without an end', 'W'.repeat(100_000)],
  ['operators of a PDF', ') Tj ET Q q BT (x) \\( <</S/JavaScript>> endstream endobj %%EOF'],
  ['other scripts', 'عقد بيع 文書 😀 Ж'],
];

/** A report in which every text that comes from outside is this one. */
export function hostileReport(report: FileReport, text: string): FileReport {
  const certificate = '0'.repeat(64);
  const signature = (one: SignatureReport): SignatureReport => ({
    ...one,
    id: text,
    counterSigns: text,
    algorithm: text,
    files: [text],
    signer: one.signer && {
      ...one.signer,
      subject: `CN=${text}`,
      commonName: text,
      serialNumber: text,
      uid: text,
      organization: `${text}.`,
      issuer: text,
      certificateNumber: text,
    },
    timestamps: one.timestamps.map((stamp) => ({ ...stamp, authority: text })),
    laterChanges: [{ revision: 2, kind: 'form-fill', detail: text }],
    chain: [
      { subject: text, sha256: certificate },
      { subject: text, sha256: certificate },
    ],
  });
  return { ...report, policy: text, signatures: report.signatures.map(signature), unsignedFiles: [text] };
}
