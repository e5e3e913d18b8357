use super::{DerShape, magic, shape, words};
use crate::pem;

/// What an input is as a whole. [`FileKind::describe`] says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// No bytes at all.
    Empty,
    /// White space and nothing else.
    OnlyWhitespace,
    /// Text with PEM boundaries, also as UTF-16.
    Pem,
    /// A DER (or BER) value.
    Der {
        /// What it looks like.
        shape: DerShape,
        /// Bytes behind the value.
        trailing: usize,
        /// Bytes that the value declares and that are not there.
        missing: usize,
    },
    /// Base64 of a DER value, without boundaries.
    Base64Der,
    /// Base64 of a PEM file, as in the data of a Kubernetes Secret.
    Base64Pem,
    /// A Kubernetes Secret, in YAML or JSON, with base64 of PEM in it.
    KubernetesSecret,
    /// A web page: often an error page saved under the name of the file that was wanted.
    Html,
    /// XML, such as SAML metadata or a property list.
    Xml,
    /// JSON.
    Json,
    /// A JSON Web Key (RFC 7517).
    JsonWebKey,
    /// An SSH public key, in OpenSSH's or RFC 4716's form.
    SshPublicKey,
    /// A private key of `PuTTY`.
    PuttyKey,
    /// `OpenPGP`, as text.
    PgpArmor,
    /// `OpenPGP`, binary.
    PgpBinary,
    /// A Java keystore of the old type JKS.
    Jks,
    /// A Java keystore of type JCEKS.
    Jceks,
    /// A keystore of Bouncy Castle (BKS).
    Bks,
    /// An `SQLite` database, such as the certificate store `cert9.db` of Firefox.
    Sqlite,
    /// A Berkeley database, such as the certificate store `cert8.db` of old Netscape software.
    BerkeleyDb,
    /// Text or a key of the `age` encryption tool.
    Age,
    /// A ZIP archive.
    Zip,
    /// Gzip.
    Gzip,
    /// A tar archive.
    Tar,
    /// A 7-Zip archive.
    SevenZip,
    /// A PDF document.
    Pdf,
    /// A picture: PNG, JPEG or GIF.
    Picture,
    /// A program.
    Executable,
    /// Text in UTF-16 without PEM in it.
    Utf16Text,
    /// Other text.
    Text,
    /// Other bytes.
    Binary,
}

/// Tells what an input is.
///
/// # Examples
///
/// ```
/// use keyway_chain::sniff::{FileKind, kind};
///
/// assert_eq!(kind(b"<!DOCTYPE html><title>404</title>"), FileKind::Html);
/// assert_eq!(kind(b"\xfe\xed\xfe\xed\0\0\0\x02"), FileKind::Jks);
/// ```
pub fn kind(bytes: &[u8]) -> FileKind {
    if bytes.is_empty() {
        return FileKind::Empty;
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return FileKind::OnlyWhitespace;
    }
    if let Some(found) = magic::read(bytes) {
        return found;
    }
    if let Some(label) = pem::first_label(bytes) {
        return match label.as_str() {
            "SSH2 PUBLIC KEY" => FileKind::SshPublicKey,
            pgp if pgp.starts_with("PGP ") => FileKind::PgpArmor,
            _ => FileKind::Pem,
        };
    }
    if words::is_text(bytes) {
        return words::read(bytes);
    }
    if pem::is_utf16(bytes) {
        return FileKind::Utf16Text;
    }
    shape::read(bytes)
        .or_else(|| magic::pgp(bytes))
        .unwrap_or(FileKind::Binary)
}
