import { describe, expect, test } from '@jest/globals';
import { addTraceHeader, validateDocument } from '../../src/edxml/index.ts';
import { aDocument, anAttachment, NOW } from '../builders/edxml.ts';

const AXIS = '00.00.W00';
const sent = aDocument();

describe('the route of a document', () => {
  test('grows by one trace header at its end, and the document given stays as it is', () => {
    const traced = addTraceHeader(sent, { organId: AXIS, timestamp: '2026/03/16 09:42:00' });
    expect(traced.traceHeaders).toEqual([
      ...sent.traceHeaders,
      { organId: AXIS, timestamp: '2026/03/16 09:42:00' },
    ]);
    expect(sent.traceHeaders).toHaveLength(1);
  });

  test('never goes back in time, even when the sender’s clock runs ahead', () => {
    const traced = addTraceHeader(sent, { organId: AXIS, timestamp: '2026/03/16 09:00:00' });
    expect(traced.traceHeaders.at(-1)?.timestamp).toBe(sent.traceHeaders[0]?.timestamp);
    expect(validateDocument(traced, [anAttachment()], { now: NOW })).toEqual([]);
  });

  test('begins with ours where the sender left it out', () => {
    const bare = aDocument({ traceHeaders: [] });
    const header = { organId: AXIS, timestamp: '2026/03/16 09:42:00' };
    expect(addTraceHeader(bare, header).traceHeaders).toEqual([header]);
  });
});
