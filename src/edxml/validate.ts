import { parseVietnamTime } from '../kernel/index.ts';
import { type EdxmlFault, type FaultList, faultList } from './fault.ts';
import { fileNameFault } from './file-name.ts';
import type {
  Business,
  EdxmlAttachment,
  EdxmlDocument,
  EdxmlStatus,
  Locate,
  Organ,
  ResponseFor,
} from './model.ts';

export interface ValidationContext {
  /** Milliseconds since 1970 UTC; dates must not lie after its day in Vietnam. */
  now: number;
  /** Of the message as read, so that faults have lines. */
  locate?: Locate;
}

const HEADER = 'MessageHeader';
const NEW_CODE = /^[0-9A-Z]+(\.[0-9A-Z]+){0,9}$/;
const DAY_MS = 86_400_000;

/** Longest texts in characters (domain table 1.2: the e-doc checker and NĐ 30/2020 App. VI). */
const LENGTHS = {
  subject: 500,
  content: 2000,
  codeNumber: 11,
  codeNotation: 30,
  place: 50,
  typeName: 100,
  competence: 100,
  position: 100,
  fullName: 50,
  organName: 200,
  toPlace: 150,
  fileName: 500,
  documentId: 500,
  appendix: 500,
  sphere: 100,
};

/**
 * Every fault of a document message at once; an empty list or warnings only mean that it may be sent.
 * @param attachments in the order of the file; null in the place of one that could not be read
 */
export function validateDocument(
  document: EdxmlDocument,
  attachments: readonly (EdxmlAttachment | null)[],
  context: ValidationContext,
): EdxmlFault[] {
  const list = faultList(context.locate);
  organ(list, `${HEADER}/From`, document.from);
  recipients(list, document);
  headerTexts(list, document);
  dates(list, document, context);
  types(list, document);
  document.responseFor.forEach((one, i) => {
    answered(list, ordinal(`${HEADER}/ResponseFor`, i), one, 'warning');
  });
  trace(list, document);
  business(list, document.business);
  manifest(list, document, attachments);
  return list.faults;
}

/** Every fault of a status message at once. */
export function validateStatus(status: EdxmlStatus, context: ValidationContext): EdxmlFault[] {
  const list = faultList(context.locate);
  organ(list, `${HEADER}/From`, status.from);
  answered(list, `${HEADER}/ResponseFor`, status.responseFor, 'error');
  if (status.statusCode === '') list.missing(`${HEADER}/StatusCode`);
  else if (!/^\d{2}$/.test(status.statusCode))
    list.wrong(`${HEADER}/StatusCode`, 'two-digits', status.statusCode);
  const needsReason = ['02', '13', '16'].includes(status.statusCode);
  if (status.description === '' && needsReason) list.missing(`${HEADER}/Description`);
  if (status.timestamp === '') list.missing(`${HEADER}/Timestamp`);
  else time(list, `${HEADER}/Timestamp`, status.timestamp, context, 'date-time');
  return list.faults;
}

function ordinal(path: string, index: number): string {
  return index === 0 ? path : `${path}[${index + 1}]`;
}

function organ(list: FaultList, path: string, one: Organ): void {
  if (one.organId === '') list.missing(`${path}/OrganId`);
  else if (one.organId.length > 35) list.range(`${path}/OrganId`, 'max:35', one.organId.length);
  else if (!NEW_CODE.test(one.organId.toUpperCase()))
    list.wrong(`${path}/OrganId`, 'agency-code', one.organId);
  if (one.organName === '') list.missing(`${path}/OrganName`, 'warning');
  longest(list, `${path}/OrganName`, one.organName, LENGTHS.organName);
}

function recipients(list: FaultList, document: EdxmlDocument): void {
  if (document.to.length === 0) list.missing(`${HEADER}/To`);
  const seen = new Set<string>();
  document.to.forEach((one, i) => {
    const path = ordinal(`${HEADER}/To`, i);
    organ(list, path, one);
    const code = one.organId.toUpperCase();
    if (code !== '' && seen.has(code)) list.wrong(`${path}/OrganId`, 'unique', one.organId);
    seen.add(code);
  });
}

