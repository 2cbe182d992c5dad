import { decodeQR } from 'qr/decode.js';
import { toHex } from './log-proof.ts';

/** Files beyond this are too much for the browser's digest, which wants them whole in memory. */
const LARGEST = 512 * 1024 * 1024;
const IMAGE = /^image\/(png|jpeg|webp|gif|bmp)$/;
const CODE = /\/verify\/([0-9A-Za-z-]{13,40})\/?$/;

/** /verify: a file is hashed here, a picture of a paper is searched for its code here; nothing is sent but the digest or the code. */
export function watchChosenFile(): void {
  const box = document.querySelector<HTMLElement>('[data-check]');
  const input = box?.querySelector<HTMLInputElement>('input[type=file]');
  if (!box || !input) return;
  box.hidden = false;
  const take = (file: File | null | undefined) => {
    if (file) void look(file, box);
  };
  input.addEventListener('change', () => take(input.files?.[0]));
  box.addEventListener('dragover', (event) => {
    event.preventDefault();
    box.classList.add('over');
  });
  box.addEventListener('dragleave', () => box.classList.remove('over'));
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    box.classList.remove('over');
    take(event.dataTransfer?.files[0]);
  });
}

async function look(file: File, box: HTMLElement): Promise<void> {
  const say = (text: string | undefined, detail = '') => {
    const line = box.querySelector('[data-said]');
    if (line) line.textContent = `${text ?? ''} ${detail}`.trim();
  };
  if (!crypto.subtle) return say(box.dataset.insecure);
  if (file.size > LARGEST) return say(box.dataset.large);
  say(box.dataset.busy, file.name);
  try {
    const code = IMAGE.test(file.type) ? await codeIn(file) : null;
    if (code !== null) return go(code);
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    go(toHex(new Uint8Array(digest)));
  } catch {
    say(box.dataset.failed, file.name);
  }
}

function go(key: string): void {
  location.assign(`/verify/${encodeURIComponent(key)}`);
}

/** The code on a picture of a paper; null where there is none of ours. The address that it stands in is never followed. */
async function codeIn(file: File): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const text = textIn(bitmap);
  return CODE.exec(text.split(/[?#]/)[0] ?? '')?.[1] ?? null;
}

/** Larger pictures are made smaller: a code that fills a tenth of one is still found. */
const WIDEST = 1_600;

function textIn(bitmap: ImageBitmap): string {
  const scale = Math.min(1, WIDEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context || width * height === 0) return '';
  context.drawImage(bitmap, 0, 0, width, height);
  try {
    return decodeQR(context.getImageData(0, 0, width, height));
  } catch {
    return '';
  }
}
