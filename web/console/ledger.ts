import {
  type Bundle,
  fromBase64,
  type Head,
  headOf,
  isConsistent,
  type Step,
  toHex,
  verify,
} from './log-proof.ts';

const SEEN = 'truc-checkpoint';

interface Seen {
  log: string;
  size: number;
  root: string;
}

/** Verifies what an entry's page holds, and what somebody brings as a file. */
export function watchLedger(): void {
  const panel = document.querySelector<HTMLElement>('[data-verify]');
  if (!panel) return;
  const held = document.querySelector('#bundle')?.textContent ?? '';
  if (held !== '') void judge(panel, JSON.parse(held) as Bundle, true);
  panel.querySelector<HTMLInputElement>('input[type=file]')?.addEventListener('change', async (event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    try {
      await judge(panel, JSON.parse(await file.text()) as Bundle, false);
    } catch {
      show(panel, [{ name: 'leaf', ok: false, detail: file.name }]);
    }
  });
}

async function judge(panel: HTMLElement, bundle: Bundle, live: boolean): Promise<void> {
  const steps = await verify(bundle);
  const head = headOf(bundle.checkpoint);
  if (live && head && steps.every((step) => step.ok)) steps.push(await sinceLast(bundle.log, head, panel));
  show(panel, steps);
}

/** This machine remembers the last checkpoint that it saw: a log that was rewritten since does not fit on it. */
async function sinceLast(log: string, head: Head, panel: HTMLElement): Promise<Step> {
  const kept = localStorage.getItem(SEEN);
  const before = kept ? (JSON.parse(kept) as Seen) : null;
  const remember = () =>
    localStorage.setItem(SEEN, JSON.stringify({ log, size: head.size, root: toHex(head.root) }));
  if (before?.log !== log) {
    remember();
    return { name: 'consistency', ok: true, detail: panel.dataset.first ?? '' };
  }
  const first = {
    size: before.size,
    root: Uint8Array.from(before.root.match(/../g) ?? [], (one) => Number.parseInt(one, 16)),
  };
  if (first.size > head.size)
    return { name: 'consistency', ok: true, detail: `${head.size} ≤ ${first.size}` };
  const answer = await fetch(`${panel.dataset.consistency}?first=${first.size}&second=${head.size}`);
  if (!answer.ok) return { name: 'consistency', ok: false, detail: String(answer.status) };
  const { path } = (await answer.json()) as { path: string[] };
  const ok = await isConsistent(first, head, path.map(fromBase64));
  if (ok) remember();
  return { name: 'consistency', ok, detail: `${first.size} → ${head.size}` };
}

function show(panel: HTMLElement, steps: readonly Step[]): void {
  const wrong = steps.find((step) => !step.ok);
  panel.dataset.outcome = wrong ? 'wrong' : 'right';
  const said = panel.querySelector<HTMLElement>('[data-said]');
  if (said) {
    said.className = wrong ? 'badge bad' : 'badge good';
    said.textContent = (wrong ? panel.dataset.wrong : panel.dataset.right) ?? '';
  }
  for (const line of panel.querySelectorAll<HTMLElement>('[data-step]')) {
    const step = steps.find((one) => one.name === line.dataset.step);
    line.className = step ? (step.ok ? 'good' : 'bad') : 'none';
    const detail = line.querySelector<HTMLElement>('[data-detail]');
    if (detail)
      detail.textContent = step ? `${step.ok ? panel.dataset.yes : panel.dataset.no}: ${step.detail}` : '';
  }
}