function headerTexts(list: FaultList, document: EdxmlDocument): void {
  required(list, `${HEADER}/Code/CodeNumber`, document.code.number, LENGTHS.codeNumber);
  required(list, `${HEADER}/Code/CodeNotation`, document.code.notation, LENGTHS.codeNotation);
  required(list, `${HEADER}/PromulgationInfo/Place`, document.promulgation.place, LENGTHS.place);
  required(list, `${HEADER}/Subject`, document.subject, LENGTHS.subject);
  required(list, `${HEADER}/Content`, document.content, LENGTHS.content, 'warning');
  required(list, `${HEADER}/DocumentType/TypeName`, document.documentType.typeName, LENGTHS.typeName);
  required(
    list,
    `${HEADER}/SignerInfo/Competence`,
    document.signerInfo.competence,
    LENGTHS.competence,
    'warning',
  );
  required(list, `${HEADER}/SignerInfo/Position`, document.signerInfo.position, LENGTHS.position, 'warning');
  required(list, `${HEADER}/SignerInfo/FullName`, document.signerInfo.fullName, LENGTHS.fullName);
  required(list, `${HEADER}/DocumentId`, document.documentId, LENGTHS.documentId);
  document.toPlaces.forEach((place, i) => {
    longest(list, ordinal(`${HEADER}/ToPlaces/Place`, i), place, LENGTHS.toPlace, 'warning');
  });
  document.otherInfo.appendixes.forEach((one, i) => {
    longest(list, ordinal(`${HEADER}/OtherInfo/Appendixes/Appendix`, i), one, LENGTHS.appendix, 'warning');
  });
  longest(
    list,
    `${HEADER}/OtherInfo/SphereOfPromulgation`,
    document.otherInfo.sphereOfPromulgation,
    LENGTHS.sphere,
    'warning',
  );
}

function dates(list: FaultList, document: EdxmlDocument, context: ValidationContext): void {
  const promulgated = `${HEADER}/PromulgationInfo/PromulgationDate`;
  if (document.promulgation.date === '') list.missing(promulgated);
  else time(list, promulgated, document.promulgation.date, context, 'date');
  if (document.dueDate !== null && parseVietnamTime(document.dueDate) === null)
    list.wrong(`${HEADER}/DueDate`, 'date', document.dueDate, 'warning');
}

/** A real date in the one form, not after today in Vietnam (one day of grace covers clocks that run ahead). */
function time(
  list: FaultList,
  path: string,
  written: string,
  context: ValidationContext,
  form: 'date' | 'date-time',
): void {
  const ms = parseVietnamTime(written);
  const rightForm = form === 'date' ? written.length === 10 : written.length === 19;
  if (ms === null || !rightForm) list.wrong(path, form, written);
  else if (form === 'date' && ms > context.now) list.range(path, 'not-future', written);
  else if (ms > context.now + DAY_MS) list.range(path, 'not-future', written);
}

function types(list: FaultList, document: EdxmlDocument): void {
  const { documentType, otherInfo, steeringType } = document;
  const type = `${HEADER}/DocumentType/Type`;
  if (documentType.type === null) list.missing(type, 'warning');
  // Vendor samples write 1 for a công văn and a provincial builder 18: told, never refused.
  whole(list, type, documentType.type, 1, 2, 'warning');
  whole(list, `${HEADER}/DocumentType/TypeDetail`, documentType.typeDetail, 0, 999, 'warning');
  if (otherInfo.priority === null) list.missing(`${HEADER}/OtherInfo/Priority`);
  whole(list, `${HEADER}/OtherInfo/Priority`, otherInfo.priority, 0, 4);
  whole(list, `${HEADER}/OtherInfo/PromulgationAmount`, otherInfo.promulgationAmount, 0, 65_535, 'warning');
  whole(list, `${HEADER}/OtherInfo/PageAmount`, otherInfo.pageAmount, 0, 65_535, 'warning');
  whole(list, `${HEADER}/SteeringType`, steeringType, 0, 3, 'warning');
}

/** A number within bounds (`R.`), where it is a whole number at all (`M.`). */
function whole(
  list: FaultList,
  path: string,
  value: number | null,
  low: number,
  high: number,
  severity: EdxmlFault['severity'] = 'error',
): void {
  if (value === null || (value >= low && value <= high)) return;
  if (Number.isNaN(value)) list.wrong(path, `${low}..${high}`, value, severity);
  else list.range(path, `${low}..${high}`, value, severity);
}

