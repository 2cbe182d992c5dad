import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { policyOf } from '../app/index.ts';
import { systemClock, TrucError } from '../kernel/index.ts';
import { type Language, secondOpinionSentence, verdictSentences } from '../messages/index.ts';
import {
  etsiReport,
  type FileReport,
  type SecondOpinion,
  secondOpinion,
  type VerificationContext,
  verifyFile,
} from '../verification/index.ts';
import type { ExitCode } from './exit-code.ts';
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
    .option('--second-opinion', 'ask pkijs and xml-crypto too; exit 1 where they disagree')
    .addOption(new Option('--lang <code>', 'language of the sentences').choices(['vi', 'en']).default('vi'))
    .action(async (files: string[], options) => {
      const context: VerificationContext = {
        trust: trustFrom(options),
        policy: policyOf(options.policy),
        at: timeOf(options.at),
        revocation: options.revocation,
        ...(options.declared === undefined ? {} : { declared: options.declared }),
      };
      const detached = options.detached ? read(options.detached) : undefined;
      let passed = true;
      for (const file of files.flatMap(filesOf)) {
        const bytes = read(file);
        const report = verifyFile(bytes, context, detached ? { detached } : {});
        const opinion = options.secondOpinion ? await secondOpinion(bytes, report, detached) : null;
        passed &&= report.indication === 'TOTAL_PASSED' && !opinion?.disagrees;
        if (options.etsiXml) printLine(etsiReport(report).trimEnd());
        else if (options.json)
          printJson({ ...contractOf(file, report), ...(opinion && { secondOpinion: opinion }) });
        else printSentences(file, report, opinion, options.lang);
      }
      done(passed ? 0 : 1);
    });
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

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new TrucError('cli.unreadable', { file }, error);
  }
}

/** `--at` as milliseconds; now without it. @throws TrucError `cli.time` */
export function timeOf(written: string | undefined): number {
  if (written === undefined) return systemClock.now();
  const time = Date.parse(written);
  if (Number.isNaN(time)) throw new TrucError('cli.time', { value: written });
  return time;
}
