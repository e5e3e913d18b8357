use super::{DerShape, FileKind};

impl FileKind {
    /// What it is, in words that fit "This is …".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::OnlyWhitespace => "a file of white space only",
            Self::Pem => "a PEM file",
            Self::Der { shape, .. } => shape.describe(),
            Self::Base64Der => "base64 of a DER value, without BEGIN and END lines",
            Self::Base64Pem => "a PEM file that was encoded in base64 once more",
            Self::KubernetesSecret => "a Kubernetes Secret with PEM files encoded in base64",
            Self::Html => "a web page (HTML)",
            Self::Xml => "an XML document",
            Self::Json => "a JSON document",
            Self::JsonWebKey => "a JSON Web Key",
            Self::SshPublicKey => "an SSH public key",
            Self::PuttyKey => "a PuTTY private key",
            Self::PgpArmor | Self::PgpBinary => "an OpenPGP file",
            Self::Jks => "a Java keystore (JKS)",
            Self::Jceks => "a Java keystore (JCEKS)",
            Self::Bks => "a Bouncy Castle keystore (BKS)",
            Self::Sqlite => "an SQLite database",
            Self::BerkeleyDb => "a Berkeley database",
            Self::Age => "a file of the age encryption tool",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "a gzip file",
            Self::Tar => "a tar archive",
            Self::SevenZip => "a 7-Zip archive",
            Self::Pdf => "a PDF document",
            Self::Picture => "a picture",
            Self::Executable => "a program",
            Self::Utf16Text => "UTF-16 text without a certificate or key in it",
            Self::Text => "text without a certificate or key in it",
            Self::Binary => "binary data of a kind that was not recognised",
        }
    }

    /// What to do to get from this file to one that a server can use; empty where nothing is amiss.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Pem => "",
            Self::Der {
                shape, missing: 0, ..
            } => shape.advice(),
            Self::Der { .. } => "The end of the file is missing. Copy or download it again.",
            Self::Empty | Self::OnlyWhitespace => {
                "The file was never written, or the copy failed. Get it again from where it came from."
            }
            Self::Base64Der => "Run `keyway fix` on it to get the BEGIN and END lines back.",
            Self::Base64Pem => "Decode it: `base64 -d FILE > decoded.pem`.",
            Self::KubernetesSecret => {
                "Take the PEM files out: `kubectl get secret NAME -o \
                 jsonpath='{.data.tls\\.crt}' | base64 -d`, and the same for tls.key."
            }
            Self::Html => {
                "A login or error page was saved in place of the file. Open the link in a browser, \
                 sign in, and download the file again."
            }
            Self::Xml
            | Self::Json
            | Self::Text
            | Self::Utf16Text
            | Self::Pdf
            | Self::Picture
            | Self::Executable
            | Self::Binary => {
                "Look for the file that the CA sent: it starts with -----BEGIN CERTIFICATE-----, or \
                 its name ends in .crt, .cer, .p7b or .pfx."
            }
            Self::JsonWebKey => "Convert the key to PEM with the tool that wrote it.",
            Self::SshPublicKey | Self::PuttyKey => {
                "SSH keys are not used for HTTPS. Look for the key that the certificate was requested \
                 with."
            }
            Self::PgpArmor | Self::PgpBinary | Self::Age => {
                "If it is an encrypted file, decrypt it first. OpenPGP and age keys are not used for \
                 HTTPS."
            }
            Self::Jks | Self::Jceks => {
                "Convert it: `keytool -importkeystore -srckeystore FILE -destkeystore out.p12 \
                 -deststoretype PKCS12`, and use out.p12."
            }
            Self::Bks => "Export its entries as PKCS#12 with the tool that wrote it.",
            Self::Sqlite | Self::BerkeleyDb => {
                "If it is a certificate store of NSS, export what you need: `pk12util -d FOLDER -n \
                 NAME -o out.p12`."
            }
            Self::Zip | Self::Gzip | Self::Tar | Self::SevenZip => {
                "Unpack it and use the files inside."
            }
        }
    }
}

impl DerShape {
    /// What it is, in words that fit "This is …".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate in DER form",
            Self::Crl => "a certificate revocation list in DER form",
            Self::Request => "a certificate signing request in DER form",
            Self::Pkcs7 => "a PKCS#7 file (P7B)",
            Self::Pkcs12 => "a PKCS#12 file (PFX, P12)",
            Self::Pkcs8 => "a private key in DER form (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key in DER form (PKCS#8)",
            Self::Pkcs1 => "an RSA private key in DER form (PKCS#1)",
            Self::Pkcs1Public => "an RSA public key in DER form (PKCS#1)",
            Self::Sec1 => "an EC private key in DER form (SEC1)",
            Self::Dsa => "a DSA private key in DER form",
            Self::Spki => "a public key in DER form",
            Self::OcspResponse => "an OCSP response",
            Self::DhParameters => "Diffie-Hellman parameters in DER form",
            Self::Unknown => "DER of a kind that was not recognised",
        }
    }

    /// What to do with it on the way to a server.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Certificate
            | Self::Pkcs7
            | Self::Pkcs12
            | Self::Pkcs8
            | Self::Pkcs1
            | Self::Sec1 => "Most servers want PEM. `keyway fix` converts it.",
            Self::EncryptedPkcs8 => {
                "Give the password, and `keyway fix` converts it to PEM without one."
            }
            Self::Request => {
                "A request is what the CA is sent. Use the certificate that the CA made from it."
            }
            Self::Spki | Self::Pkcs1Public => {
                "A public key is part of the certificate. A server needs the private key."
            }
            Self::Crl | Self::OcspResponse => {
                "It says which certificates are revoked. A server needs its certificate and key."
            }
            Self::Dsa => "Clients no longer accept DSA. Get a certificate for an EC or RSA key.",
            Self::DhParameters | Self::Unknown => {
                "A server needs a certificate and a private key, and this is neither."
            }
        }
    }
}
