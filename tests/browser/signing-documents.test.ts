import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { PDFDocument, PDFName, PDFRawStream, StandardFonts } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { file } from '../builders/second-opinion.ts';
import { requiredTool } from '../required-tool.ts';
import { type SigningDesk, signingDesk } from '../signer.ts';
import { type Desk, Office, picture } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'documents and secrets in the signing window');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 180_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;
let desks: SigningDesk;

beforeAll(async () => {
  if (executablePath === null) return;
  office = await Office.open(executablePath);
  desks = signingDesk(office.axis);
}, 120_000);
afterAll(() => office?.close());

async function deskWith(bytes: Buffer): Promise<Desk> {
  const { documentId } = await desks.upload(COMMUNE, bytes);
  return office.desk({ ticket: await office.ticketFor([documentId]) });
}

async function pages(count: number, more: (pdf: PDFDocument) => void = () => undefined): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (let i = 1; i <= count; i++)
    pdf.addPage([595, 842]).drawText(`Page ${i}`, { x: 60, y: 700, size: 24, font });
  more(pdf);
  return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

inBrowser(
  'check 15: of 200 pages only those near what is seen hold pixels, and the last one is shown',
  async () => {
    const desk = await deskWith(await pages(200));
    const { widget, page } = desk;
    await desk.inState('reviewing');
    expect(await desk.last('edoc-ready')).toMatchObject({ pages: 200 });
    expect(page.workers().map((one) => new URL(one.url()).pathname)).toEqual(['/widget/v1/pdf.worker.js']);
    for (const number of [1, 40, 80, 120, 160, 200]) {
      const one = widget.locator(`.page[data-page="${number}"]`);
      await one.evaluate((shown) => (shown as unknown as { scrollIntoView(): void }).scrollIntoView());
      await widget.locator(`.page[data-page="${number}"][data-drawn=yes]`).waitFor();
      expect(await one.locator('.textLayer').innerText()).toContain(`Page ${number}`);
    }
    await expect(widget.locator('.page[data-page="1"] canvas').count()).resolves.toBe(0);
    expect(await widget.locator('canvas').count()).toBeLessThan(12);
    // Back to what was given up: it is drawn anew.
    await widget
      .locator('.page[data-page="1"]')
      .evaluate((one) => (one as unknown as { scrollIntoView(): void }).scrollIntoView());
    await widget.locator('.page[data-page="1"][data-drawn=yes] canvas').waitFor();
    expect(desk.complaints).toEqual([]);
    await desk.close();
  },
);

inBrowser('check 15: 50 MB are shown, checked and signed', async () => {
  const big = await pages(1, (pdf) => {
    const blob = PDFRawStream.of(pdf.context.obj({}), randomBytes(50 * 1024 * 1024));
    pdf.catalog.set(PDFName.of('Blob'), pdf.context.register(blob));
  });
  const desk = await deskWith(big);
  await desk.inState('reviewing');
  await desk.choose();
  await desk.inState('confirming');
  await desk.sign();
  await desk.inState('signed');
  expect(desk.complaints).toEqual([]);
  await desk.close();
});

inBrowser('check 15: a form of XFA is refused, since every program shows it otherwise', async () => {
  const form = await pages(1, (pdf) => {
    const xdp =
      '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/2.5/"/></xdp:xdp>';
    const packet = pdf.context.register(PDFRawStream.of(pdf.context.obj({}), Buffer.from(xdp)));
    pdf.catalog.set(PDFName.of('AcroForm'), pdf.context.obj({ Fields: [], XFA: packet }));
  });
  const desk = await deskWith(form);
  await desk.inState('failed');
  expect(await desk.code()).toBe('E_XFA');
  expect(await desk.last('edoc-error')).toEqual({ code: 'E_XFA', retryable: false });
  expect(await desk.widget.locator('.page, #key-file').count()).toBe(0);
  await picture(desk, 'xfa-refused');
  await desk.close();
});

