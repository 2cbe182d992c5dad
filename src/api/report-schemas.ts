import { z } from 'zod';

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const indication = z.enum(['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED']);
const codes = z.array(z.string().meta({ description: 'code of docs/verdicts.md' }));

const SignerSchema = z
  .object({
    subject: z.string().meta({ description: 'RFC 4514' }),
    commonName: z.string().nullable(),
    serialNumber: z.string().nullable(),
    uid: z.string().nullable(),
    organization: z.string().nullable(),
    issuer: z.string(),
    certificateSha256: sha256,
    certificateNumber: z.string(),
    notBefore: time,
    notAfter: time,
  })
  .meta({ id: 'Signer' });

const TimestampSchema = z
  .object({
    indication,
    subIndication: z.string().nullable(),
    kind: z.enum(['signature', 'document', 'archive']),
    time: time.nullable(),
    validUntil: time
      .nullable()
      .optional()
      .meta({ description: 'until when the token proves its time by itself; null where it has no path' }),
    authority: z.string().nullable(),
    errors: codes,
    warnings: codes,
  })
  .meta({ id: 'Timestamp' });

const LaterChangeSchema = z.object({
  revision: z.int(),
  kind: z.enum([
    'signature',
    'document-timestamp',
    'validation-data',
    'number-date-or-seal',
    'form-fill',
    'metadata',
    'not-allowed',
  ]),
  detail: z.string(),
});

const SignatureSchema = z
  .object({
    id: z.string(),
    counterSigns: z.string().optional().meta({ description: 'id of the signature that this one confirms' }),
    indication,
    subIndication: z.string().nullable(),
    baseline: z.enum(['B-B', 'B-T', 'B-LT', 'B-LTA']).nullable(),
    signer: SignerSchema.nullable(),
    signingTime: time.nullable().meta({ description: 'claimed by the signer; proves nothing' }),
    bestSignatureTime: time.meta({ description: 'earliest proven time, else the time of validation' }),
    timestamps: z.array(TimestampSchema),
    algorithm: z.string().nullable(),
    coverage: z.enum(['whole-file', 'whole-revision', 'part', 'none']),
    covers: z.array(z.string()).optional().meta({ description: 'XML: paths of the signed elements' }),
    files: z
      .array(z.string())
      .optional()
      .meta({ description: 'files outside the XML, or of a container, that it signs' }),
    revision: z.int(),
    laterChanges: z.array(LaterChangeSchema),
    errors: codes,
    warnings: codes,
    chain: z.array(z.object({ subject: z.string(), sha256 })),
  })
  .meta({ id: 'Signature' });

const fileFields = {
  format: z.enum(['pdf', 'xml', 'cms', 'asic', 'ooxml', 'odf', 'none']),
  indication: z.enum(['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED', 'NO_SIGNATURE']),
  sha256,
  size: z.int(),
  validatedAt: time,
  policy: z.string(),
  signatures: z.array(SignatureSchema),
  timestamps: z
    .array(TimestampSchema)
    .optional()
    .meta({ description: 'containers: time-stamps over the files; they sign nothing' }),
  unsignedFiles: z
    .array(z.string())
    .optional()
    .meta({ description: 'containers: data files that no signature covers' }),
  errors: codes,
  warnings: codes,
};

/** The verdict on one file. */
export const FileReportSchema = z.object(fileFields).meta({ id: 'FileReport' });

const BindingSchema = z
  .object({
    certificateSha256: sha256,
    kind: z.enum(['person', 'agency']),
    title: z.string().nullable(),
    agency: z.object({ code: z.string(), name: z.string() }),
  })
  .meta({ id: 'CertificateBinding' });

/** The verdict on a submission: every attachment, the envelope, and what the law makes of it. */
const documentFields = {
  validatedAt: time,
  policy: z.string(),
  indication: fileFields.indication,
  legalValue: z.enum(['replaces_paper', 'for_information']),
  legalReasons: z.array(z.string().meta({ description: 'reason of docs/verdicts.md' })),
  declaredSigner: z
    .object({ fullName: z.string(), position: z.string() })
    .optional()
    .meta({ description: 'the signer as the envelope names him (SignerInfo)' }),
  bindings: z.array(BindingSchema).optional().meta({
    description: 'whom the registry knew the certificates on the attachments to belong to, when they signed',
  }),
  envelope: FileReportSchema,
  attachments: z.array(z.object({ name: z.string(), role: z.enum(['main', 'annex']), ...fileFields })),
};

const laterFields = {
  number: z.int().min(1),
  at: time,
  indication: fileFields.indication,
  legalValue: documentFields.legalValue,
  reportSha256: sha256.meta({ description: 'fact of its ledger entry signature.reverified' }),
};

/** The first report, and what later judgements said where they said something else. */
export const DocumentReportSchema = z
  .object({
    ...documentFields,
    latest: z.object(laterFields).optional().meta({
      description:
        'the newest verdict, where a later judgement came to another one; the fields above never change',
    }),
    later: z
      .array(z.object({ ...laterFields, report: z.object(documentFields) }))
      .optional()
      .meta({ description: 'all later verdicts, oldest first' }),
  })
  .meta({ id: 'DocumentReport' });
