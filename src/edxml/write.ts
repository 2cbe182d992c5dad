import { NAMESPACE } from './fields.ts';
import type {
  Business,
  EdxmlAttachment,
  EdxmlDocument,
  EdxmlStatus,
  Organ,
  Reference,
  ResponseFor,
  Staff,
  TraceHeader,
} from './model.ts';

/*
 * One canonical shape: the order of children that the two vendor builders and the hand-written samples agree on, the
 * literal prefix `edXML:` on everything from the envelope down, and none on AttachmentEncoded and what is in it,
 * because recipients in the field compare these names as text.
 */

/** A document message as UTF-8 XML. `hasSignature` is not written: a signature is made over the result. */
export function writeDocument(document: EdxmlDocument, attachments: readonly EdxmlAttachment[]): Buffer {
  const header = `${messageHeader(document)}${traceHeaderList(document)}`;
  const manifest = document.references.map(reference).join('');
  const body = `<edXML:edXMLBody><edXML:edXMLManifest version="1.0">${manifest}</edXML:edXMLManifest></edXML:edXMLBody>`;
  const head = `${open}<edXML:edXMLHeader>${header}</edXML:edXMLHeader>${body}</edXML:edXMLEnvelope>`;
  const parts: Buffer[] = [Buffer.from(`${head}<AttachmentEncoded>`)];
  for (const attachment of attachments) parts.push(...encoded(attachment));
  parts.push(Buffer.from('</AttachmentEncoded></edXML>\n'));
  return Buffer.concat(parts);
}

/** A status message as UTF-8 XML. */
export function writeStatus(status: EdxmlStatus): Buffer {
  const message = [
    organ('From', status.from),
    responseFor(status.responseFor),
    status.staff === null ? '' : staffInfo(status.staff),
    leaf('StatusCode', status.statusCode),
    leaf('Description', status.description),
    leaf('Timestamp', status.timestamp),
  ].join('');
  return Buffer.from(
    `${open}<edXML:edXMLHeader>${group('MessageHeader', message)}</edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>\n`,
  );
}

/** The document with one more trace header at the end of its route; times never go back. */
export function addTraceHeader(document: EdxmlDocument, header: TraceHeader): EdxmlDocument {
  const last = document.traceHeaders.at(-1)?.timestamp ?? '';
  const timestamp = header.timestamp < last ? last : header.timestamp;
  return { ...document, traceHeaders: [...document.traceHeaders, { ...header, timestamp }] };
}

const open = `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${NAMESPACE}"><edXML:edXMLEnvelope xmlns:edXML="${NAMESPACE}">`;

function messageHeader(document: EdxmlDocument): string {
  const { code, promulgation, documentType, signerInfo } = document;
  return group(
    'MessageHeader',
    [
      organ('From', document.from),
      ...document.to.map((one) => organ('To', one)),
      group('Code', leaf('CodeNumber', code.number) + leaf('CodeNotation', code.notation)),
      group(
        'PromulgationInfo',
        leaf('Place', promulgation.place) + leaf('PromulgationDate', promulgation.date),
      ),
      group(
        'DocumentType',
        number('Type', documentType.type) +
          number('TypeDetail', documentType.typeDetail) +
          leaf('TypeName', documentType.typeName),
      ),
      leaf('Subject', document.subject),
      leaf('Content', document.content),
      group(
        'SignerInfo',
        leaf('Competence', signerInfo.competence) +
          leaf('Position', signerInfo.position) +
          leaf('FullName', signerInfo.fullName),
      ),
      optional('DueDate', document.dueDate),
      document.toPlaces.length === 0
        ? ''
        : group('ToPlaces', document.toPlaces.map((place) => leaf('Place', place)).join('')),
      otherInfo(document.otherInfo),
      ...document.responseFor.map(responseFor),
      number('SteeringType', document.steeringType),
      leaf('DocumentId', document.documentId),
    ].join(''),
  );
}

function otherInfo(info: EdxmlDocument['otherInfo']): string {
  const appendixes = info.appendixes.map((one) => leaf('Appendix', one)).join('');
  return group(
    'OtherInfo',
    [
      number('Priority', info.priority),
      leaf('SphereOfPromulgation', info.sphereOfPromulgation),
      leaf('TyperNotation', info.typerNotation),
      number('PromulgationAmount', info.promulgationAmount),
      number('PageAmount', info.pageAmount),
      optional('Direction', info.direction),
      appendixes === '' ? '' : group('Appendixes', appendixes),
    ].join(''),
  );
}

