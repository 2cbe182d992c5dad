import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPki } from './pki.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const EDXML = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
/** Elements whose Id xmlsec1 is told of: it knows no schema. */
const WITH_ID = [
  `${DS}:Object`,
  `${DS}:SignatureValue`,
  `${DS}:Manifest`,
  `${XADES}:SignedProperties`,
  `${EDXML}:edXML`,
  `${EDXML}:MessageHeader`,
  `${EDXML}:AttachmentEncoded`,
  'urn:vn:bang:bang',
];

const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

/** xmlsec1 on files of its own folder: another verifier and signer, on libxml2 and OpenSSL. */
export class Xmlsec {
  private readonly tool: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'truc-xmlsec-'));

  /** xmlsec1 from 1.3 on looks for a key by its name only, unless told otherwise. */
  private readonly search: readonly string[];

  constructor(tool: string) {
    this.tool = tool;
    const version = / (\d+)\.(\d+)/.exec(spawnSync(tool, ['--version']).stdout.toString());
    const isNew = version !== null && (Number(version[1]) > 1 || Number(version[2]) >= 3);
    this.search = isNew ? ['--lax-key-search'] : [];
  }

  /** Fills in the template whose signature has this Id. @throws TypeError with what xmlsec1 said */
  async sign(template: string, options: Detached & { id?: string; signer?: string } = {}): Promise<Buffer> {
    const { signer = 'seal-province', id = 's' } = options;
    const { key, certificate } = (await testPki()).entity(signer);
    const privateKey = this.write('key.pem', key.export({ format: 'pem', type: 'pkcs8' }).toString());
    const cert = this.write('cert.pem', pem('CERTIFICATE', certificate));
    const output = join(this.folder, 'signed.xml');
    const place = ['--node-xpath', `//*[local-name()='Signature'][@Id='${id}']`];
    const done = this.run(
      '--sign',
      ['--privkey-pem', `${privateKey},${cert}`, '--output', output, ...place],
      template,
      options,
    );
    if (done.status !== 0) throw new TypeError(done.stderr.toString());
    return readFileSync(output);
  }

  /** Whether the signature with this Id is right with the key of the entity; no path is asked for. */
  async accepts(
    signed: Buffer | string,
    options: Detached & { id?: string; signer?: string } = {},
  ): Promise<boolean> {
    const { signer = 'seal-province', id = 's' } = options;
    const { certificate } = (await testPki()).entity(signer);
    const cert = this.write('cert.pem', pem('CERTIFICATE', certificate));
    const place = ['--node-xpath', `//*[local-name()='Signature'][@Id='${id}']`];
    const key = ['--pubkey-cert-pem', cert, '--enabled-key-data', 'rsa,ecdsa,ec'];
    return this.run('--verify', [...key, ...place], signed, options).status === 0;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(action: string, args: string[], xml: Buffer | string, { files = {} }: Detached) {
    const file = this.write('in.xml', xml);
    const ids = WITH_ID.flatMap((one) => ['--id-attr:Id', one]);
    const maps = Object.entries(files).flatMap(([url, bytes], i) => [
      `--url-map:${url}`,
      this.write(`file-${i}`, bytes),
    ]);
    return spawnSync(this.tool, [action, ...this.search, ...args, ...ids, ...maps, file], {
      maxBuffer: 1 << 26,
    });
  }

  private write(name: string, content: Buffer | string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
}

interface Detached {
  /** Content of references out of the XML, by URI. */
  files?: Readonly<Record<string, Buffer>>;
}
