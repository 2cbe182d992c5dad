#!/usr/bin/env bash
# Fetches the XML schemas that ETSI and W3C publish (TS 119 102-2, TS 119 612, XAdES, XMLDSig) out of Maven packages into
# .runtime/etsi-schemas, so that the tests can hold our XML reports against them. They are not part of the repository: their files
# name no licence. Needs maven, unzip; without them the test says "not run".
set -euo pipefail
cd "$(dirname "$0")/.."
OUT=.runtime/etsi-schemas
[ -f "$OUT/report.xsd" ] && exit 0
VERSION=6.4
mkdir -p "$OUT.part"
fetch() { # artifact, sha256, file in the package, name here
  mvn -q dependency:copy "-Dartifact=eu.europa.ec.joinup.sd-dss:$1:$VERSION" "-DoutputDirectory=$OUT.part"
  echo "$2  $OUT.part/$1-$VERSION.jar" | sha256sum --check --quiet
  unzip -qp "$OUT.part/$1-$VERSION.jar" "xsd/$3" \
    | sed -E 's#schemaLocation="[^"]*xmldsig-core-schema.xsd"#schemaLocation="xmldsig.xsd"#; s#schemaLocation="[^"]*XAdES.xsd"#schemaLocation="xades.xsd"#;
        s#schemaLocation="[^"]*(19612|xml\.xsd)[^"]*"#schemaLocation="\1"#; s#schemaLocation="19612"#schemaLocation="trusted-list.xsd"#' >"$OUT.part/$4"
}
fetch specs-xmldsig de0231899bb2e17729cba9dbe7709cd539e9983a5f10468bb7f7eee4afe73125 xml.xsd xml.xsd
fetch specs-xmldsig de0231899bb2e17729cba9dbe7709cd539e9983a5f10468bb7f7eee4afe73125 xmldsig-core-schema.xsd xmldsig.xsd
fetch specs-xades b3c1fe12e6cb2a053dc359e780f815b4cca7909b12568914761cb659b260f9cf XAdES.xsd xades.xsd
fetch specs-trusted-list 71f428692c48b86b089e9fff6128c2c7b48486a8b8ae236786f3fc91b129d282 ts_119612v020401_xsd.xsd trusted-list.xsd
fetch specs-validation-report 9a11a1cc164dba4ce8671a2b387989fe198a110e5d76637365d0ff8023c36b80 TS119102-2-v141.xsd report.xsd
rm -rf "$OUT"; mv "$OUT.part" "$OUT"
