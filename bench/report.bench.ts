import { documentInput, type ReportInput, reportPage, reportPdf } from '../src/rendering/index.ts';
import { many, sampleReports, submission } from '../tests/builders/reports.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';

const WARM_UP = 10;
const ROUNDS = 20;

/** The verification report as a page and as a PDF, of the usual two signatures and of the hundred that are shown at most. */
export async function report(): Promise<BenchLine[]> {
  const { passed } = await sampleReports();
  const hundred = documentInput(submission(many(passed.files[0]!.report, 5_000)), null);
  return [await measure('2 signatures', passed), await measure('100 of 5,000 signatures', hundred)];
}

async function measure(name: string, input: ReportInput): Promise<BenchLine> {
  const page = await perRound(() => reportPage(input, 'vi'));
  const pdf = await perRound(() => reportPdf(input, 'vi'));
  return {
    name: `report, ${name}`,
    figures: {
      'page, CPU ms': rounded(page),
      'page, bytes': Buffer.byteLength(reportPage(input, 'vi')),
      'PDF, CPU ms': rounded(pdf),
      'PDF, bytes': (await reportPdf(input, 'vi')).length,
    },
  };
}

async function perRound(work: () => unknown): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await work();
  const { cpuMs } = await cpuOf(async () => {
    for (let i = 0; i < ROUNDS; i++) await work();
  });
  return cpuMs / ROUNDS;
}
