import {
  HELLO,
  type Language,
  type SignerState,
  THEMES,
  type Theme,
  type ToElement,
  type ToPage,
} from '../protocol.ts';

/** What an agency's backend gets from `POST /v1/sign/tickets` and hands to the page. */
interface Ticket {
  ticket: string;
  widgetUrl: string;
}

/** The element frames the origin that it was loaded from, and no other. */
const ORIGIN = new URL(import.meta.url).origin;
/** A frame that does not answer was refused by its own policy (the page is not registered), or the origin is away. */
const ANSWER_MS = 15_000;
/** Once something was loaded, the page's script has run: no answer means that it is not our page. */
const LOADED_MS = 3_000;
/** Popups: the page of a remote signing service, which is none of ours and so not in the sandbox. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-downloads allow-popups allow-popups-to-escape-sandbox';
/** Programs of this machine hold the keys (Local Network Access). */
const ALLOW = 'loopback-network; local-network-access';

const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ':host{display:block;height:800px;min-height:480px}:host([hidden]){display:none}' +
    'iframe{border:0;width:100%;height:100%;display:block}iframe[hidden]{display:none}',
);

/**
 * `<edoc-signer>`: shows a document, has it signed, and tells the page around it what became of it. Everything that matters,
 * PIN field included, is in a frame of the signing origin; this page sees ids and states.
 *
 * Attributes: `lang` (`vi`, `en`), `theme` (`auto`, `light`, `dark`, `contrast`), `user` (the page's name for who is logged in, as in the ticket).
 * Property `ticket`: the answer of `POST /v1/sign/tickets`; setting it opens the window, once a ticket.
 * Events: `edoc-statechange`, `edoc-ready`, `edoc-signed`, `edoc-cancelled`, `edoc-error`. Slot: `fallback`.
 */
class EdocSigner extends HTMLElement {
  #state: SignerState = 'idle';
  #ticket: Ticket | null = null;
  #port: MessagePort | null = null;
  #frame: HTMLIFrameElement | null = null;
  #timer = 0;
  /** Where the page's focus was when the window was opened. */
  #before: Element | null = null;
  readonly #internals = this.attachInternals();
  readonly #fallback = document.createElement('slot');

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    root.adoptedStyleSheets = [sheet];
    this.#fallback.name = 'fallback';
    this.#fallback.hidden = true;
    root.append(this.#fallback);
    // Set before this script was there, it hides the accessor below: frameworks and quick pages do so.
    const early = Object.getOwnPropertyDescriptor(this, 'ticket')?.value as Ticket | undefined;
    if (early && Reflect.deleteProperty(this, 'ticket')) this.ticket = early;
  }

  get state(): SignerState {
    return this.#state;
  }

  get ticket(): Ticket | null {
    return this.#ticket;
  }

  set ticket(ticket: Ticket | null) {
    this.#close();
    this.#ticket = ticket;
    this.#enter('idle');
    if (this.isConnected) this.#open();
  }

  connectedCallback(): void {
    if (!this.#frame) this.#open();
  }

  /** A ticket opens one session: an element that was moved needs a new one. */
  disconnectedCallback(): void {
    this.#close();
    this.#ticket = null;
  }

  /** Ends the ceremony where nothing was signed yet. */
  cancel(): void {
    this.#send({ kind: 'cancel' });
  }

  #open(): void {
    const ticket = this.#ticket;
    if (!ticket) return;
    const url = URL.parse(ticket.widgetUrl);
    if (url?.origin !== ORIGIN) {
      this.#refused();
      return;
    }
    const frame = document.createElement('iframe');
    frame.title = this.#language() === 'en' ? 'Sign a document' : 'Ký số văn bản';
    frame.setAttribute('sandbox', SANDBOX);
    frame.allow = ALLOW;
    frame.referrerPolicy = 'strict-origin';
    frame.addEventListener('load', () => this.#greet(frame, ticket), { once: true });
    frame.src = url.href;
    this.#fallback.hidden = true;
    this.#before = document.activeElement;
    this.#frame = frame;
    this.#enter('loading');
    this.shadowRoot?.append(frame);
    this.#timer = window.setTimeout(() => this.#refused(), ANSWER_MS);
  }

  #greet(frame: HTMLIFrameElement, { ticket }: Ticket): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#refused(), LOADED_MS);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<ToElement>) => this.#hear(data, ticket);
    frame.contentWindow?.postMessage(HELLO, ORIGIN, [port2]);
  }

  #hear(message: ToElement, ticket: string): void {
    const { kind, ...detail } = message;
    if (kind === 'here') {
      window.clearTimeout(this.#timer);
      this.#send({
        kind: 'open',
        ticket,
        user: this.getAttribute('user'),
        lang: this.#language(),
        theme: this.#theme(),
      });
    } else if (message.kind === 'state') this.#enter(message.state);
    else if (message.kind === 'signed') this.#tell('edoc-signed', message.signed);
    else {
      if (kind === 'cancelled') this.#giveFocusBack();
      this.#tell(`edoc-${kind}`, detail);
    }
  }

  /** Whoever leaves by keyboard goes on where they came from. */
  #giveFocusBack(): void {
    const root = this.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== this) return;
    this.#frame?.blur();
    if (this.#before instanceof HTMLElement && this.#before.isConnected) this.#before.focus();
  }

  #refused(): void {
    this.#close();
    this.#fallback.hidden = false;
    this.#enter('failed');
    this.#tell('edoc-error', { code: 'E_ORIGIN', retryable: false });
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    this.#port?.close();
    this.#frame?.remove();
    this.#port = null;
    this.#frame = null;
  }

  #enter(to: SignerState): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.#internals.states.delete(from);
    this.#internals.states.add(to);
    this.#tell('edoc-statechange', { from, to });
  }

  #send(message: ToPage): void {
    this.#port?.postMessage(message);
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #theme(): Theme {
    return THEMES.find((one) => one === this.getAttribute('theme')) ?? 'auto';
  }

  #language(): Language {
    return this.closest('[lang]')?.getAttribute('lang')?.startsWith('en') ? 'en' : 'vi';
  }
}

customElements.define('edoc-signer', EdocSigner);
