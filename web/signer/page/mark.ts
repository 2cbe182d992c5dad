import type { PageViewport } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { element } from './dom.ts';
import type { Place } from './placing.ts';

type Rectangle = readonly [number, number, number, number];

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The frame round the signature's place: dragged, or moved by arrow keys, a point at a time or ten. */
export class Mark {
  readonly root: HTMLElement;
  private readonly page: number;
  private readonly viewport: PageViewport;
  private readonly moved: (place: Place) => void;
  /** Left, top, width, height as the page is shown, points. */
  private box: [number, number, number, number] = [0, 0, 0, 0];

  /** @param viewport of the page at scale 1 */
  constructor(place: Place, viewport: PageViewport, label: string, moved: (place: Place) => void) {
    this.page = place.page;
    this.viewport = viewport;
    this.moved = moved;
    this.root = element('div', {
      class: 'mark',
      id: 'mark',
      tabindex: '0',
      role: 'group',
      'aria-label': label,
    });
    this.show(place.rectangle);
    this.root.addEventListener('keydown', (event) => this.step(event));
    this.root.addEventListener('pointerdown', (event) => this.drag(event));
  }

  show([x0, y0, x1, y1]: Rectangle): void {
    const [left = 0, top = 0] = this.viewport.convertToViewportPoint(x0, y0) as number[];
    const [right = 0, bottom = 0] = this.viewport.convertToViewportPoint(x1, y1) as number[];
    const [x, y] = [Math.min(left, right), Math.min(top, bottom)];
    this.box = [x, y, Math.abs(right - left), Math.abs(bottom - top)];
    this.draw();
  }

  private draw(): void {
    const { width, height } = this.viewport;
    const [left, top, wide, high] = this.box;
    const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
    Object.assign(this.root.style, {
      left: percent(left, width),
      top: percent(top, height),
      width: percent(wide, width),
      height: percent(high, height),
    });
  }

  private moveTo(left: number, top: number): void {
    this.box = [left, top, this.box[2], this.box[3]];
    this.draw();
    const [, , wide, high] = this.box;
    const [x0 = 0, y0 = 0] = this.viewport.convertToPdfPoint(left, top) as number[];
    const [x1 = 0, y1 = 0] = this.viewport.convertToPdfPoint(left + wide, top + high) as number[];
    const rectangle = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)] as const;
    this.moved({ page: this.page, rectangle });
  }

  private step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const points = event.shiftKey ? 10 : 1;
    this.moveTo(this.box[0] + step[0] * points, this.box[1] + step[1] * points);
  }

  private drag(down: PointerEvent): void {
    const page = this.root.parentElement;
    if (!page || down.button !== 0) return;
    down.preventDefault();
    this.root.focus({ preventScroll: true });
    this.root.setPointerCapture(down.pointerId);
    const [left, top] = this.box;
    const points = this.viewport.width / page.clientWidth;
    const move = ({ clientX, clientY }: PointerEvent) =>
      this.moveTo(left + (clientX - down.clientX) * points, top + (clientY - down.clientY) * points);
    this.root.addEventListener('pointermove', move);
    const end = () => this.root.removeEventListener('pointermove', move);
    this.root.addEventListener('lostpointercapture', end, { once: true });
  }
}
