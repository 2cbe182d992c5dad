import { attachmentOf, type DocumentReport, documentReport } from '../exchange/index.ts';
import { documentInput, PAGE_POLICY, reportPage } from '../rendering/index.ts';
import {
  answerRecall,
  completeIncoming,
  directIncoming,
  incomingFile,
  officeCaller,
  progressIncoming,
  refuseIncoming,
  registerIncoming,
  verifyIncoming,
} from '../workflow/index.ts';
import { dateOrNull, numberOrNull, personOfAgency, text, texts } from './fields.ts';
import { officialsOf, type Visit } from './office.ts';
import { order, showPdf } from './outgoing-steps.ts';

/** What the buttons of an incoming file's page do; each ends at the page again. */
export const INCOMING_STEPS: Readonly<Record<string, (visit: Visit, fileId: string) => Promise<unknown>>> = {
  verify: (visit, fileId) => verifyIncoming(order(visit, fileId), visit.desk),
  register: (visit, fileId) =>
    registerIncoming({ ...order(visit, fileId), number: numberOrNull(visit.request, 'number') }, visit.desk),
  refuse: (visit, fileId) => refuseIncoming(order(visit, fileId), visit.desk),
  direct: async (visit, fileId) => {
    const { request, officer, desk } = visit;
    const officials = await officialsOf(officer.agencyId, desk);
    const lead = personOfAgency(text(request, 'lead', 40), officials);
    const ticked = texts(request, 'others').map((id) => personOfAgency(id, officials));
    const others = ticked.filter(({ id }) => id !== lead.id);
    const wanted = { lead, others, dueDate: dateOrNull(request, 'dueDate') };
    return directIncoming({ ...order(visit, fileId), ...wanted }, desk);
  },
  progress: (visit, fileId) => progressIncoming(order(visit, fileId), visit.desk),
  complete: (visit, fileId) => completeIncoming(order(visit, fileId), visit.desk),
  'agree-recall': (visit, fileId) => answerRecall({ ...order(visit, fileId), agree: true }, visit.desk),
  'refuse-recall': (visit, fileId) => answerRecall({ ...order(visit, fileId), agree: false }, visit.desk),
};

/** The stored verification report, as every reader of the axis gets it. */
export async function sendReport({ officer, desk, response, lang }: Visit, fileId: string): Promise<void> {
  const { documentId } = await incomingFile(fileId, officer.agencyId, desk);
  const told = await documentReport(documentId, officeCaller(officer.agencyId), desk, 0);
  const page = reportPage(documentInput(JSON.parse(told) as DocumentReport, documentId), lang);
  response.set('Content-Security-Policy', PAGE_POLICY).type('html').send(page);
}

/** A file of the document: a PDF is shown, anything else is a download. */
export async function sendFile(
  { officer, desk, response }: Visit,
  fileId: string,
  place: string,
): Promise<void> {
  const { documentId } = await incomingFile(fileId, officer.agencyId, desk);
  const index = /^\d{1,4}$/.test(place) ? Number(place) : -1;
  const found = await attachmentOf(documentId, index, officeCaller(officer.agencyId), desk);
  if (found.contentType === 'application/pdf')
    return showPdf(response, found.bytes, `${documentId}-${index + 1}.pdf`);
  response.attachment(found.name).type('application/octet-stream').send(found.bytes);
}
