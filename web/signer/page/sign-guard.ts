/** How long the button must have been seen whole before it can be pressed. */
const SEEN_MS = 800;

/** IntersectionObserver v2 (W3C): whether anything covers, fades or shrinks an element, outside its frame too. */
interface WithVisibility {
  trackVisibility: boolean;
  delay: number;
}

/**
 * Holds the Sign button back while it is covered, half transparent, shrunk or off the screen, so that nobody is led to press what he
 * does not see. Browsers that cannot tell (Firefox, Safari) hold nothing back.
 */
export class SignGuard {
  private button: HTMLElement | null = null;
  private hint: HTMLElement | null = null;
  private readonly text: string;
  private observer: IntersectionObserver | null = null;
  private timer = 0;
  private isSeen = false;
  private isHeld = false;

  /** @param text what is said while the button is not to be seen */
  constructor(text: string) {
    this.text = text;
  }

  get mayPress(): boolean {
    return this.isSeen && !this.isHeld;
  }

  /** Another reason to wait: what is shown is not what was prepared. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.mark();
  }

  watch(button: HTMLElement | null, hint: HTMLElement | null): void {
    this.observer?.disconnect();
    window.clearTimeout(this.timer);
    Object.assign(this, { button, hint, isSeen: false, isHeld: false });
    if (!button) return;
    if (!('isVisible' in IntersectionObserverEntry.prototype)) {
      this.isSeen = true;
      return;
    }
    const options: IntersectionObserverInit & WithVisibility = {
      threshold: [0, 0.5, 1],
      trackVisibility: true,
      delay: 100,
    };
    this.observer = new IntersectionObserver((entries) => this.see(entries.at(-1)), options);
    this.observer.observe(button);
    this.mark();
  }

  private see(entry: IntersectionObserverEntry | undefined): void {
    const { isVisible = false } = (entry ?? {}) as { isVisible?: boolean };
    const isWhole = isVisible && (entry?.intersectionRatio ?? 0) > 0.99;
    window.clearTimeout(this.timer);
    if (isWhole) {
      this.timer = window.setTimeout(() => this.saw(true), SEEN_MS);
      return;
    }
    this.saw(false);
    if (this.hint) this.hint.textContent = this.text;
  }

  private saw(isSeen: boolean): void {
    this.isSeen = isSeen;
    if (isSeen && this.hint) this.hint.textContent = '';
    this.mark();
  }

  private mark(): void {
    if (this.mayPress) this.button?.removeAttribute('aria-disabled');
    else this.button?.setAttribute('aria-disabled', 'true');
  }
}
