import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type FrameLocator, type Page } from 'playwright-core';
import { sha256Hex } from '../../src/kernel/index.ts';
import type { DemoSigner } from '../../src/lab/index.ts';
import { signingDesk, type Ticket } from '../signer.ts';
import { type World, world } from '../world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SHOTS = process.env.TRUC_TEST_SCREENSHOTS;
/** Whose draft it is. */
const COMMUNE = 'H53.32.29';
export const DRAFT = 'du-thao-xa-gui-bo.pdf';

/** An official at the demo's document system, in a real browser, against the real signing origin. */
export interface Desk {
  page: Page;
  /** The widget's own page, in its frame. */
  widget: FrameLocator;
  /** What the browser complained of, policy violations among it. */
  complaints: string[];
  /** Events of the element, in order. */
  events(): Promise<{ type: string; detail: Record<string, unknown> }[]>;
  /** Texts of the widget's status line, in order, as a screen reader hears them. */
  said(): Promise<string[]>;
  /** Calls of WebCrypto's sign anywhere in the widget: how often a key was used. */
  keyUses(): Promise<number>;
  /** Keys that the host page saw. */
  keysSeen(): Promise<string[]>;
  /** Chooses a key file, types the password and has everything checked. */
  choose(signer?: DemoSigner, password?: string): Promise<void>;
  /** Waits until the widget is in a state. */
  inState(state: string): Promise<void>;
  /** Sends the form of the panel. */
  submit(): Promise<void>;
  /** Code of the error that is shown. */
  code(): Promise<string>;
  /** What the element said last of a kind. */
  last(type: string): Promise<Record<string, unknown> | undefined>;
  /** The version that was signed, as the agency's system fetches it. */
  signedBytes(): Promise<Buffer>;
  /** Presses Sign, once it can be seen. */
  sign(): Promise<void>;
  close(): Promise<void>;
}

export interface DeskOptions {
  lang?: 'vi' | 'en';
  theme?: string;
  /** Ways of signing, in order. */
  providers?: readonly string[];
  /** Addresses of agents, instead of where they are on an official's machine. */
  agents?: Readonly<Record<string, string>>;
  /** How many letters are signed at once. */
  count?: number;
  /** Another page of the office around the widget. */
  around?: (html: string) => string;
  ignoreHTTPSErrors?: boolean;
  javaScriptEnabled?: boolean;
  /** Name of this machine in the office's address: another site than the signing origin's. */
  host?: string;
  width?: number;
  /** Device pixels to a pixel of the page. */
  density?: number;
  /** What the office's backend hands out, in place of a ticket for the demo's draft. */
  ticket?: Ticket | (() => Promise<Ticket>);
  /** Changes the answer to `prepare` on its way. */
  tamper?: (prepared: PreparedAnswer) => void;
  /** Changes the document on its way. */
  document?: (bytes: Buffer) => Buffer;
  /** Another document altogether, which the session names as its own. */
  instead?: Buffer;
  /** What stands between the widget and the axis before the page is opened. */
  between?: (context: BrowserContext) => Promise<unknown>;
  /** axe-core cannot run under the page's own policy. */
  bypassCSP?: boolean;
}

export interface PreparedAnswer {
  sha256: string;
  size: number;
  tail: string;
  byteRange: number[];
  toBeSigned: string;
  code: string;
}

export class Office {
  readonly axis: World;
  private readonly browser: Browser;

  private constructor(axis: World, browser: Browser) {
    this.axis = axis;
    this.browser = browser;
  }

