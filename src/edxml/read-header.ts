import { child, children, integer, text, textOrNull, value } from './fields.ts';
import type { Business, EdxmlDocument, EdxmlStatus, Organ, Reference, ResponseFor, Staff } from './model.ts';
import type { Node } from './tree.ts';

/** Header and manifest of a document message. */
export function readDocumentHeader(envelope: Node): EdxmlDocument {
  const header = child(envelope, 'edXMLHeader');
  const message = child(header, 'MessageHeader');
  const trace = child(header, 'TraceHeaderList');
  const manifest = child(child(envelope, 'edXMLBody'), 'edXMLManifest');
  const type = child(message, 'DocumentType');
  const signer = child(message, 'SignerInfo');
  const promulgation = child(message, 'PromulgationInfo');
  return {
    from: organ(child(message, 'From')),
    to: children(message, 'To').map(organ),
    code: {
      number: text(child(message, 'Code'), 'CodeNumber'),
      notation: text(child(message, 'Code'), 'CodeNotation'),
    },
    promulgation: { place: text(promulgation, 'Place'), date: text(promulgation, 'PromulgationDate') },
    documentType: {
      type: integer(type, 'Type'),
      typeDetail: integer(type, 'TypeDetail'),
      typeName: text(type, 'TypeName'),
    },
    subject: text(message, 'Subject'),
    content: text(message, 'Content'),
    signerInfo: {
      competence: text(signer, 'Competence'),
      position: text(signer, 'Position'),
      fullName: text(signer, 'FullName'),
    },
    dueDate: textOrNull(message, 'DueDate'),
    toPlaces: children(child(message, 'ToPlaces'), 'Place').map(value),
    otherInfo: otherInfo(child(message, 'OtherInfo')),
    // Empty ResponseFor elements occur in the field and mean nothing.
    responseFor: children(message, 'ResponseFor')
      .map(responseFor)
      .filter((one) => one.documentId !== '' || one.code !== '' || one.organId !== ''),
    steeringType: integer(message, 'SteeringType'),
    documentId: text(message, 'DocumentId'),
    traceHeaders: children(trace, 'TraceHeader').map((one) => ({
      organId: text(one, 'OrganId'),
      timestamp: text(one, 'Timestamp'),
    })),
    business: business(trace),
    hasSignature: hasSignature(header),
    references: children(manifest, 'Reference').map(reference),
  };
}

export function readStatusHeader(message: Node): EdxmlStatus {
  const answered = child(message, 'ResponseFor');
  return {
    from: organ(child(message, 'From')),
    responseFor: answered
      ? responseFor(answered)
      : { organId: '', code: '', promulgationDate: '', documentId: '' },
    staff: staff(child(message, 'StaffInfo')),
    statusCode: text(message, 'StatusCode'),
    description: text(message, 'Description'),
    timestamp: text(message, 'Timestamp'),
  };
}

function organ(node: Node | undefined): Organ {
  return {
    organId: text(node, 'OrganId'),
    organizationInCharge: text(node, 'OrganizationInCharge'),
    organName: text(node, 'OrganName'),
    organAdd: text(node, 'OrganAdd'),
    email: text(node, 'Email'),
    telephone: text(node, 'Telephone'),
    fax: text(node, 'Fax'),
    website: text(node, 'Website'),
  };
}

function otherInfo(node: Node | undefined): EdxmlDocument['otherInfo'] {
  return {
    priority: integer(node, 'Priority'),
    sphereOfPromulgation: text(node, 'SphereOfPromulgation'),
    typerNotation: text(node, 'TyperNotation'),
    promulgationAmount: integer(node, 'PromulgationAmount'),
    pageAmount: integer(node, 'PageAmount'),
    direction: textOrNull(node, 'Direction'),
    appendixes: children(child(node, 'Appendixes'), 'Appendix').map(value),
  };
}

function responseFor(node: Node): ResponseFor {
  return {
    organId: text(node, 'OrganId'),
    code: text(node, 'Code'),
    promulgationDate: text(node, 'PromulgationDate'),
    documentId: text(node, 'DocumentId'),
  };
}

function staff(node: Node | undefined): Staff | null {
  if (!node) return null;
  return {
    department: text(node, 'Department'),
    staff: text(node, 'Staff'),
    mobile: text(node, 'Mobile'),
    email: text(node, 'Email'),
  };
}

/**
 * A message without the block is a new document: builders in the field leave it out. One gateway spelled it rightly; what
 * that block says is not known, so its message has no type rather than that of a new document.
 */
function business(trace: Node | undefined): Business {
  const node = child(trace, 'Bussiness');
  const absent = child(trace, 'Business') ? null : 0;
  const info = child(node, 'BussinessDocumentInfo');
  return {
    type: node ? integer(node, 'BussinessDocType') : absent,
    reason: text(node, 'BussinessDocReason'),
    documentId: textOrNull(node, 'DocumentId'),
    documentInfo: integer(info, 'DocumentInfo'),
    documentReceiver: integer(info, 'DocumentReceiver'),
    receivers: children(child(info, 'ReceiverList'), 'Receiver').map((one) => ({
      organId: text(one, 'OrganId'),
      receiverType: integer(one, 'ReceiverType'),
    })),
    staff: staff(child(node, 'StaffInfo')),
    paper: integer(node, 'Paper') ?? 0,
    replacements: children(child(node, 'ReplacementInfoList'), 'ReplacementInfo').map((one) => ({
      documentId: text(one, 'DocumentId'),
      organIds: children(child(one, 'OrganIdList'), 'OrganId').map(value),
    })),
  };
}

/** An empty DigitalSignature is decoration; anything with content is for the verifier to judge. */
function hasSignature(header: Node | undefined): boolean {
  return (header?.children ?? []).some(
    (one) =>
      (one.name === 'Signature' || one.name === 'DigitalSignature') &&
      (one.children.length > 0 || one.text.trim() !== ''),
  );
}

function reference(node: Node): Reference {
  return {
    contentId: withoutCid(text(node, 'ContentId')),
    contentType: text(node, 'ContentType'),
    description: text(node, 'Description'),
    attachmentName: text(node, 'AttachmentName'),
  };
}

export function withoutCid(contentId: string): string {
  return contentId.replace(/^cid:/i, '');
}
