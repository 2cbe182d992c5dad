import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { systemClock, TrucError } from '../kernel/index.ts';
import { type Language, secondOpinionSentence, verdictSentences } from '../messages/index.ts';
import {
  type ByteSource,
  etsiReport,
  type FileReport,
  type Policy,
  policyNamed,
  policyNames,
  type SecondOpinion,
  secondOpinion,
  type VerificationContext,
  verifyFile,
} from '../verification/index.ts';
import type { ExitCode } from './exit-code.ts';
import { type OpenFile, openFile } from './file-source.ts';
import { printJson, printLine } from './output.ts';
import { trustFrom, withTrust } from './trust.ts';

export function verifyCommand(done: (code: ExitCode) => void): Command {
  return withTrust(
    new Command('verify').description(
      'judge the signatures of files; exit 0 when all passed, 1 when any did not',
    ),
  )
    .argument('<file...>', 'files, or folders that stand for all files in them')
    .option('--detached <file>', 'the signed content of a detached CMS or XML signature')
    .option('--declared <name>', 'the signer that the document names: CN=…;serialNumber=…')
    .option('--json', 'one JSON object per file')
    .option('--etsi-xml', 'the report of ETSI TS 119 102-2, one XML document per file')
    .option('--html <file>', 'also write the report for people as a page, of all files in one')
    .option('--pdf <file>', 'the same as a PDF')
    .option('--second-opinion', 'ask pkijs and xml-crypto too; exit 1 where they disagree')
    .addOption(new Option('--lang <code>', 'language of the sentences').choices(['vi', 'en']).default('vi'))
    .action(async (files: string[], options) => {
      const context: VerificationContext = {
        trust: trustFrom(options),
        policy: await policyOf(options.policy),
        at: timeOf(options.at),
        revocation: options.revocation,
        ...(options.declared === undefined ? {} : { declared: options.declared }),
      };
      const content = options.detached ? openFile(options.detached) : undefined;
      let passed = true;
      const reports: NamedReport[] = [];
      for (const file of files.flatMap(filesOf)) {
        const { report, opinion } = await judge(file, context, content?.source, options.secondOpinion);
        if (options.html || options.pdf) reports.push({ name: basename(file), report });
        passed &&= report.indication === 'TOTAL_PASSED' && !opinion?.disagrees;
        if (options.etsiXml) printLine(etsiReport(report).trimEnd());
        else if (options.json)
          printJson({ ...contractOf(file, report), ...(opinion && { secondOpinion: opinion }) });
        else printSentences(file, report, opinion, options.lang);
      }
      content?.close();
      if (options.html || options.pdf) await writeReports(reports, options);
      done(passed ? 0 : 1);
    });
}

interface NamedReport {
  name: string;
  report: FileReport;
}

/**
 * The room that sets pages and its fonts are loaded only when a page is wanted.
 * @throws TrucError `cli.nothing-judged` for an empty folder: a report of nothing would look like a good one
 */
async function writeReports(
  reports: readonly NamedReport[],
  { html, pdf, lang }: { html?: string; pdf?: string; lang: Language },
): Promise<void> {
  const { filesInput, reportPage, reportPdf } = await import('../rendering/index.ts');
  const [first, ...others] = reports;
  if (!first) throw new TrucError('cli.nothing-judged');
  const input = filesInput([first, ...others]);
  if (html) writeFileSync(html, reportPage(input, lang));
  if (pdf) writeFileSync(pdf, await reportPdf(input, lang));
}

interface Judged {
  report: FileReport;
  opinion: SecondOpinion | null;
}

async function judge(
  path: string,
  context: VerificationContext,
  detached: ByteSource | undefined,
  twice: boolean | undefined,
): Promise<Judged> {
  const file: OpenFile = openFile(path);
  const report = verifyFile(file.source, context, detached ? { detached } : {});
  const opinion = twice ? await secondOpinion(file.source, report, detached) : null;
  file.close();
  return { report, opinion };
}

/** Only a policy file needs the room that reads configurations, and with it most of the axis in memory. */
export async function policyOf(nameOrFile: string): Promise<Policy> {
  if (policyNames.some((name) => name === nameOrFile)) return policyNamed(nameOrFile);
  return (await import('../app/index.ts')).policyOf(nameOrFile);
}

function printSentences(
  file: string,
  report: FileReport,
  opinion: SecondOpinion | null,
  lang: Language,
): void {
  for (const line of verdictSentences(file, report, lang)) printLine(line);
  if (opinion) printLine(secondOpinionSentence(opinion, lang));
}

/** The shape that other tools parse (docs/verdicts.md); fields may be added, never renamed. */
function contractOf(file: string, report: FileReport) {
  return {
    file,
    format: report.format,
    indication: report.indication,
    errors: report.errors,
    warnings: report.warnings,
    ...(report.unsignedFiles ? { unsignedFiles: report.unsignedFiles } : {}),
    signatures: report.signatures.map((one) => ({
      ...(one.counterSigns === undefined ? {} : { counterSigns: one.counterSigns }),
      indication: one.indication,
      subIndication: one.subIndication,
      baseline: one.baseline,
      signer: one.signer?.subject ?? null,
      signingTime: one.signingTime,
      bestSignatureTime: one.bestSignatureTime,
      timestamps: one.timestamps.length,
      algorithm: one.algorithm,
      coverage: one.coverage,
      errors: one.errors,
      warnings: one.warnings,
    })),
  };
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    return names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
  } catch (error) {
    throw new TrucError('cli.unreadable', { file: path }, error);
  }
}

/** `--at` as milliseconds; now without it. @throws TrucError `cli.time` */
export function timeOf(written: string | undefined): number {
  if (written === undefined) return systemClock.now();
  const time = Date.parse(written);
  if (Number.isNaN(time)) throw new TrucError('cli.time', { value: written });
  return time;
}
