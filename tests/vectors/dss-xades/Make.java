import eu.europa.esig.dss.enumerations.*;
import eu.europa.esig.dss.model.*;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.*;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import eu.europa.esig.dss.token.*;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.xades.*;
import eu.europa.esig.dss.xades.signature.*;
import java.io.*;
import java.security.KeyStore;
import java.util.*;

/**
 * Signs DIR/in.xml with EU DSS 6.4 (artefacts dss-xades, dss-token, dss-service, dss-validation, dss-policy-jaxb,
 * dss-utils-apache-commons, dss-crl-parser-stream) into DIR/out. DIR/trust, certs and crls hold DER; signer.p12 and
 * tsa.p12 have the password "x".
 */
public class Make {
  public static void main(String[] arguments) throws Exception {
    File dir = new File(arguments[0]);
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setAIASource(null);
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (File one : new File(dir, "trust").listFiles()) trusted.addCertificate(DSSUtils.loadCertificate(one));
    verifier.setTrustedCertSources(trusted);
    CommonCertificateSource others = new CommonCertificateSource();
    for (File one : new File(dir, "certs").listFiles()) others.addCertificate(DSSUtils.loadCertificate(one));
    verifier.setAdjunctCertSources(others);
    List<DSSDocument> crls = new ArrayList<>();
    for (File one : new File(dir, "crls").listFiles()) crls.add(new FileDocument(one));
    verifier.setCrlSource(new ExternalResourcesCRLSource(crls.toArray(new DSSDocument[0])));

    Pkcs12SignatureToken token =
        new Pkcs12SignatureToken(new File(dir, "signer.p12"), new KeyStore.PasswordProtection("x".toCharArray()));
    DSSPrivateKeyEntry key = token.getKeys().get(0);
    KeyStore authority = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(new File(dir, "tsa.p12"))) {
      authority.load(in, "x".toCharArray());
    }
    KeyEntityTSPSource stamps = new KeyEntityTSPSource(authority, authority.aliases().nextElement(), "x".toCharArray());
    stamps.setTsaPolicy("1.2.3.4");
    XAdESService service = new XAdESService(verifier);
    service.setTspSource(stamps);

    DSSDocument content = new FileDocument(new File(dir, "in.xml"));
    for (String level : List.of("B", "T", "LT", "LTA")) {
      for (SignaturePackaging packaging :
          List.of(SignaturePackaging.ENVELOPED, SignaturePackaging.ENVELOPING, SignaturePackaging.DETACHED)) {
        XAdESSignatureParameters order = fill(new XAdESSignatureParameters(), key, level);
        order.setSignaturePackaging(packaging);
        ToBeSigned octets = service.getDataToSign(content, order);
        DSSDocument signed = service.signDocument(content, order, token.sign(octets, DigestAlgorithm.SHA256, key));
        String name = packaging.name().toLowerCase();
        save(signed, dir, name + "-" + level.toLowerCase());
        if (packaging != SignaturePackaging.ENVELOPED) continue;
        if (level.equals("LTA")) save(service.extendDocument(signed, order), dir, "enveloped-lta-twice");
        if (level.equals("T")) {
          XAdESCounterSignatureParameters counter = fill(new XAdESCounterSignatureParameters(), key, "B");
          counter.setSignatureIdToCounterSign(
              SignedDocumentValidator.fromDocument(signed).getSignatures().get(0).getId());
          ToBeSigned value = service.getDataToBeCounterSigned(signed, counter);
          SignatureValue made = token.sign(value, DigestAlgorithm.SHA256, key);
          save(service.counterSignSignature(signed, counter, made), dir, "counter-signature");
        }
        if (level.equals("B")) {
          XAdESSignatureParameters second = fill(new XAdESSignatureParameters(), key, level);
          second.setSignaturePackaging(packaging);
          second.bLevel().setSigningDate(new Date(order.bLevel().getSigningDate().getTime() + 1000));
          ToBeSigned again = service.getDataToSign(signed, second);
          save(service.signDocument(signed, second, token.sign(again, DigestAlgorithm.SHA256, key)), dir, "two-parallel");
        }
      }
    }
  }

  private static <P extends XAdESSignatureParameters> P fill(P order, DSSPrivateKeyEntry key, String level) {
    order.setSignatureLevel(SignatureLevel.valueOf("XAdES_BASELINE_" + level));
    order.setDigestAlgorithm(DigestAlgorithm.SHA256);
    order.setSigningCertificate(key.getCertificate());
    order.setCertificateChain(key.getCertificateChain());
    order.getSignatureTimestampParameters().setDigestAlgorithm(DigestAlgorithm.SHA256);
    order.getArchiveTimestampParameters().setDigestAlgorithm(DigestAlgorithm.SHA256);
    return order;
  }

  private static void save(DSSDocument signed, File dir, String name) throws IOException {
    signed.save(new File(dir, "out/" + name + ".xml").getPath());
  }
}
