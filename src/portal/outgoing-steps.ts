import { evidenceOf, recall } from '../exchange/index.ts';
import { TrucError, vietnamDate } from '../kernel/index.ts';
import { stampNumber } from '../signing/index.ts';
import {
  askForChecks,
  check,
  comment,
  discardDraft,
  giveBack,
  issueOutgoing,
  numberOutgoing,
  officeCaller,
  outgoingFile,
  signingTicket,
  submitToSigner,
  type WorkProblemCode,
} from '../workflow/index.ts';
import { MOST_RECIPIENTS } from './draft-form.ts';
import { dateOrNull, numberOrNull, personOfAgency, revision, text, texts } from './fields.ts';
import { officialsOf, type Visit } from './office.ts';

/** What the buttons of an outgoing file's page do; each ends at the page again. */
export const OUTGOING_STEPS: Readonly<Record<string, (visit: Visit, fileId: string) => Promise<unknown>>> = {
  ask: async (visit, fileId) => {
    const officials = await officialsOf(visit.officer.agencyId, visit.desk);
    const checkers = texts(visit.request, 'checkers').map((id) => personOfAgency(id, officials));
    return askForChecks({ ...order(visit, fileId), checkers }, visit.desk);
  },
  'check-content': (visit, fileId) => check({ ...order(visit, fileId), aspect: 'content' }, visit.desk),
  'check-form': (visit, fileId) => check({ ...order(visit, fileId), aspect: 'form' }, visit.desk),
  comment: (visit, fileId) => comment(order(visit, fileId), visit.desk),
  discard: (visit, fileId) => discardDraft(order(visit, fileId), visit.desk),
  submit: (visit, fileId) => submitToSigner(order(visit, fileId), visit.desk),
  'give-back': (visit, fileId) => giveBack(order(visit, fileId), visit.desk),
  number: (visit, fileId) => {
    const { request, desk } = visit;
    const wanted = { number: numberOrNull(request, 'number'), date: dateOrNull(request, 'date') };
    return numberOutgoing({ ...order(visit, fileId), ...wanted }, desk);
  },
  issue: (visit, fileId) => {
    const to = [...new Set(text(visit.request, 'to', 20_000).split(/[\s,;]+/))].filter((code) => code !== '');
    if (to.length > MOST_RECIPIENTS)
      throw new TrucError('intake.too-many-recipients', { count: to.length, limit: MOST_RECIPIENTS });
    if (to.length === 0) throw new TrucError<WorkProblemCode>('work.recipients-missing');
    return issueOutgoing({ ...order(visit, fileId), to }, visit.desk);
  },
  recall: async ({ officer, desk, request }, fileId) => {
    const note = text(request, 'note', 1_000);
    if (note === '') throw new TrucError<WorkProblemCode>('work.reason-missing');
    if (!officer.roles.includes('clerk')) throw new TrucError('api.role-missing', { roles: ['clerk'] });
    const { sentAs } = await outgoingFile(fileId, officer.agencyId, desk);
    if (sentAs === null) throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
    return recall(sentAs, note, officeCaller(officer.agencyId), desk);
  },
};

export function order({ request, officer }: Visit, fileId: string) {
  return { fileId, revision: revision(request), actor: officer, note: text(request, 'note', 4_000) };
}

const ACTS = ['initial', 'approve', 'seal', 'appendix'] as const;

export function actOf(name: unknown): (typeof ACTS)[number] {
  const act = ACTS.find((one) => one === name);
  if (!act) throw new TrucError('api.not-found');
  return act;
}

/** POST /work/outgoing/{id}/ticket/{act}: what the page's script hands to the signing window. */
export async function sendTicket(visit: Visit, fileId: string, name: unknown): Promise<void> {
  const { officer, desk, options, response } = visit;
  const origin = new URL(options.publicUrl).origin;
  const issued = await signingTicket(
    { files: [{ fileId, revision: null }], actor: officer, act: actOf(name), origin },
    desk,
  );
  const { signingUrl } = options;
  const widgetUrl = `${signingUrl}/widget/v1/?client=truc-work`;
  response.status(201).json({ ...issued, signingUrl, widgetUrl });
}

/** What browsers need to show a PDF, and nothing else. */
const PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** GET /work/outgoing/{id}/preview: where number and date will stand, on a copy that nobody keeps. */
export async function sendPreview({ officer, desk, response }: Visit, fileId: string): Promise<void> {
  const { documentId, letter } = await outgoingFile(fileId, officer.agencyId, desk);
  const version = (await desk.drafts.get(documentId))?.versions.at(-1);
  if (!version) throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
  const [year, month, day] = vietnamDate(desk.clock.now()).split('/');
  const { regular, italic } = desk.signing.fonts;
  const bytes = stampNumber({
    pdf: await desk.blobs.read(version.content),
    number: { text: '00', ...letter.places.number, font: regular },
    date: { text: `${day} tháng ${month} năm ${year}`, ...letter.places.date, font: italic },
  });
  showPdf(response, bytes, `${fileId}.pdf`);
}

/** The newest version. */
export async function sendPdf({ officer, desk, response }: Visit, fileId: string): Promise<void> {
  const file = await outgoingFile(fileId, officer.agencyId, desk);
  const version = (await desk.drafts.get(file.documentId))?.versions.at(-1);
  if (!version) throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
  showPdf(response, await desk.blobs.read(version.content), `${fileId}.pdf`);
}

export function showPdf(response: Visit['response'], bytes: Buffer, name: string): void {
  response.set({
    'Content-Security-Policy': PDF_POLICY,
    'Content-Disposition': `inline; filename="${name}"`,
  });
  response.type('application/pdf').send(bytes);
}

export async function sendEvidence({ officer, desk, response }: Visit, documentId: string): Promise<void> {
  const zip = await evidenceOf(documentId, officeCaller(officer.agencyId), desk);
  response.attachment(`${documentId}.evidence.zip`).type('application/zip').send(zip);
}
