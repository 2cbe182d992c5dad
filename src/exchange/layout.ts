import { sha256, TrucError, vietnamDateTime } from '../kernel/index.ts';
import {
  type AppearanceForm,
  cornerPlace,
  type Draft,
  fieldNameFor,
  type Grant,
  isOnPage,
  type PageLayout,
  type Place,
  type PreparedRecord,
  pageLayouts,
  personPlace,
  prepareSignature,
  prepareXml,
  type SigningErrorCode,
  sealPlace,
  signedAttributes,
} from '../signing/index.ts';
import type { Standing } from './preconditions.ts';
import type { Signer } from './signer.ts';
import type { SigningDesk } from './stations.ts';

/** Where the holder wants the signature shown. */
export type PlaceWish = Place;

/** CMS with a chain, and a time-stamp token with its authority's certificates. */
const CONTENTS_BYTES = 16_384;

export interface FormInput {
  draft: Draft;
  bytes: Buffer;
  grant: Grant;
  standing: Standing;
  signer: Signer;
  wish: PlaceWish | null;
  /** Milliseconds since 1970. */
  at: number;
}

export type Form = Pick<PreparedRecord, 'tail' | 'byteRange' | 'toBeSigned'> & {
  /** Where the signature is shown; null outside PDF. */
  place: Place | null;
};

/**
 * The bytes that lack nothing but the signature value, and what is to be signed.
 * @throws TrucError `signing.pdf-not-usable`, `signing.xml-not-usable`, `signing.place-off-page`, `signing.text-not-drawable`
 */
export function formOf(input: FormInput, desk: SigningDesk): Form {
  if (input.draft.format === 'xml') return xmlForm(input);
  return input.draft.format === 'data' ? dataForm(input) : pdfForm(input, desk);
}

/** XAdES, enveloped (EN 319 132-1): the tail is the Signature element, and SignedInfo is what is signed. */
function xmlForm({ bytes, grant, signer, standing, at }: FormInput): Form {
  const { element, signedInfo } = prepareXml({
    xml: bytes,
    certificate: signer.certificate,
    chain: signer.chain,
    id: fieldNameFor(grant.action, standing.signatures),
    signingTime: at,
  });
  const tail = Buffer.from(element).toString('base64');
  return { tail, byteRange: null, toBeSigned: signedInfo.toString('base64'), place: null };
}

/** CAdES with the data inside (EN 319 122-1 §6.3, where level B-B wants the signing time). */
function dataForm({ bytes, signer, at }: FormInput): Form {
  const attributes = signedAttributes({
    digest: sha256(bytes),
    certificate: signer.certificate,
    signingTime: at,
  });
  return { tail: '', byteRange: null, toBeSigned: attributes.toString('base64'), place: null };
}

function pdfForm(input: FormInput, desk: SigningDesk): Form {
  const { bytes, grant, signer, standing } = input;
  const pages = pageLayouts(bytes);
  const appearance = appearanceOf(input);
  const place = input.wish ?? usualPlace(input, pages, appearance);
  if (!isOnPage(place, pages))
    throw new TrucError<SigningErrorCode>('signing.place-off-page', { page: place.page });
  const prepared = prepareSignature({
    pdf: bytes,
    fieldName: fieldNameFor(grant.action, standing.signatures),
    signedAt: input.at,
    signerName: signer.identity.commonName ?? signer.identity.subject,
    visible: { ...place, form: appearance, font: desk.fonts.regular },
    contentsBytes: CONTENTS_BYTES,
  });
  const attributes = signedAttributes({ digest: prepared.digest, certificate: signer.certificate });
  return {
    tail: prepared.bytes.subarray(bytes.length).toString('base64'),
    byteRange: prepared.byteRange,
    toBeSigned: attributes.toString('base64'),
    place,
  };
}

/** NĐ 30/2020 Appendix I: the person's signature II.7d, the seal II.8a, annexes II.8b, copies III. */
function appearanceOf({ grant, signer, at }: FormInput): AppearanceForm {
  const name = signer.identity.commonName ?? signer.identity.subject;
  if (grant.action === 'approve' || grant.action === 'initial') return { kind: 'person', name };
  if (grant.action === 'seal') return { kind: 'agency', name };
  return { kind: 'text', lines: [...(grant.label ? [grant.label] : []), name, signingTime(at)] };
}

/** `16/03/2026 09:41:07 +07:00`: day, time with seconds, zone. */
function signingTime(at: number): string {
  const [date = '', time = ''] = vietnamDateTime(at).split(' ');
  return `${date.split('/').reverse().join('/')} ${time} +07:00`;
}

function usualPlace(
  { grant, standing }: FormInput,
  pages: readonly PageLayout[],
  appearance: AppearanceForm,
): Place {
  if (appearance.kind === 'text') return cornerPlace(pages, appearance.lines.length);
  if (grant.action === 'seal') return sealPlace(pages, standing.approval?.id ?? null);
  return personPlace(pages);
}
