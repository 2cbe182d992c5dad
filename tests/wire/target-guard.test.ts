import { networkInterfaces } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

function guard(over: Partial<Parameters<typeof targetGuard>[0]> = {}) {
  return targetGuard({ allowed: EVERYWHERE, own: () => [], ...over });
}

describe('where the courier may connect', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3', 4],
    ['2001:db8::7', '2001:db8::7', 6],
    ['[2001:db8::7]', '2001:db8::7', 6],
    ['::ffff:10.1.2.3', '10.1.2.3', 4],
    ['[::ffff:a01:203]', '10.1.2.3', 4],
  ])('%s is reached as %s', async (host, address, family) => {
    expect(await guard()(host, 443)).toEqual({ address, family });
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'ff02::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '::ffff:0.0.0.0',
  ])('%s is never a target, whatever is allowed', async (host) => {
    expect(await guard()(host, 80)).toEqual({ refused: 'denied' });
  });

  test('where ports are named, no other is asked', async () => {
    const web = guard({ ports: [80, 443] });
    expect(await web('10.1.2.3', 443)).toEqual({ address: '10.1.2.3', family: 4 });
    expect(await web('10.1.2.3', 6379)).toEqual({ refused: 'port-not-allowed' });
  });

  test.each([
    ['10.9.0.1', '10.8.0.0/16'],
    ['11.0.0.1', '10.0.0.0/8'],
    ['::ffff:11.0.0.1', '10.0.0.0/8'],
    ['127.0.0.1', '10.0.0.0/8'],
    ['2001:db9::1', '2001:db8::/32'],
    ['2001:db8::1', '10.0.0.0/8'],
    ['10.0.0.1', '2001:db8::/32'],
  ])('%s is refused where only %s is allowed', async (host, net) => {
    expect(await guard({ allowed: [net] })(host, 80)).toEqual({ refused: 'not-allowed' });
  });

  test('with no network allowed nothing is', async () => {
    expect(await guard({ allowed: [] })('10.0.0.1', 80)).toEqual({ refused: 'not-allowed' });
  });
});

describe("the axis's own listeners", () => {
  const local = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((one) => !one.internal && one.family === 'IPv4')?.address;
  const refused = { refused: 'own-listener' };

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.8.8.8'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['::', '::ffff:127.0.0.1'],
    ['10.0.0.5', '10.0.0.5'],
    ['10.0.0.5', '::ffff:10.0.0.5'],
    ['::ffff:10.0.0.5', '10.0.0.5'],
  ])('bound to %s is not reached through %s', async (address, target) => {
    expect(await guard({ own: () => [{ address, port: 8080 }] })(target, 8080)).toEqual(refused);
  });

  test('a wildcard bind stands for every local address, and for no address elsewhere', async () => {
    const wild = guard({ own: () => [{ address: '0.0.0.0', port: 8080 }] });
    if (local !== undefined) expect(await wild(local, 8080)).toEqual(refused);
    expect(await wild('198.51.100.7', 8080)).toEqual({ address: '198.51.100.7', family: 4 });
  });

  test('another port of this machine may be a target', async () => {
    expect(await guard({ own: () => [{ address: '0.0.0.0', port: 8080 }] })('127.0.0.1', 9090)).toEqual({
      address: '127.0.0.1',
      family: 4,
    });
  });
});

describe('names', () => {
  test('a name is looked up once, and what was judged is what is connected to', async () => {
    const answers = ['10.1.1.1', '169.254.169.254'];
    let asked = 0;
    const check = guard({ lookup: async () => answers[asked++] as string });
    expect(await check('qlvb.example', 443)).toEqual({ address: '10.1.1.1', family: 4 });
    expect(asked).toBe(1);
    expect(await check('qlvb.example', 443)).toEqual({ refused: 'denied' });
  });

  test.each([
    ['::ffff:169.254.169.254', 'denied'],
    ['192.0.2.1', 'not-allowed'],
    ['', 'unresolvable'],
  ])('a name that leads to "%s" is %s', async (answer, cause) => {
    const check = guard({ allowed: ['10.0.0.0/8', '169.254.0.0/16'], lookup: async () => answer });
    expect(await check('qlvb.example', 443)).toEqual({ refused: cause });
  });

  test('an address is not looked up', async () => {
    const check = guard({
      lookup: async () => {
        throw new RangeError('asked');
      },
    });
    expect(await check('[2001:db8::1]', 443)).toEqual({ address: '2001:db8::1', family: 6 });
  });

  test('the system resolver knows localhost, and not a name that nobody may have', async () => {
    expect(await guard()('localhost', 9)).toMatchObject({
      address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    });
    expect(await guard()('khong-co.invalid', 9)).toEqual({ refused: 'unresolvable' });
  });
});
