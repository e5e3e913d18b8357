//! What PEM labels stand for (RFC 7468, section 4, and what OpenSSL, Netscape and Windows write).

use crate::key::KeyForm;

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
    Certificate,
    TrustedCertificate,
    /// A private key; the form when the label fixes it.
    PrivateKey(Option<KeyForm>),
    EncryptedPrivateKey,
    OpenSshKey,
    PublicKey,
    RsaPublicKey,
    Request,
    Crl,
    OcspResponse,
    Pkcs7,
    Pkcs12,
    Parameters,
    /// Known, and no business of a TLS server's files; what it is in words.
    Foreign(&'static str),
    Unknown,
}

pub(super) fn announced(label: &str) -> Announced {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => Announced::Certificate,
        "TRUSTED CERTIFICATE" => Announced::TrustedCertificate,
        "PRIVATE KEY" => Announced::PrivateKey(Some(KeyForm::Pkcs8)),
        "RSA PRIVATE KEY" => Announced::PrivateKey(Some(KeyForm::Pkcs1)),
        "EC PRIVATE KEY" => Announced::PrivateKey(Some(KeyForm::Sec1)),
        "DSA PRIVATE KEY" | "ANY PRIVATE KEY" => Announced::PrivateKey(None),
        "ENCRYPTED PRIVATE KEY" => Announced::EncryptedPrivateKey,
        "OPENSSH PRIVATE KEY" => Announced::OpenSshKey,
        "PUBLIC KEY" => Announced::PublicKey,
        "RSA PUBLIC KEY" => Announced::RsaPublicKey,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Announced::Request,
        "X509 CRL" => Announced::Crl,
        "OCSP RESPONSE" => Announced::OcspResponse,
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Announced::Pkcs7,
        "PKCS12" | "PFX" => Announced::Pkcs12,
        "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => {
            Announced::Parameters
        }
        "SSH2 PUBLIC KEY" => Announced::Foreign("an SSH public key"),
        "SSH2 ENCRYPTED PRIVATE KEY" => Announced::Foreign("an SSH private key of ssh.com"),
        "PGP PUBLIC KEY BLOCK" | "PGP PRIVATE KEY BLOCK" | "PGP MESSAGE" | "PGP SIGNATURE" => {
            Announced::Foreign("OpenPGP data")
        }
        "ATTRIBUTE CERTIFICATE" => Announced::Foreign("an attribute certificate"),
        "SSL SESSION PARAMETERS" => Announced::Foreign("a saved TLS session"),
        _ => Announced::Unknown,
    }
}
