import { describe, expect, test } from '@jest/globals';
import { agenciesFromCsv } from '../../src/agency/index.ts';
import { isTrucError, newId } from '../../src/kernel/index.ts';

const none = new Map<string, string>();

function faultsOf(text: string, known: ReadonlyMap<string, string> = none): unknown {
  try {
    agenciesFromCsv(text, known);
  } catch (error) {
    if (isTrucError(error, 'agency.import-invalid')) return error.facts;
    throw error;
  }
  return null;
}

const causes = (text: string) =>
  (faultsOf(text) as { faults: { line: number; cause: string; value: string }[] }).faults.map((one) => [
    one.line,
    one.cause,
    one.value,
  ]);

describe('importing agencies from CSV', () => {
  test('every column, quotes, a byte-order mark and CRLF, parents below their children', () => {
    const text = [
      '\ufeffName,code,level,parent,old_code,valid_from,valid_to,successor',
      '"Xã ""Mẫu"", mới",h53.32.29,commune,H53,000.29.32.h53|00.29.H53,2025-07-01,,',
      '"Huyện',
      'Mẫu",H53.32,district,h53,,2020-09-15,2025-07-01,H53.32.29',
      '',
      'Tỉnh  Mẫu,H53,province,,,,,',
    ].join('\r\n');
    const [commune, district, province] = agenciesFromCsv(text, none);
    expect(commune).toMatchObject({
      code: 'H53.32.29',
      name: 'Xã "Mẫu", mới',
      level: 'commune',
      parentId: province?.id,
      validFrom: '2025-06-30T17:00:00.000Z',
      validTo: null,
      aliases: [
        { code: '000.29.32.H53', validFrom: '2016-04-01T00:00:00.000Z', validTo: null },
        { code: '00.29.H53', validFrom: '2016-04-01T00:00:00.000Z', validTo: null },
      ],
    });
    expect(district).toMatchObject({
      name: 'Huyện Mẫu',
      validTo: '2025-06-30T17:00:00.000Z',
      successorId: commune?.id,
      parentId: province?.id,
    });
    expect(province).toMatchObject({
      name: 'Tỉnh Mẫu',
      parentId: null,
      validFrom: '2020-09-15T00:00:00.000Z',
    });
  });

  test('an agency that is known keeps its id, and may be a parent without standing in the file', () => {
    const known = new Map([
      ['H53', newId()],
      ['H53.01', newId()],
    ]);
    const [agency] = agenciesFromCsv('code,name,level,parent\nH53.01,Sở,province,H53\n', known);
    expect(agency).toMatchObject({ id: known.get('H53.01'), parentId: known.get('H53') });
  });

  test('names are composed: two encodings of one name are one', () => {
    const [agency] = agenciesFromCsv(`code,name,level\nH53,${'Tỉnh Mẫu'.normalize('NFD')},province`, none);
    expect(agency?.name).toBe('Tỉnh Mẫu'.normalize('NFC'));
  });

  test('all faults of a file are named at once, each with its line', () => {
    const text = [
      'code,name,level,parent,valid_from,valid_to,successor',
      'H53,Tỉnh,province,,,,',
      'H53..1,Sở,province,H99,,,',
      'h53,,tỉnh,,01/07/2025,2025-13-01,H98',
      'H54,Tỉnh,province,,2025-02-30,,',
    ].join('\n');
    expect(causes(text).sort()).toEqual(
      [
        [3, 'code-malformed', 'H53..1'],
        [3, 'parent-unknown', 'H99'],
        [4, 'code-twice', 'H53'],
        [4, 'name-missing', 'H53'],
        [4, 'level-unknown', 'tỉnh'],
        [4, 'date-invalid', '01/07/2025'],
        [4, 'date-invalid', '2025-13-01'],
        [4, 'successor-unknown', 'H98'],
        [5, 'date-invalid', '2025-02-30'],
      ].sort(),
    );
  });

  test('lines are counted through quoted line breaks and empty lines', () => {
    expect(causes('code,name,level\n"H5\n3",Tỉnh,province\n\nH54,,province')).toEqual([
      [2, 'code-malformed', 'H5\n3'],
      [5, 'name-missing', 'H54'],
    ]);
  });

  test.each(['code', 'name', 'level'])('a file without the column %s is refused for that', (column) => {
    const header = ['code', 'name', 'level', 'parent'].filter((one) => one !== column).join(',');
    expect(faultsOf(`${header}\n`)).toMatchObject({ missingColumn: column, count: 1 });
  });

  test('a quote that nobody closes is a fault of its line, and does not swallow the rest of the file', () => {
    expect(causes('code,name,level\nH53,Tỉnh,province\nH54,"Tỉnh,province\nH55,Tỉnh,province\n')).toEqual([
      [3, 'quote-open', 'Tỉnh,province\nH55,Tỉnh,province\n'],
    ]);
  });

  test('an empty file lacks its header; a header alone brings nothing', () => {
    expect(faultsOf('')).toMatchObject({ missingColumn: 'code' });
    expect(agenciesFromCsv('code,name,level\n', none)).toEqual([]);
  });

  test('of very many faults a hundred are told, and how many there are', () => {
    const rows = Array.from({ length: 150 }, (_, i) => `H53.${i},,province`);
    const facts = faultsOf(`code,name,level\n${rows.join('\n')}`) as { faults: unknown[]; count: number };
    expect([facts.faults.length, facts.count]).toEqual([100, 150]);
  });
});
