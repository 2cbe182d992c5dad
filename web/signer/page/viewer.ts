import {
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentProxy,
  type PDFPageProxy,
  TextLayer,
  Util,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Bytes } from './checks/bytes.ts';
import { element } from './dom.ts';
import { SignerError } from './errors.ts';
import { Mark } from './mark.ts';
import { type Box, type Place, placeOf, roomAboveName, sizeOf, type TextRun, type View } from './placing.ts';
import { workerUrl } from './trusted-types.ts';

const ASSETS = new URL('./', import.meta.url).href;
/** Pages of more pixels are drawn smaller: a canvas has its limits. */
const MOST_PIXELS = 16_000_000;
/** Annexes may follow the page that is signed. */
const SEARCHED_PAGES = 20;
/** Scanned and converted pages are hardly ever quite level. */
const SLANT = 0.02;

let worker: Worker | null = null;
/** pdf.js opens nothing while it closes something. */
let closing: Promise<void> = Promise.resolve();

function close(pdf: PDFDocumentProxy): void {
  closing = closing.then(() => pdf.loadingTask.destroy()).catch(() => undefined);
}

/** Shows a PDF page by page: a canvas, and its text above it for selection and screen readers. Nothing in the file runs. */
export class Viewer {
  readonly pages: number;
  private readonly pdf: PDFDocumentProxy;
  private readonly into: HTMLElement;
  private readonly observer: IntersectionObserver;
  private readonly sizes: ResizeObserver;
  private zoom = 1;
  private mark: Mark | null = null;
  /** Pages in or near what is seen. */
  private readonly seen = new Set<HTMLElement>();

  /**
   * @param into is emptied
   * @throws SignerError `E_UNREADABLE` for what is no PDF, is encrypted or broken, `E_XFA`
   */
  static async show(bytes: Bytes, into: HTMLElement, pageLabel: (page: number) => string): Promise<Viewer> {
    return new Viewer(...(await opened(bytes)), into, pageLabel);
  }

  /** The same as `roomFor` of a document that is not shown. */
  static async roomIn(bytes: Bytes, name: string): Promise<Place | null> {
    const [pdf] = await opened(bytes);
    try {
      return await roomIn(pdf, name);
    } finally {
      close(pdf);
    }
  }

  private constructor(
    pdf: PDFDocumentProxy,
    first: PDFPageProxy,
    into: HTMLElement,
    pageLabel: (page: number) => string,
  ) {
    this.pdf = pdf;
    this.into = into;
    this.pages = pdf.numPages;
    this.observer = new IntersectionObserver((entries) => this.drawSeen(entries), { rootMargin: '600px' });
    this.sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) fitText(target as HTMLElement);
    });
    const { width, height } = first.getViewport({ scale: 1 });
    const pages = Array.from({ length: this.pages }, (_, i) => {
      const page = element('div', { class: 'page', role: 'group', 'aria-label': pageLabel(i + 1) });
      page.dataset.page = String(i + 1);
      setSize(page, width, height);
      return page;
    });
    into.replaceChildren(...pages);
    for (const page of pages) {
      this.observer.observe(page);
      this.sizes.observe(page);
    }
  }

  /** Shows the pages larger and draws them anew. @param zoom 1 = as wide as the window's part for them */
  enlarge(zoom: number): void {
    if (zoom === this.zoom) return;
    this.zoom = zoom;
    this.into.style.setProperty('--zoom', String(zoom));
    for (const page of this.into.querySelectorAll<HTMLElement>('.page')) {
      delete page.dataset.drawn;
      this.observer.unobserve(page);
      this.observer.observe(page);
    }
  }

  /**
   * Brings a place into view and draws a frame round it that can be moved.
   * @param moved is told where the frame is moved to
   */
  async reveal(box: Box, label: string, moved: (box: Box) => void): Promise<void> {
    await this.frame(box, label, moved);
    this.mark?.root.scrollIntoView({ block: 'center' });
  }

  /** The frame where it is wanted, on another page too. */
  async frame(box: Box, label: string, moved: (box: Box) => void): Promise<void> {
    const view = await this.viewOf(box.page);
    this.mark?.root.remove();
    const page = this.into.querySelector<HTMLElement>(`.page[data-page="${box.page}"]`);
    if (!page) return;
    this.mark = new Mark(box, sizeOf(view), label, moved);
    page.append(this.mark.root);
    this.mark.root.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Room for the signature above the signer's name, on the last page that has it. */
  roomFor(name: string): Promise<Place | null> {
    return roomIn(this.pdf, name);
  }

  /** @param number is brought into the document */
  async viewOf(number: number): Promise<View> {
    return viewOf(await this.pdf.getPage(Math.min(Math.max(1, number), this.pages)));
  }

  /** Runs of text that is upright as the page is shown. */
  textOn(number: number): Promise<TextRun[]> {
    return number >= 1 && number <= this.pages ? textOn(this.pdf, number) : Promise.resolve([]);
  }

  close(): void {
    this.observer.disconnect();
    this.sizes.disconnect();
    close(this.pdf);
  }

  /** Pages far from what is seen give their pixels back: of two hundred, the memory of a few is used. Their text stays. */
  private drawSeen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const page = target as HTMLElement;
      if (isIntersecting) {
        this.seen.add(page);
        if (!page.dataset.drawn) void this.draw(page);
      } else if (this.seen.delete(page)) wipe(page);
    }
  }

  /** A page that cannot be drawn stays marked as such, so that nobody takes it for an empty one. */
  private async draw(into: HTMLElement): Promise<void> {
    const { zoom } = this;
    let drawn = 'yes';
    const isWanted = () => this.zoom === zoom && this.seen.has(into);
    try {
      const page = await this.pdf.getPage(Number(into.dataset.page));
      const viewport = page.getViewport({ scale: 1 });
      setSize(into, viewport.width, viewport.height);
      await paint(page, into, isWanted);
    } catch {
      drawn = 'failed';
    }
    if (isWanted()) into.dataset.drawn = drawn;
  }
}

