import { SignerError } from '../../errors.ts';
import { MOST_CHARACTERS, whyRefused } from '../agent-socket.ts';

/** A WebSocket that is read one message after the other. */
export class Line {
  private readonly socket: WebSocket;
  private readonly heard: string[] = [];
  private waiting: { resolve(text: string): void; reject(error: SignerError): void } | null = null;
  private failure: SignerError | null = null;

  /** @param signal ends it, also while an answer is waited for */
  constructor(url: string, signal: AbortSignal) {
    const started = performance.now();
    let isOpen = false;
    this.socket = new WebSocket(url);
    this.socket.onopen = () => {
      isOpen = true;
    };
    this.socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'string' || data.length > MOST_CHARACTERS)
        this.fail(new SignerError('E_AGENT_REPLY'));
      else if (this.waiting) this.waiting.resolve(data);
      else this.heard.push(data);
    };
    this.socket.onclose = () => {
      if (isOpen) this.fail(new SignerError('E_AGENT_REPLY'));
      else void whyRefused(url, performance.now() - started).then((code) => this.fail(new SignerError(code)));
    };
    signal.addEventListener('abort', () => this.fail(new SignerError('E_USER_CANCELLED')));
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** @throws SignerError `E_AGENT_HUNG` or `E_USER_TIMEOUT` where no answer comes, and why the line broke */
  async next(milliseconds: number): Promise<string> {
    const before = this.heard.shift();
    if (before !== undefined) return before;
    if (this.failure) throw this.failure;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.waiting = { resolve, reject };
    const code = milliseconds > 10_000 ? 'E_USER_TIMEOUT' : 'E_AGENT_HUNG';
    const timer = setTimeout(() => reject(new SignerError(code)), milliseconds);
    return promise.finally(() => {
      this.waiting = null;
      clearTimeout(timer);
    });
  }

  close(): void {
    this.fail(new SignerError('E_USER_CANCELLED'));
  }

  private fail(error: SignerError): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.socket.close();
  }
}
