// Makes the files of tests/vectors/dss with EU DSS: CAdES, ASiC-S and ASiC-E at every baseline level, and a counter-signature.
// Classpath: dss-cades, dss-asic-cades, dss-asic-xades, dss-cms-object, dss-utils-apache-commons and dss-crl-parser-stream 6.4
// (eu.europa.ec.joinup.sd-dss). Reads pki/{trust,certs,crls}/* and pki/{signer,tsa}.{der,key} (PKCS #8), writes out/*.
import eu.europa.esig.dss.asic.cades.ASiCWithCAdESSignatureParameters;
import eu.europa.esig.dss.asic.cades.signature.ASiCWithCAdESService;
import eu.europa.esig.dss.asic.xades.ASiCWithXAdESSignatureParameters;
import eu.europa.esig.dss.asic.xades.signature.ASiCWithXAdESService;
import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESCounterSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.cades.validation.CMSDocumentAnalyzer;
import eu.europa.esig.dss.enumerations.ASiCContainerType;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

public class SignWithDss {
  private static final DSSDocument LETTER =
      new InMemoryDocument("Kính gửi Văn phòng Chính phủ".getBytes(StandardCharsets.UTF_8), "van-ban.txt");
  private static final DSSDocument ANNEX =
      new InMemoryDocument("Phụ lục".getBytes(StandardCharsets.UTF_8), "phụ lục.txt");

  private final CommonCertificateVerifier verifier = new CommonCertificateVerifier();
  private final KeyEntityTSPSource stamper;
  private final CertificateToken signer = certificate("signer");
  private final PrivateKey key = key("signer");

  private SignWithDss() throws Exception {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (CertificateToken one : certificates("trust")) trusted.addCertificate(one);
    CommonCertificateSource others = new CommonCertificateSource();
    for (CertificateToken one : certificates("certs")) others.addCertificate(one);
    verifier.setTrustedCertSources(trusted);
    verifier.setAdjunctCertSources(others);
    List<InputStream> lists = new ArrayList<>();
    for (File one : new File("pki/crls").listFiles()) lists.add(new FileInputStream(one));
    verifier.setCrlSource(new ExternalResourcesCRLSource(lists.toArray(new InputStream[0])));
    stamper = new KeyEntityTSPSource(key("tsa"), certificate("tsa"), List.of(certificate("tsa")));
    stamper.setTsaPolicy("1.2.3.4");
  }

  public static void main(String[] arguments) throws Exception {
    Files.createDirectories(Path.of("out"));
    LETTER.save("out/van-ban.txt");
    SignWithDss signing = new SignWithDss();
    for (String level : List.of("B", "T", "LT", "LTA")) {
      for (SignaturePackaging form : List.of(SignaturePackaging.ENVELOPING, SignaturePackaging.DETACHED))
        signing.cades(level, form);
      for (ASiCContainerType form : ASiCContainerType.values()) {
        List<DSSDocument> files = form == ASiCContainerType.ASiC_S ? List.of(LETTER) : List.of(LETTER, ANNEX);
        signing.asicWithCades(level, form, files);
        signing.asicWithXades(level, form, files);
      }
    }
    signing.counter();
  }

  private void cades(String level, SignaturePackaging form) throws Exception {
    CAdESService service = new CAdESService(verifier);
    service.setTspSource(stamper);
    CAdESSignatureParameters order = new CAdESSignatureParameters();
    order.setSignatureLevel(SignatureLevel.valueOf("CAdES_BASELINE_" + level));
    order.setSignaturePackaging(form);
    order.setSigningCertificate(signer);
    service.signDocument(LETTER, order, value(service.getDataToSign(LETTER, order)))
        .save("out/cades-" + level + "-" + form + ".p7m");
  }

  private void asicWithCades(String level, ASiCContainerType form, List<DSSDocument> files) throws Exception {
    ASiCWithCAdESService service = new ASiCWithCAdESService(verifier);
    service.setTspSource(stamper);
    ASiCWithCAdESSignatureParameters order = new ASiCWithCAdESSignatureParameters();
    order.setSignatureLevel(SignatureLevel.valueOf("CAdES_BASELINE_" + level));
    order.aSiC().setContainerType(form);
    order.setSigningCertificate(signer);
    service.signDocument(files, order, value(service.getDataToSign(files, order)))
        .save("out/" + form + "-cades-" + level + ".asice");
  }

  private void asicWithXades(String level, ASiCContainerType form, List<DSSDocument> files) throws Exception {
    ASiCWithXAdESService service = new ASiCWithXAdESService(verifier);
    service.setTspSource(stamper);
    ASiCWithXAdESSignatureParameters order = new ASiCWithXAdESSignatureParameters();
    order.setSignatureLevel(SignatureLevel.valueOf("XAdES_BASELINE_" + level));
    order.aSiC().setContainerType(form);
    order.setSigningCertificate(signer);
    service.signDocument(files, order, value(service.getDataToSign(files, order)))
        .save("out/" + form + "-xades-" + level + ".asice");
  }

  private void counter() throws Exception {
    CAdESService service = new CAdESService(verifier);
    DSSDocument parent = new FileDocument("out/cades-B-ENVELOPING.p7m");
    CAdESCounterSignatureParameters order = new CAdESCounterSignatureParameters();
    order.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
    order.setSigningCertificate(signer);
    order.setSignatureIdToCounterSign(new CMSDocumentAnalyzer(parent).getSignatures().get(0).getId());
    service.counterSignSignature(parent, order, value(service.getDataToBeCounterSigned(parent, order)))
        .save("out/cades-counter.p7m");
  }

  private SignatureValue value(ToBeSigned octets) throws Exception {
    Signature signature = Signature.getInstance("SHA512withRSA");
    signature.initSign(key);
    signature.update(octets.getBytes());
    return new SignatureValue(SignatureAlgorithm.RSA_SHA512, signature.sign());
  }

  private static CertificateToken certificate(String name) throws Exception {
    return DSSUtils.loadCertificate(Files.readAllBytes(Path.of("pki/" + name + ".der")));
  }

  private static PrivateKey key(String name) throws Exception {
    byte[] encoded = Files.readAllBytes(Path.of("pki/" + name + ".key"));
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static List<CertificateToken> certificates(String folder) throws Exception {
    List<CertificateToken> found = new ArrayList<>();
    for (File one : new File("pki/" + folder).listFiles()) found.add(DSSUtils.loadCertificate(one));
    return found;
  }
}
