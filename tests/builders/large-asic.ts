import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { sha256 } from '../../src/kernel/index.ts';
import { keySigner, signCms } from '../../src/signing/index.ts';
import { ASIC_E } from './asic.ts';
import { testPki } from './pki.ts';

const BLOCK = Buffer.alloc(1_048_576);

interface Entry {
  name: string;
  crc: number;
  size: number;
  offset: number;
}

/** An ASiC-E whose one data file is so many zeros, stored, which are a hole of the file; signed by the test PKI's chairman. */
export async function writeLargeAsic(path: string, size: number): Promise<void> {
  const { crc, digest } = ofZeros(size);
  const file = openSync(path, 'w');
  const entries: Entry[] = [];
  let position = 0;
  const write = (bytes: Buffer) => {
    writeSync(file, bytes, 0, bytes.length, position);
    position += bytes.length;
  };
  const add = (name: string, bytes: Buffer | null) => {
    const entry = { name, crc: bytes ? crc32(bytes) : crc, size: bytes?.length ?? size, offset: position };
    entries.push(entry);
    write(Buffer.concat([fields(0x04034b50, 4), fields(20, 2), ...common(entry), Buffer.from(name)]));
    if (bytes) write(bytes);
    else position += size;
  };
  const { certificate, key } = (await testPki()).entity('official-chairman');
  const manifest = manifestOf(digest);
  add('mimetype', Buffer.from(ASIC_E));
  add('du-lieu.bin', null);
  add('META-INF/ASiCManifest.xml', manifest);
  add(
    'META-INF/signature.p7s',
    await signCms({ digest: sha256(manifest), signer: keySigner(certificate, key) }),
  );
  const start = position;
  for (const entry of entries) write(central(entry));
  const [count, length] = [fields(entries.length, 2), fields(position - start, 4)];
  write(
    Buffer.concat([
      fields(0x06054b50, 4),
      fields(0, 4),
      count,
      count,
      length,
      fields(start, 4),
      fields(0, 2),
    ]),
  );
  ftruncateSync(file, position);
  closeSync(file);
}

function ofZeros(size: number): { crc: number; digest: Buffer } {
  const hash = createHash('sha256');
  let crc = 0;
  for (let left = size; left > 0; left -= BLOCK.length) {
    const piece = BLOCK.subarray(0, Math.min(left, BLOCK.length));
    hash.update(piece);
    crc = crc32(piece, crc);
  }
  return { crc, digest: hash.digest() };
}

function manifestOf(digest: Buffer): Buffer {
  const signature =
    '<asic:SigReference URI="META-INF/signature.p7s" MimeType="application/x-pkcs7-signature"/>';
  const method = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>';
  const value = `<ds:DigestValue>${digest.toString('base64')}</ds:DigestValue>`;
  return Buffer.from(
    `<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${signature}<asic:DataObjectReference URI="du-lieu.bin">${method}${value}</asic:DataObjectReference></asic:ASiCManifest>`,
  );
}

/** A little-endian number (APPNOTE 4.4). */
function fields(value: number, octets: number): Buffer {
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntLE(value, 0, octets);
  return bytes;
}

/** Flags, method, time and date as zeros, then what both headers say of the data and the name. */
function common({ name, crc, size }: Entry): Buffer[] {
  return [
    fields(0, 4),
    fields(0, 4),
    fields(crc, 4),
    fields(size, 4),
    fields(size, 4),
    fields(name.length, 2),
    fields(0, 2),
  ];
}

function central(entry: Entry): Buffer {
  const rest = [fields(0, 2), fields(0, 2), fields(0, 2), fields(0, 4), fields(entry.offset, 4)];
  return Buffer.concat([
    fields(0x02014b50, 4),
    fields(20, 2),
    fields(20, 2),
    ...common(entry),
    ...rest,
    Buffer.from(entry.name),
  ]);
}
