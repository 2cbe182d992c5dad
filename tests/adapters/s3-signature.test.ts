import { expect, test } from '@jest/globals';
import { authorizationOf, pathOf } from '../../src/adapters/distributed/s3-signature.ts';

/** Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header", examples of single chunks. */
const KEYS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('an object that is put has the signature of the published example', () => {
  const path = pathOf('/test$file.text');
  expect(path).toBe('/test%24file.text');
  const headers = {
    'x-amz-date': '20130524T000000Z',
    date: 'Fri, 24 May 2013 00:00:00 GMT',
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
  };
  expect(authorizationOf({ method: 'PUT', path, headers }, KEYS)).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,' +
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});

test('an object that is fetched has the signature of the published example', () => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
  };
  expect(authorizationOf({ method: 'GET', path: pathOf('/test.txt'), headers }, KEYS)).toMatch(
    /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
  );
});

test('every byte of a key but the unreserved ones is encoded in its path', () => {
  expect(pathOf("a-b._~/c d/!'()*/%20+é")).toBe('a-b._~/c%20d/%21%27%28%29%2A/%2520%2B%C3%A9');
});
