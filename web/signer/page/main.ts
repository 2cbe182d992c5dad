import { HELLO, type Language, type SignerState, type ToElement, type ToPage } from '../protocol.ts';
import { SigningApi } from './api.ts';
import { Ceremony, type Facts, type Stage } from './ceremony.ts';
import type { Bytes } from './checks/bytes.ts';
import { button, element } from './dom.ts';
import { SignerError } from './errors.ts';
import type { KeyFile } from './key-file.ts';
import { type Acts, Panel } from './panel.ts';
import type { Place } from './placing.ts';
import { Viewer } from './viewer.ts';
import { type Words, wordsOf } from './words.ts';

/** The page in the frame: takes one port from the page around it, then one ticket from the port. */
function listen(): void {
  const heard = (event: MessageEvent) => {
    const [port, ...more] = event.ports;
    if (event.source !== window.parent || event.data !== HELLO || !port || more.length > 0) return;
    removeEventListener('message', heard);
    serve(port, event.origin);
  };
  if (window.parent !== window) addEventListener('message', heard);
}

function serve(port: MessagePort, parentOrigin: string): void {
  let ceremony: Ceremony | null = null;
  const tell = (message: ToElement) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === 'cancel') ceremony?.cancel('host');
    if (data.kind !== 'open' || ceremony) return;
    const language = data.lang === 'en' ? 'en' : 'vi';
    const screen = new Screen(language);
    ceremony = new Ceremony(new SigningApi(language), screen, tell);
    screen.play(ceremony);
    void ceremony.open(String(data.ticket), parentOrigin, data.user);
  };
  tell({ kind: 'here' });
}

/** On a telephone a page is as wide as the screen, which nobody can read. */
const ZOOMS = [1, 1.5, 2, 3, 4];

/** Document on one side, panel on the other, state above both. */
class Screen implements Stage {
  private readonly words: Words;
  private readonly panel: Panel;
  private readonly status = element('p', { role: 'status', id: 'status' });
  private readonly title = element('h1', { tabindex: '-1' });
  private readonly pages: HTMLElement;
  private readonly side = element('div', { id: 'side' });
  private viewer: Viewer | null = null;
  private zoom = 0;
  private ceremony: Ceremony | null = null;

  constructor(language: Language) {
    this.words = wordsOf(language);
    this.panel = new Panel(language, this.acts());
    document.documentElement.lang = language;
    document.title = this.words.title;
    this.title.textContent = this.words.title;
    this.pages = element('section', { id: 'pages', tabindex: '0', 'aria-label': this.words.document });
    const top = element('header', {}, element('div', {}, this.title, this.status), this.zooming());
    document.body.replaceChildren(top, element('main', {}, this.pages, this.side));
  }

  play(ceremony: Ceremony): void {
    this.ceremony = ceremony;
  }

  async show(bytes: Bytes): Promise<number> {
    const viewer = await Viewer.show(bytes, this.pages, this.words.page);
    this.viewer?.close();
    this.viewer = viewer;
    viewer.enlarge(ZOOMS[this.zoom] ?? 1);
    return viewer.pages;
  }

  async reveal(place: Place): Promise<void> {
    await this.viewer?.reveal(place);
  }

  async roomFor(name: string): Promise<Place | null> {
    return (await this.viewer?.roomFor(name)) ?? null;
  }

  async viewOf(page: number): Promise<readonly number[]> {
    return (await this.viewer?.viewOf(page)) ?? [];
  }

  enter(state: SignerState, facts: Facts): void {
    document.body.dataset.state = state;
    this.status.textContent = state === 'idle' ? '' : this.words.states[state];
    this.side.replaceChildren(...this.panel.of(state, facts, this.ceremony?.signedAlready === true));
    // Focus follows what has changed; the first screen leaves it where it is.
    if (state === 'failed') document.getElementById('error')?.focus();
    else if (state !== 'loading' && state !== 'reviewing') this.title.focus();
  }

  private zooming(): HTMLElement {
    const { zoom } = this.words;
    const shown = element('output', {}, '100 %');
    const to = (step: number) => () => {
      this.zoom = Math.min(Math.max(0, this.zoom + step), ZOOMS.length - 1);
      shown.textContent = `${(ZOOMS[this.zoom] ?? 1) * 100} %`;
      this.viewer?.enlarge(ZOOMS[this.zoom] ?? 1);
    };
    const smaller = button('−', { 'aria-label': zoom.out, id: 'smaller' }, to(-1));
    const larger = button('+', { 'aria-label': zoom.in, id: 'larger' }, to(1));
    return element('div', { class: 'zoom', role: 'group', 'aria-label': zoom.group }, smaller, shown, larger);
  }

  private acts(): Acts {
    return {
      choose: (file, password) =>
        void this.ceremony?.choose(async () => (await keyFiles()).openKeyFile(await bytesOf(file), password)),
      place: (box) => void this.ceremony?.place(box),
      sign: () => void this.ceremony?.sign(),
      back: () => void this.ceremony?.back(),
      sendAgain: () => void this.ceremony?.sendAgain(),
      cancel: () => this.ceremony?.cancel('user'),
    };
  }
}

async function bytesOf(file: File): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer());
}

/** A chunk of its own: whoever only reads does not load it. */
async function keyFiles(): Promise<{ openKeyFile(bytes: Bytes, password: string): Promise<KeyFile> }> {
  return import('./key-file.ts').catch(() => {
    throw new SignerError('E_NETWORK');
  });
}

listen();