function traceHeaderList(document: EdxmlDocument): string {
  const headers = document.traceHeaders.map((one) =>
    group('TraceHeader', leaf('OrganId', one.organId) + leaf('Timestamp', one.timestamp)),
  );
  return group('TraceHeaderList', headers.join('') + business(document.business));
}

function business(act: Business): string {
  const receivers = act.receivers.map((one) =>
    group('Receiver', leaf('OrganId', one.organId) + number('ReceiverType', one.receiverType)),
  );
  const info =
    act.documentInfo === null && act.documentReceiver === null && receivers.length === 0
      ? ''
      : group(
          'BussinessDocumentInfo',
          number('DocumentInfo', act.documentInfo) +
            number('DocumentReceiver', act.documentReceiver) +
            (receivers.length === 0 ? '' : group('ReceiverList', receivers.join(''))),
        );
  const replacements = act.replacements.map((one) =>
    group(
      'ReplacementInfo',
      leaf('DocumentId', one.documentId) +
        group('OrganIdList', one.organIds.map((id) => leaf('OrganId', id)).join('')),
    ),
  );
  return group(
    'Bussiness',
    [
      number('BussinessDocType', act.type),
      leaf('BussinessDocReason', act.reason),
      info,
      optional('DocumentId', act.documentId),
      act.staff === null ? '' : staffInfo(act.staff),
      number('Paper', act.paper),
      replacements.length === 0 ? '' : group('ReplacementInfoList', replacements.join('')),
    ].join(''),
  );
}

function organ(name: string, one: Organ): string {
  return group(
    name,
    [
      leaf('OrganId', one.organId),
      leaf('OrganizationInCharge', one.organizationInCharge),
      leaf('OrganName', one.organName),
      leaf('OrganAdd', one.organAdd),
      leaf('Email', one.email),
      leaf('Telephone', one.telephone),
      leaf('Fax', one.fax),
      leaf('Website', one.website),
    ].join(''),
  );
}

function responseFor(one: ResponseFor): string {
  return group(
    'ResponseFor',
    leaf('OrganId', one.organId) +
      leaf('Code', one.code) +
      leaf('PromulgationDate', one.promulgationDate) +
      leaf('DocumentId', one.documentId),
  );
}

function staffInfo(one: Staff): string {
  return group(
    'StaffInfo',
    leaf('Department', one.department) +
      leaf('Staff', one.staff) +
      leaf('Mobile', one.mobile) +
      leaf('Email', one.email),
  );
}

function reference(one: Reference): string {
  return group(
    'Reference',
    leaf('ContentId', `cid:${one.contentId}`) +
      leaf('ContentType', one.contentType) +
      leaf('Description', one.description) +
      leaf('AttachmentName', one.attachmentName),
  );
}

/** Plain base64: what was wrapped in a ZIP is written unwrapped, under its own name. */
function encoded(attachment: EdxmlAttachment): Buffer[] {
  const plain = (name: string, value: string) => `<${name}>${escaped(value)}</${name}>`;
  const head = [
    plain('ContentId', `cid:${attachment.contentId}`),
    plain('AttachmentName', attachment.name),
    plain('Description', attachment.description),
    plain('ContentType', attachment.contentType),
  ].join('');
  return [
    Buffer.from(`<Attachment>${head}<edXML:ContentTransferEncoded xmlns:edXML="${NAMESPACE}">`),
    Buffer.from(attachment.bytes.toString('base64'), 'latin1'),
    Buffer.from('</edXML:ContentTransferEncoded></Attachment>'),
  ];
}

function group(name: string, inner: string): string {
  return `<edXML:${name}>${inner}</edXML:${name}>`;
}

function leaf(name: string, value: string): string {
  return `<edXML:${name}>${escaped(value)}</edXML:${name}>`;
}

function optional(name: string, value: string | null): string {
  return value === null ? '' : leaf(name, value);
}

function number(name: string, value: number | null): string {
  return value === null || Number.isNaN(value) ? '' : leaf(name, String(value));
}

/** XML 1.0 has no form for other control characters; they are left out. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

function escaped(value: string): string {
  return value
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