/** @throws SignerError `E_UNREADABLE` for what is no PDF, is encrypted or broken, `E_XFA` */
async function opened(bytes: Bytes): Promise<[PDFDocumentProxy, PDFPageProxy]> {
  await closing;
  worker ??= new Worker(workerUrl(`${ASSETS}pdf.worker.js`) as string, { type: 'module' });
  GlobalWorkerOptions.workerPort = worker;
  // A copy, since pdf.js hands its bytes over to the worker.
  const loading = getDocument({
    data: bytes.slice(),
    enableXfa: false,
    useWasm: false,
    wasmUrl: ASSETS,
    cMapUrl: `${ASSETS}cmaps/`,
    standardFontDataUrl: `${ASSETS}fonts/`,
    maxImageSize: 64 * 1024 * 1024,
    verbosity: 0,
  });
  loading.onPassword = () => void loading.destroy();
  const pdf = await loading.promise.catch(() => {
    throw new SignerError('E_UNREADABLE');
  });
  const first = await pdf.getPage(1).catch(() => {
    throw new SignerError('E_UNREADABLE');
  });
  if (await isXfa(pdf)) {
    close(pdf);
    throw new SignerError('E_XFA');
  }
  return [pdf, first];
}

/** A form of XFA shows its own pages in readers that know it, and others in those that do not: nobody knows what was signed. */
async function isXfa(pdf: PDFDocumentProxy): Promise<boolean> {
  const { info } = await pdf.getMetadata();
  return (info as { IsXFAPresent?: boolean }).IsXFAPresent === true;
}

function viewOf({ view, rotate }: PDFPageProxy): View {
  return { box: view, rotate: ((rotate % 360) + 360) % 360 };
}

async function roomIn(pdf: PDFDocumentProxy, name: string): Promise<Place | null> {
  const { numPages } = pdf;
  for (let page = numPages; page > Math.max(0, numPages - SEARCHED_PAGES); page--) {
    const room = roomAboveName(await textOn(pdf, page), name);
    if (!room) continue;
    const { left, right, base: bottom, height } = room;
    return placeOf({ page, left, bottom, width: right - left, height }, viewOf(await pdf.getPage(page)));
  }
  return null;
}

async function textOn(pdf: PDFDocumentProxy, number: number): Promise<TextRun[]> {
  const page = await pdf.getPage(number);
  const { transform, height } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  return items.flatMap((item) => {
    if (!('str' in item)) return [];
    const [a = 0, b = 0, c = 0, d = 0, left = 0, down = 0] = Util.transform(transform, item.transform);
    // Down is up there: an upright letter has a negative height.
    const isUpright = Math.abs(b) < SLANT * a && Math.abs(c) < -d;
    if (!isUpright) return [];
    return [{ text: item.str, left, right: left + item.width, base: height - down, height: -d }];
  });
}

function wipe(page: HTMLElement): void {
  delete page.dataset.drawn;
  for (const canvas of page.querySelectorAll('canvas')) {
    // Browsers keep the pixels of a canvas that is only taken away until they tidy up.
    canvas.width = 0;
    canvas.remove();
  }
}

function setSize(page: HTMLElement, width: number, height: number): void {
  page.dataset.width = String(width);
  page.style.aspectRatio = `${width} / ${height}`;
  fitText(page);
}

/** pdf.js places text by this variable. */
function fitText(page: HTMLElement): void {
  page.style.setProperty('--total-scale-factor', String(page.clientWidth / Number(page.dataset.width)));
}

/** @param isWanted whether the page is still shown at the size that it is painted for */
async function paint(page: PDFPageProxy, into: HTMLElement, isWanted: () => boolean): Promise<void> {
  const base = page.getViewport({ scale: 1 });
  const wanted = (into.clientWidth / base.width) * Math.max(1, devicePixelRatio) * 1.25;
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (base.width * base.height)));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.setAttribute('aria-hidden', 'true');
  await page.render({ canvas, viewport }).promise;
  if (!isWanted()) return;
  const text = element('div', { class: 'textLayer' });
  for (const old of into.querySelectorAll('canvas, .textLayer')) old.remove();
  into.prepend(canvas, text);
  fitText(into);
  await new TextLayer({
    textContentSource: page.streamTextContent(),
    container: text,
    viewport: base,
  }).render();
}