function answered(list: FaultList, path: string, one: ResponseFor, severity: EdxmlFault['severity']): void {
  if (one.organId === '') list.missing(`${path}/OrganId`, severity);
  if (one.documentId === '') list.missing(`${path}/DocumentId`, severity);
  if (one.code === '') list.missing(`${path}/Code`, 'warning');
  if (one.promulgationDate === '') list.missing(`${path}/PromulgationDate`, 'warning');
  else if (parseVietnamTime(one.promulgationDate) === null)
    list.wrong(`${path}/PromulgationDate`, 'date', one.promulgationDate, 'warning');
}

function trace(list: FaultList, document: EdxmlDocument): void {
  if (document.traceHeaders.length === 0) list.missing('TraceHeaderList/TraceHeader', 'warning');
  let before = '';
  document.traceHeaders.forEach((one, i) => {
    const path = ordinal('TraceHeaderList/TraceHeader', i);
    if (one.organId === '') list.missing(`${path}/OrganId`, 'warning');
    if (parseVietnamTime(one.timestamp) === null)
      list.wrong(`${path}/Timestamp`, 'date-time', one.timestamp, 'warning');
    if (one.timestamp < before)
      list.range(`${path}/Timestamp`, 'not-before-previous', one.timestamp, 'warning');
    before = one.timestamp;
  });
}

function business(list: FaultList, act: Business): void {
  const path = 'TraceHeaderList/Bussiness';
  if (act.type === null) list.missing(`${path}/BussinessDocType`);
  whole(list, `${path}/BussinessDocType`, act.type, 0, 3);
  whole(list, `${path}/Paper`, act.paper, 0, 1, 'warning');
  if ([1, 2, 3].includes(act.type ?? 0) && act.reason === '') list.missing(`${path}/BussinessDocReason`);
  if ((act.type === 1 || act.type === 2) && act.documentId === null) list.missing(`${path}/DocumentId`);
  const info = `${path}/BussinessDocumentInfo`;
  whole(list, `${info}/DocumentInfo`, act.documentInfo, 0, 1, 'warning');
  whole(list, `${info}/DocumentReceiver`, act.documentReceiver, 0, 1, 'warning');
  act.receivers.forEach((one, i) => {
    const receiver = ordinal(`${info}/ReceiverList/Receiver`, i);
    if (one.organId === '') list.missing(`${receiver}/OrganId`);
    if (one.receiverType === null) list.missing(`${receiver}/ReceiverType`);
    whole(list, `${receiver}/ReceiverType`, one.receiverType, 0, 1);
  });
  if (act.type === 3 && act.replacements.length === 0)
    list.missing(`${path}/ReplacementInfoList/ReplacementInfo`);
  act.replacements.forEach((one, i) => {
    const replaced = ordinal(`${path}/ReplacementInfoList/ReplacementInfo`, i);
    if (one.documentId === '') list.missing(`${replaced}/DocumentId`);
    if (one.organIds.length === 0) list.missing(`${replaced}/OrganIdList/OrganId`, 'warning');
  });
}

function manifest(
  list: FaultList,
  document: EdxmlDocument,
  attachments: readonly (EdxmlAttachment | null)[],
): void {
  const names = new Set<string>();
  if (document.references.length === 0) list.missing('edXMLManifest/Reference', 'warning');
  document.references.forEach((one, i) => {
    if (one.contentId === '') list.missing(`${ordinal('edXMLManifest/Reference', i)}/ContentId`);
  });
  attachments.forEach((one, i) => {
    if (one === null) return;
    const path = ordinal('AttachmentEncoded/Attachment', i);
    required(list, `${path}/AttachmentName`, one.name, LENGTHS.fileName);
    if (one.name !== '' && names.has(one.name)) list.wrong(`${path}/AttachmentName`, 'unique', one.name);
    names.add(one.name);
    const fault = fileNameFault(one.name);
    if (fault) list.wrong(`${path}/AttachmentName`, fault.expected, fault.shown, fault.severity);
    if (one.bytes.length === 0) list.wrong(`${path}/ContentTransferEncoded`, 'not-empty', '');
  });
}

function required(
  list: FaultList,
  path: string,
  value: string,
  max: number,
  severity: EdxmlFault['severity'] = 'error',
): void {
  if (value === '') list.missing(path, severity);
  longest(list, path, value, max, severity);
}

function longest(
  list: FaultList,
  path: string,
  value: string,
  max: number,
  severity: EdxmlFault['severity'] = 'error',
): void {
  const length = value.length <= max ? value.length : Array.from(value).length;
  if (length > max) list.range(path, `max:${max}`, length, severity);
}