  /** @param switches more of Chromium's own */
  static async open(
    executablePath: string,
    switches: (axis: World) => string[] = () => [],
    settings: Record<string, string> = {},
  ): Promise<Office> {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'build-web.mjs')], { stdio: 'pipe' });
    const axis = await world(settings);
    return new Office(
      axis,
      await chromium.launch({ executablePath, args: ['--no-sandbox', ...switches(axis)] }),
    );
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.axis.stop();
  }

  /** A ticket for documents of an agency, in the widget's own page. @param order what it says beside the usual */
  async ticketFor(
    documentIds: string[],
    order: { action?: string; agency?: string } & Record<string, unknown> = {},
  ): Promise<Ticket> {
    const { action = 'approve', agency = COMMUNE, ...more } = order;
    const rest = { returnOrigins: ['http://127.0.0.1:*'], ...more };
    return signingDesk(this.axis).ticketFor(agency, documentIds, action, rest);
  }

  /** Folder of the demo's drafts. */
  get drafts(): string {
    return this.axis.demo.folder.drafts;
  }

  signer(agency = 'H53.32.29', kind: DemoSigner['kind'] = 'person'): DemoSigner {
    const found = this.axis.credentials.signers.find((one) => one.agency === agency && one.kind === kind);
    return found as DemoSigner;
  }

  async desk({
    lang = 'vi',
    theme = '',
    providers = ['soft'],
    agents = {},
    count = 1,
    around,
    ignoreHTTPSErrors = false,
    javaScriptEnabled = true,
    host = '127.0.0.1',
    width = 1440,
    density = 1,
    ticket,
    tamper,
    document,
    instead,
    between,
    bypassCSP = false,
  }: DeskOptions = {}): Promise<Desk> {
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      deviceScaleFactor: density,
      bypassCSP,
      ignoreHTTPSErrors,
      javaScriptEnabled,
    });
    await context.addInitScript(watch);
    if (ticket)
      await context.route('**/ticket?*', async (route) =>
        route.fulfill({ status: 201, json: typeof ticket === 'function' ? await ticket() : ticket }),
      );
    if (tamper) await tamperWith(context, tamper);
    if (between) await between(context);
    if (Object.keys(agents).length > 0) await agentsAt(context, agents);
    if (instead) await replaceDocument(context, instead);
    if (document)
      await context.route('**/v1/sign/sessions/*/document?*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: document(await answer.body()) });
      });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    if (around)
      await context.route('**/ky?*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: around(await answer.text()) });
      });
    const query = new URLSearchParams({
      ...{ 'van-ban': DRAFT, lang, theme, 'cach-ky': providers.join(), 'so-luong': String(count) },
    });
    const office = this.axis.credentials.officeUrl.replace('127.0.0.1', host);
    await page.goto(`${office}ky?${query}`);
    const widget = page.frameLocator('edoc-signer iframe');
    const inFrame = async <T>(read: (watched: Watched) => T): Promise<T> =>
      page
        .frames()[1]
        ?.evaluate(read as never, await page.frames()[1]?.evaluateHandle('watched')) as Promise<T>;
    const events = () => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.events);
    const last = async (type: string) => (await events()).findLast((one) => one.type === type)?.detail;
    return {
      page,
      widget,
      complaints,
      events,
      keysSeen: () => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.keys),
      said: () => inFrame((watched) => watched.said),
      keyUses: () => inFrame((watched) => watched.keyUses),
      choose: async (signer = this.signer(), password = signer.password) => {
        await widget.locator('#key-file').setInputFiles(signer.file);
        await widget.locator('#pin').pressSequentially(password);
        await widget.locator('button[type=submit]').click();
      },
      inState: (state) => widget.locator(`body[data-state=${state}]`).waitFor({ timeout: 60_000 }),
      submit: () => widget.locator('button[type=submit]').first().click(),
      code: () => widget.locator('#error code').innerText(),
      last,
      signedBytes: async () => {
        const { documentId, version } = (await last('edoc-signed')) as {
          documentId: string;
          version: number;
        };
        return signingDesk(this.axis).content(COMMUNE, documentId, version);
      },
      sign: async () => {
        const button = widget.locator('#sign');
        await button.scrollIntoViewIfNeeded();
        await button.click();
      },
      close: () => context.close(),
    };
  }
}

interface Watched {
  events: { type: string; detail: Record<string, unknown> }[];
  keys: string[];
  keyUses: number;
  said: string[];
}

/** Runs in every frame before its scripts; must stand alone. */
function watch(): void {
  const watched: Watched = { events: [], keys: [], keyUses: 0, said: [] };
  Object.assign(globalThis, { watched });
  const target = globalThis as unknown as {
    addEventListener(name: string, heard: (event: never) => void, capture: boolean): void;
  };
  for (const name of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input'])
    target.addEventListener(name, ({ type }: { type: string }) => watched.keys.push(type), true);
  for (const name of ['statechange', 'ready', 'signed', 'cancelled', 'error'])
    target.addEventListener(
      `edoc-${name}`,
      ({ type, detail }: Watched['events'][number]) => watched.events.push({ type, detail }),
      true,
    );
  interface Page {
    getElementById(id: string): { textContent: string } | null;
  }
  const { document, MutationObserver: Observer } = globalThis as unknown as {
    document: Page;
    MutationObserver: new (seen: () => void) => { observe(page: Page, what: object): void };
  };
  new Observer(() => {
    const text = document.getElementById('status')?.textContent;
    if (text && text !== watched.said.at(-1)) watched.said.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true });
  const { subtle } = crypto;
  const { prototype } = subtle.constructor as unknown as {
    prototype: { sign: (...all: unknown[]) => unknown };
  };
  const { sign } = prototype;
  prototype.sign = function (...all) {
    watched.keyUses++;
    return sign.apply(this, all);
  };
}

/** Stands between widget and axis, as a server that lies would. */
async function tamperWith(
  context: BrowserContext,
  tamper: (prepared: PreparedAnswer) => void,
): Promise<void> {
  await context.route('**/v1/sign/sessions/*/prepare', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { documents: PreparedAnswer[] };
    for (const one of body.documents) tamper(one);
    await route.fulfill({ response: answer, json: body });
  });
}

/** Agents of a test listen on ports of their own. */
async function agentsAt(context: BrowserContext, agents: Readonly<Record<string, string>>): Promise<void> {
  await context.route('**/v1/sign/sessions', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { providers?: { id: string; url?: string }[] };
    for (const one of body.providers ?? []) if (agents[one.id]) one.url = agents[one.id] as string;
    await route.fulfill({ response: answer, json: body });
  });
}

async function replaceDocument(context: BrowserContext, bytes: Buffer): Promise<void> {
  await context.route('**/v1/sign/sessions', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { documents: { sha256: string; size: number }[] };
    for (const one of body.documents) Object.assign(one, { sha256: sha256Hex(bytes), size: bytes.length });
    await route.fulfill({ response: answer, json: body });
  });
  await context.route('**/v1/sign/sessions/*/document?*', (route) => route.fulfill({ body: bytes }));
}

const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core has against the widget's page as it stands. @param of everything, or colours alone: nothing else hangs on a theme */
export async function violations(
  { page }: Desk,
  of: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  const frame = page.frames()[1];
  if (!(await frame?.evaluate(() => 'axe' in globalThis))) await frame?.addScriptTag({ path: AXE });
  const runOnly = of === 'colours' ? ['color-contrast'] : EVERYTHING;
  const result = await frame?.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ runOnly: only });
  }, runOnly);
  return result?.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`) ?? ['no frame'];
}

/** TRUC_TEST_SCREENSHOTS names a folder for pictures. */
export async function picture({ page }: Desk, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
