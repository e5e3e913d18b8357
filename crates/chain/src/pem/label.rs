/// Labels that are recognised in damaged boundaries: those of RFC 7468, OpenSSL, OpenSSH, PGP, and
/// what GnuTLS, Netscape and Microsoft's tools write.
const KNOWN: [&str; 38] = [
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "X.509 CERTIFICATE",
    "CERTIFICATE CHAIN",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "ATTRIBUTE CERTIFICATE",
    "X509 CRL",
    "CRL",
    "PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "DSA PRIVATE KEY",
    "DH PRIVATE KEY",
    "ANY PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "ED25519 PRIVATE KEY",
    "TSS2 PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "DSA PUBLIC KEY",
    "ECDSA PUBLIC KEY",
    "EC PARAMETERS",
    "DH PARAMETERS",
    "X9.42 DH PARAMETERS",
    "DSA PARAMETERS",
    "PKCS7",
    "PKCS #7 SIGNED DATA",
    "PKCS12",
    "CMS",
    "OCSP RESPONSE",
    "SSH2 PUBLIC KEY",
    "SSH2 ENCRYPTED PRIVATE KEY",
    "PGP PUBLIC KEY BLOCK",
    "PGP PRIVATE KEY BLOCK",
    "PGP MESSAGE",
];

/// The usual spelling of a label; case and white space of `written` do not matter.
pub(super) fn known(written: &[u8]) -> Option<&'static str> {
    if let Some(label) = KNOWN.into_iter().find(|label| label.as_bytes() == written) {
        return Some(label);
    }
    KNOWN
        .into_iter()
        .find(|label| squeezed(written).eq(squeezed(label.as_bytes())))
}

fn squeezed(text: &[u8]) -> impl Iterator<Item = u8> {
    let solid = text.iter().filter(|b| !super::lines::is_blank(**b));
    solid.map(u8::to_ascii_uppercase)
}