inBrowser(
  'check 13: afterwards no password, token or key is in storage, page, address, console, entries or the heap of the page around',
  async () => {
    const { documentId } = await desks.upload(COMMUNE, (await desks.letter(COMMUNE)).bytes);
    const ticket = await office.ticketFor([documentId], { returnOrigins: ['http://localhost:*'] });
    // Another site than the signing origin's: the browser keeps the two apart in processes of their own.
    const desk = await office.desk({ host: 'localhost', ticket });
    const { page } = desk;
    const spoken: string[] = [];
    page.on('console', (message) => spoken.push(message.text()));
    await desk.inState('reviewing');
    const fresh = await office.ticketFor([documentId], { returnOrigins: ['http://localhost:*'] });
    const answered = page.waitForResponse('**/v1/sign/sessions');
    await page.locator('edoc-signer').evaluate((one, next) => {
      (one as unknown as { ticket: unknown }).ticket = next;
    }, fresh);
    const { accessToken } = (await (await answered).json()) as { accessToken: string };
    await desk.inState('reviewing');
    const { password } = office.signer();
    await desk.choose();
    await desk.inState('confirming');
    await desk.sign();
    await desk.inState('signed');

    const pem = execFileSync(
      'openssl',
      ['pkcs12', '-in', office.signer().file, '-passin', `pass:${password}`, '-nodes', '-nocerts'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const key = /KEY-----\s+([A-Za-z0-9+/]{64})\s+([A-Za-z0-9+/]{64})/.exec(pem)?.[2] ?? '';
    expect(key).toHaveLength(64);
    const secrets = { password, accessToken, key };
    const left = async (
      where: string,
      text: string,
      sought: Record<string, string> = { ...secrets, ticket: fresh.ticket },
    ) =>
      expect([
        where,
        Object.entries(sought)
          .filter(([, value]) => text.includes(value))
          .map(([name]) => name),
      ]).toEqual([where, []]);
    for (const [i, frame] of page.frames().entries()) {
      const seen = await frame.evaluate(async () => {
        interface Around {
          document: {
            documentElement: { outerHTML: string };
            cookie: string;
            querySelectorAll(what: string): Iterable<{ value: string }>;
          };
          history: { state: unknown };
          location: { href: string };
          localStorage: object;
          sessionStorage: object;
          indexedDB: { databases(): Promise<unknown[]> };
          caches: { keys(): Promise<string[]> };
          name: string;
        }
        const here = globalThis as unknown as Around;
        const { document, history, location } = here;
        const values = [...document.querySelectorAll('input')].map(({ value }) => value);
        const entries = performance.getEntries().map(({ name }) => name);
        // In a frame of another site the browser gives none at all.
        const orNone = async (read: () => unknown) => {
          try {
            return await read();
          } catch {
            return 'none';
          }
        };
        const kept = [
          await orNone(() => here.localStorage),
          await orNone(() => here.sessionStorage),
          await orNone(() => here.indexedDB.databases()),
          await orNone(() => here.caches.keys()),
        ];
        return JSON.stringify([
          document.documentElement.outerHTML,
          document.cookie,
          values,
          history.state,
          location.href,
          entries,
          kept,
          here.name,
        ]);
      });
      await left(`frame ${i}`, seen);
    }
    await left('console', [...spoken, ...desk.complaints].join('\n'));
    await left('cookies', JSON.stringify(await page.context().cookies()));
    const heap = await page.context().newCDPSession(page);
    let snapshot = '';
    heap.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
      snapshot += chunk;
    });
    await heap.send('HeapProfiler.collectGarbage');
    await heap.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    // It is the page around's: what it was handed is in it.
    expect(snapshot).toContain(documentId);
    await left('heap of the page around', snapshot, secrets);
    await desk.close();
  },
);

