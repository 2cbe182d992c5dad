import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  readEdxml,
  validateDocument,
  validateStatus,
  writeDocument,
  writeStatus,
} from '../../src/edxml/index.ts';
import { aDocument, aStatus, NOW } from '../builders/edxml.ts';
import {
  anyDocument,
  anyStatus,
  canonicalText,
  rawText,
  validDocument,
  validStatus,
  type WrittenDocument,
} from '../builders/edxml-arbitraries.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();

function reread(bytes: Buffer): WrittenDocument {
  const message = readEdxml(bytes);
  if (message.kind !== 'document') throw new RangeError('a status was read');
  return { document: message.document, attachments: message.attachments };
}

const write = ({ document, attachments }: WrittenDocument) => writeDocument(document, attachments);

describe('what is written', () => {
  test('is read as the same document, whatever stands in it', () => {
    fc.assert(
      fc.property(anyDocument, (written) => expect(reread(write(written))).toEqual(written)),
      { seed, numRuns: 400 },
    );
  });

  test('is read as the same status', () => {
    fc.assert(
      fc.property(anyStatus, (status) =>
        expect(readEdxml(writeStatus(status))).toMatchObject({ kind: 'status', status }),
      ),
      { seed, numRuns: 400 },
    );
  });

  test('is a fixed point: writing what was read gives the same bytes', () => {
    fc.assert(
      fc.property(anyDocument, (written) => {
        const bytes = write(written);
        expect(write(reread(bytes)).equals(bytes)).toBe(true);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('takes any text: composed, trimmed, without the characters that XML has no form for', () => {
    fc.assert(
      fc.property(rawText(), (raw) => {
        const { document } = reread(writeDocument(aDocument({ subject: raw, references: [] }), []));
        expect(document.subject).toBe(canonicalText(raw));
        const answer = readEdxml(writeStatus(aStatus('02', { description: raw })));
        expect(answer).toMatchObject({ status: { description: canonicalText(raw) } });
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('keeps every byte of attachments of any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 70_000, size: 'max' }).map((one) => Buffer.from(one)),
        (bytes) => {
          const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), bytes]);
          const written = {
            document: aDocument({ references: [{ ...REFERENCE }] }),
            attachments: [
              { ...REFERENCE, name: 'a.pdf', bytes: content, wrapped: false, sniffed: 'pdf' as const },
            ],
          };
          expect(reread(write(written)).attachments[0]?.bytes.equals(content)).toBe(true);
        },
      ),
      { seed, numRuns: 60 },
    );
  });
});

const REFERENCE = {
  contentId: 'a',
  contentType: 'application/pdf',
  description: '',
  attachmentName: 'a.pdf',
};

describe('the validator', () => {
  test('finds no error in documents and statuses that keep the rules', () => {
    fc.assert(
      fc.property(validDocument, validStatus, ({ document, attachments }, status) => {
        const faults = [
          ...validateDocument(document, attachments, { now: NOW }),
          ...validateStatus(status, { now: NOW }),
        ];
        expect(faults.filter((one) => one.severity === 'error')).toEqual([]);
      }),
      { seed, numRuns: 300 },
    );
  });
});
