import { element } from './dom.ts';
import type { Box } from './placing.ts';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The frame round the signature's place: dragged, or moved by arrow keys, a point at a time or ten. */
export class Mark {
  readonly root: HTMLElement;
  private readonly size: readonly [number, number];
  private readonly moved: (box: Box) => void;
  private box: Box;

  /** @param size width and height of the page as it is shown, points */
  constructor(box: Box, size: readonly [number, number], label: string, moved: (box: Box) => void) {
    this.size = size;
    this.box = box;
    this.moved = moved;
    this.root = element('div', {
      class: 'mark',
      id: 'mark',
      tabindex: '0',
      role: 'group',
      'aria-label': label,
    });
    this.draw();
    this.root.addEventListener('keydown', (event) => this.step(event));
    this.root.addEventListener('pointerdown', (event) => this.drag(event));
  }

  private draw(): void {
    const [width, height] = this.size;
    const { left, bottom } = this.box;
    const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
    Object.assign(this.root.style, {
      left: percent(left, width),
      top: percent(height - bottom - this.box.height, height),
      width: percent(this.box.width, width),
      height: percent(this.box.height, height),
    });
  }

  private moveTo(left: number, bottom: number): void {
    this.box = { ...this.box, left, bottom };
    this.draw();
    this.moved(this.box);
  }

  private step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const points = event.shiftKey ? 10 : 1;
    this.moveTo(this.box.left + step[0] * points, this.box.bottom + step[1] * points);
  }

  /** The place under the pointer stays under it, also where the page is scrolled or made larger meanwhile. */
  private drag(down: PointerEvent): void {
    const page = this.root.parentElement;
    if (!page || down.button !== 0) return;
    down.preventDefault();
    this.root.focus({ preventScroll: true });
    this.root.setPointerCapture(down.pointerId);
    const at = ({ clientX, clientY }: PointerEvent) => {
      const { left, bottom, width } = page.getBoundingClientRect();
      const points = this.size[0] / width;
      return [(clientX - left) * points, (bottom - clientY) * points] as const;
    };
    const [x, y] = at(down);
    const held = [x - this.box.left, y - this.box.bottom] as const;
    const move = (event: PointerEvent) => {
      const [toX, toY] = at(event);
      this.moveTo(toX - held[0], toY - held[1]);
    };
    this.root.addEventListener('pointermove', move);
    const end = () => this.root.removeEventListener('pointermove', move);
    this.root.addEventListener('lostpointercapture', end, { once: true });
  }
}
