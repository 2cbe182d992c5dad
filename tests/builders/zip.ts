import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  name: string;
  bytes: Buffer;
  /** What the headers say instead of the truth. */
  lies?: Partial<{
    method: number;
    flags: number;
    centralFlags: number;
    crc: number;
    compressed: number;
    size: number;
    localSize: number;
    localName: string;
    offset: number;
    /** External attributes: type and permissions as Unix has them, in the upper half. */
    attributes: number;
  }>;
  /** Sizes and checksum stand after the data, as Java's streams write them. */
  streamed?: boolean;
  /** Not compressed. */
  stored?: boolean;
  /** Extra fields, in the local header and in the directory. */
  localExtra?: Buffer;
  centralExtra?: Buffer;
}

export interface ZipLies {
  /** Number of entries in the end record. */
  count?: number;
  /** Bytes before the first and after the last entry. */
  before?: Buffer;
  between?: Buffer;
  comment?: Buffer;
  after?: Buffer;
}

/** A ZIP by hand (APPNOTE 4.3), so that every field can lie. */
export function zipOf(parts: readonly ZipPart[], lies: ZipLies = {}): Buffer {
  const chunks: Buffer[] = [lies.before ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  let offset = (lies.before ?? Buffer.alloc(0)).length;
  for (const part of parts) {
    const { local, central } = entry(part, offset);
    chunks.push(local);
    directory.push(central);
    offset += local.length;
  }
  const between = lies.between ?? Buffer.alloc(0);
  const size = directory.reduce((sum, one) => sum + one.length, 0);
  const comment = lies.comment ?? Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(lies.count ?? parts.length, 8);
  end.writeUInt16LE(lies.count ?? parts.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset + between.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...chunks, between, ...directory, end, comment, lies.after ?? Buffer.alloc(0)]);
}

function entry({ name, bytes, lies = {}, streamed = false, ...more }: ZipPart, offset: number) {
  const data = more.stored ? bytes : deflateRawSync(bytes, { level: 9 });
  const method = lies.method ?? (more.stored ? 0 : 8);
  const [localExtra, centralExtra] = [more.localExtra, more.centralExtra].map(
    (one) => one ?? Buffer.alloc(0),
  ) as [Buffer, Buffer];
  const flags = lies.flags ?? (streamed ? 8 : 0);
  const crc = lies.crc ?? crc32(bytes);
  const compressed = lies.compressed ?? data.length;
  const size = lies.size ?? bytes.length;
  const localName = Buffer.from(lies.localName ?? name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(flags, 6);
  local.writeUInt16LE(method, 8);
  if (!streamed) {
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(compressed, 18);
    local.writeUInt32LE(lies.localSize ?? size, 22);
  }
  local.writeUInt16LE(localName.length, 26);
  local.writeUInt16LE(localExtra.length, 28);
  const descriptor = Buffer.alloc(streamed ? 16 : 0);
  if (streamed) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    descriptor.writeUInt32LE(crc, 4);
    descriptor.writeUInt32LE(compressed, 8);
    descriptor.writeUInt32LE(size, 12);
  }
  const centralName = Buffer.from(name);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(lies.centralFlags ?? flags, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(crc, 16);
  central.writeUInt32LE(compressed, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(centralName.length, 28);
  central.writeUInt16LE(centralExtra.length, 30);
  central.writeUInt32LE((lies.attributes ?? 0) >>> 0, 38);
  central.writeUInt32LE(lies.offset ?? offset, 42);
  return {
    local: Buffer.concat([local, localName, localExtra, data, descriptor]),
    central: Buffer.concat([central, centralName, centralExtra]),
  };
}
