import { digestOf } from '../../src/kernel/index.ts';
import { der, derAt, derChildren, oids } from '../../src/signing/index.ts';
import { attribute, type CmsRequest, type SignerRequest, signedData, token } from './forged-cms.ts';
import { digestIdentifier, type Party } from './forged-pki.ts';

const ARCHIVE = '0.4.0.1733.2.4';
const INDEX_V3 = '0.4.0.19122.1.5';
const INDEX_V1 = '0.4.0.1733.2.5';

export interface ArchiveRequest {
  authority: Party;
  time: number;
  /** The older index of whole attributes. */
  older?: boolean;
  /** Changes the honest lists of hashes: certificates, revocation data, unsigned values. */
  lists?: (honest: Buffer[][]) => Buffer[][];
  /** Changes the index after the imprint was made of it. */
  swapIndex?: (index: Buffer) => Buffer;
  withoutIndex?: boolean;
}

/**
 * A CAdES signature with archive-time-stamp-v3 attributes (EN 319 122-1 §5.5.3), each over everything before it. One
 * signer; `request` makes the signature itself, whose unsigned attributes `before` were there first.
 */
export function archived(
  request: CmsRequest,
  before: (signature: Buffer) => Buffer[],
  archives: readonly ArchiveRequest[],
): Buffer {
  const [signer] = request.signers as [SignerRequest];
  const build = (unsigned: Buffer[] | null, signature?: Buffer) =>
    signedData({
      ...request,
      signers: [
        {
          ...signer,
          ...(signature ? { signature } : {}),
          ...(unsigned ? { unsigned: () => unsigned } : {}),
        },
      ],
    });
  // Signed once: ECDSA values differ from run to run.
  const bare = partsOf(build(null));
  let unsigned = before(bare.signature);
  for (const archive of archives) {
    unsigned = [
      ...unsigned,
      attribute(ARCHIVE, archiveToken(partsOf(build(unsigned, bare.signature)), request, archive)),
    ];
  }
  return build(unsigned, bare.signature);
}

interface Parts {
  certificates: Buffer[];
  revocation: Buffer[];
  type: Buffer;
  fields: Buffer;
  signature: Buffer;
  unsigned: Buffer[];
}

function partsOf(cms: Buffer): Parts {
  const inside = (at: number) => derChildren(cms, derAt(cms, at));
  const bytes = ({ start, end }: { start: number; end: number }) => cms.subarray(start, end);
  const [, wrapped] = inside(0);
  const data = inside(wrapped!.contentStart);
  const listed = (tag: number) => {
    const found = data.find((one) => one.tag === tag);
    return found ? derChildren(cms, found).map(bytes) : [];
  };
  const [type] = derChildren(cms, data[2]!);
  const [info] = derChildren(cms, data.at(-1)!);
  const fields = derChildren(cms, info!);
  const value = fields.findLast((one) => one.tag === 0x04)!;
  const last = fields.at(-1)!;
  return {
    certificates: listed(0xa0),
    revocation: listed(0xa1),
    type: bytes(type!),
    fields: cms.subarray(fields[0]!.start, value.end),
    signature: cms.subarray(value.contentStart, value.end),
    unsigned: last.tag === 0xa1 ? derChildren(cms, last).map(bytes) : [],
  };
}

function archiveToken(parts: Parts, { content }: CmsRequest, request: ArchiveRequest): Buffer {
  const hash = (...bytes: Buffer[]) => digestOf('sha256', ...bytes);
  const values = request.older
    ? parts.unsigned.map((one) => hash(one))
    : parts.unsigned.flatMap((one) => {
        const [type, set] = derChildren(one, derAt(one, 0));
        return derChildren(one, set!).map((value) =>
          hash(one.subarray(type!.start, type!.end), one.subarray(value.start, value.end)),
        );
      });
  const honest = [
    parts.certificates.map((one) => hash(one)),
    parts.revocation.map((one) => hash(one)),
    values,
  ];
  const lists = (request.lists ?? ((same) => same))(honest);
  const index = der.sequence(
    ...(request.older ? [] : [digestIdentifier('sha256')]),
    ...lists.map((list) => der.sequence(...list.map((one) => der.octetString(one)))),
  );
  const stamped = Buffer.concat([parts.type, hash(content), parts.fields, index]);
  const written = (request.swapIndex ?? ((same) => same))(index);
  return token({
    authority: request.authority,
    stamped,
    time: request.time,
    ...(request.withoutIndex
      ? {}
      : { unsigned: () => [attribute(request.older ? INDEX_V1 : INDEX_V3, written)] }),
  });
}

/** signature-time-stamp as an unsigned attribute. */
export const signatureStamp =
  (authority: Party, time: number) =>
  (signature: Buffer): Buffer[] => [
    attribute(oids.timeStampToken, token({ authority, stamped: signature, time })),
  ];
