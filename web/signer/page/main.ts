import { HELLO, THEMES, type ToElement, type ToPage } from '../protocol.ts';
import { SigningApi } from './api.ts';
import { Ceremony } from './ceremony.ts';
import { Screen } from './screen.ts';

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
    const api = new SigningApi(language);
    const screen = new Screen(language, THEMES.includes(data.theme) ? data.theme : 'auto', api);
    ceremony = new Ceremony(api, screen, tell);
    screen.play(ceremony);
    void ceremony.open(String(data.ticket), parentOrigin, data.user);
  };
  tell({ kind: 'here' });
}

listen();