inBrowser(
  'check 12: a key file of whichever kind opens with a password in either spelling, and the page goes on meanwhile',
  async () => {
    const { file: from, password: old } = office.signer();
    const all = file(
      'all.pem',
      execFileSync('openssl', ['pkcs12', '-in', from, '-passin', `pass:${old}`, '-nodes'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const desk = await deskWith((await desks.letter(COMMUNE)).bytes);
    const { widget, page } = desk;
    for (const [made, typed] of [
      ['mật khẩu'.normalize('NFC'), 'mật khẩu'.normalize('NFD')],
      ['mật khẩu'.normalize('NFD'), 'mật khẩu'.normalize('NFC')],
    ] as const) {
      const path = `${all}.p12`;
      execFileSync('openssl', [
        'pkcs12',
        '-export',
        '-in',
        all,
        '-out',
        path,
        '-passout',
        `pass:${made}`,
        '-iter',
        '300000',
      ]);
      await desk.inState('reviewing');
      // Turns of the page's own loop and what it has drawn of the progress, while the worker derives keys.
      await page.frames()[1]?.evaluate(() => {
        const seen = new Set<number>();
        Object.assign(globalThis, { seen });
        const { document, requestAnimationFrame: next } = globalThis as unknown as {
          document: { querySelector(what: string): { value: number } | null };
          requestAnimationFrame(work: () => void): void;
        };
        const look = () => {
          const bar = document.querySelector('#progress');
          if (bar) seen.add(bar.value);
          next(look);
        };
        look();
      });
      await widget.locator('#key-file').setInputFiles(path);
      await widget.locator('#pin').fill(typed);
      await desk.submit();
      await desk.inState('confirming');
      const drawn = await page
        .frames()[1]
        ?.evaluate(() => (globalThis as unknown as { seen: Set<number> }).seen.size);
      expect(drawn).toBeGreaterThan(3);
      await widget.locator('#back').click();
    }
    await desk.close();
  },
);

inBrowser(
  'check 24: accents in either spelling, long names whole, no glyph missing, dates as the decree writes them',
  async () => {
    const title =
      `V/v ${'phối hợp giải quyết thủ tục hành chính của người khuyết tật thuộc hộ nghèo '.repeat(4)}`.trim();
    const { bytes, ...letter } = await desks.letter(COMMUNE);
    const query = new URLSearchParams({ title: title.normalize('NFD') });
    const answer = await office.axis.fetch(COMMUNE, `/v1/sign/documents?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body: new Uint8Array(bytes),
    });
    const { documentId } = (await answer.json()) as { documentId: string };
    const desk = await office.desk({ ticket: await office.ticketFor([documentId]) });
    const { widget, page } = desk;
    await desk.inState('reviewing');
    for (const width of [320, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const shown = widget.locator('#side dd').first();
      expect((await shown.innerText()).normalize('NFC')).toBe(title.normalize('NFC'));
      const clipped = await widget.locator('#side').evaluate((side) => {
        interface Box {
          scrollWidth: number;
          clientWidth: number;
          querySelectorAll(what: string): Iterable<Box>;
        }
        return [...(side as unknown as Box).querySelectorAll('dd, dt, h2, p, label, button')].filter(
          (one) => one.scrollWidth > one.clientWidth + 1,
        ).length;
      });
      expect([width, clipped]).toEqual([width, 0]);
    }
    // A glyph that is missing looks like that of a character that no font has.
    const missing = await page.frames()[1]?.evaluate(() => {
      interface Drawing {
        font: string;
        fillText(text: string, x: number, y: number): void;
        clearRect(...all: number[]): void;
        getImageData(...all: number[]): { data: Uint8ClampedArray };
      }
      const { document, getComputedStyle: styleOf } = globalThis as unknown as {
        document: {
          body: object;
          createElement(name: string): { getContext(kind: string, how: object): Drawing };
        };
        getComputedStyle(one: object): { fontFamily: string };
      };
      const drawing = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      drawing.font = `32px ${styleOf(document.body).fontFamily}`;
      const pixels = (letter: string) => {
        drawing.clearRect(0, 0, 60, 60);
        drawing.fillText(letter, 8, 44);
        return drawing.getImageData(0, 0, 60, 60).data.join();
      };
      const tofu = [pixels('\u{10fffe}'), pixels('\uffff'), pixels(' ')];
      const vowels = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
      const tones = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
      const letters = vowels.flatMap((vowel) => tones.map((tone) => (vowel + tone).normalize('NFC')));
      const all = [...letters, 'đ'].flatMap((letter) => [letter, letter.toUpperCase()]);
      return all.filter((letter) => tofu.includes(pixels(letter)));
    });
    expect(missing).toEqual([]);
    await desk.choose();
    await desk.inState('confirming');
    await picture(desk, 'long-title');
    await desk.sign();
    await desk.inState('signed');
    await desk.close();
    expect((await desks.number(COMMUNE, documentId, { bytes, ...letter }, 5)).status).toBe(200);
    expect(await desks.sign(COMMUNE, documentId, 'seal')).toMatchObject({ status: 'signed' });
    const pdftotext = requiredTool('pdftotext', 'what other programs read of stamps and seals');
    if (!pdftotext) return;
    const { version } = await desks.draft(COMMUNE, documentId);
    const text = execFileSync(
      pdftotext,
      ['-layout', file('issued.pdf', await desks.content(COMMUNE, documentId, version)), '-'],
      { encoding: 'utf8' },
    );
    expect(text).toContain('ngày 05 tháng 02 năm 2026');
    expect(text).toMatch(/Số:\s*05\s*\/UBND/);
  },
);
