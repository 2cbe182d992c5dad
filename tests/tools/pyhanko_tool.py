"""Signs and validates PDF files, and validates CMS, with pyHanko. Reads a JSON list of jobs from stdin, writes a JSON list of answers."""

import asyncio
import json
import sys
from datetime import datetime, timezone

from asn1crypto import cms, crl, keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import async_validate_detached_cms, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


def read(path):
    with open(path, "rb") as file:
        return file.read()


def certificates(paths):
    return [x509.Certificate.load(read(path)) for path in paths]


def moment_of(job):
    return datetime.fromtimestamp(job["moment"] / 1000, tz=timezone.utc)


def context_of(job):
    return ValidationContext(
        trust_roots=certificates(job["trust"]),
        other_certs=certificates(job["certs"]),
        crls=[crl.CertificateList.load(read(path)) for path in job["crls"]],
        moment=moment_of(job),
        revocation_mode="require",
        allow_fetching=False,
    )


def store_of(job):
    store = SimpleCertificateStore()
    store.register_multiple(certificates(job["certs"]))
    return store


def sign(job):
    key = keys.PrivateKeyInfo.load(read(job["key"]))
    signer = signers.SimpleSigner(
        signing_cert=certificates([job["cert"]])[0],
        signing_key=key,
        cert_registry=store_of(job),
        prefer_pss=job.get("pss", False),
        embed_roots=False,
    )
    level = job["level"]
    stamper = None
    if level != "B-B":
        stamper = DummyTimeStamper(
            tsa_cert=certificates([job["tsaCert"]])[0],
            tsa_key=keys.PrivateKeyInfo.load(read(job["tsaKey"])),
            certs_to_embed=store_of(job),
            fixed_dt=datetime.fromtimestamp(job["tsaTime"] / 1000, tz=timezone.utc),
        )
    long_term = level in ("B-LT", "B-LTA")
    meta = signers.PdfSignatureMetadata(
        field_name=job["field"],
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
        if job.get("adobe")
        else fields.SigSeedSubFilter.PADES,
        embed_validation_info=long_term,
        use_pades_lta=level == "B-LTA",
        validation_context=context_of(job) if long_term else None,
    )
    with open(job["in"], "rb") as source, open(job["out"], "wb") as out:
        signers.sign_pdf(IncrementalPdfFileWriter(source), meta, signer=signer, timestamper=stamper, output=out)
    return {"ok": True}


def validate(job):
    answers = []
    with open(job["file"], "rb") as source:
        reader = PdfFileReader(source)
        for signature in reader.embedded_regular_signatures:
            status = validate_pdf_signature(signature, context_of(job), context_of(job))
            answers.append(
                {
                    "field": signature.field_name,
                    "passed": bool(status.bottom_line),
                    "said": status.summary(),
                }
            )
    return {"ok": True, "signatures": answers}


def validate_cms(job):
    data = cms.ContentInfo.load(read(job["file"]))["content"]
    with open(job["content"], "rb") as content:
        status = asyncio.run(
            async_validate_detached_cms(
                content,
                data,
                signer_validation_context=context_of(job),
                ts_validation_context=context_of(job),
            )
        )
    return {"ok": True, "signatures": [{"field": "cms", "passed": bool(status.bottom_line), "said": status.summary()}]}


OPERATIONS = {"sign": sign, "validate": validate, "validate-cms": validate_cms}


def answer(job):
    try:
        return OPERATIONS[job["op"]](job)
    except Exception as error:  # whatever it dislikes about a forged file is its answer
        return {"ok": False, "said": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    json.dump([answer(job) for job in json.load(sys.stdin)], sys.stdout)
