use zeroize::Zeroizing;

use super::mac;
use super::structure::{CERT_BAG, DATA, ENCRYPTED_DATA, SHROUDED_KEY_BAG, X509_CERTIFICATE};
use crate::container::pbe::pbes2::{AES_256_CBC, HMAC_SHA256, PBES2, PBKDF2};
use crate::container::pbe::pkcs12_kdf::{self, Hash, Input, Purpose};
use crate::container::pbe::{Password, encrypt_aes256_cbc};
use crate::container::{element, integer, oid, sequence};
use der::asn1::ObjectIdentifier;
use sha2::Sha256;

const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// The fewest rounds written: RFC 8018, 4.2 recommends at least 1,000, `OpenSSL` writes 2,048.
pub const MIN_ITERATIONS: u32 = 2048;

/// What goes into a PFX file. Random bytes come from the caller: this crate has no source of them.
#[derive(Clone, Copy)]
pub struct WriteOptions<'a> {
    /// Certificates in DER. The first one belongs to the key and gets its name and key id.
    pub certs: &'a [&'a [u8]],
    /// The private key as PKCS#8 in DER, if there is one.
    pub key_pkcs8: Option<&'a [u8]>,
    /// The password in UTF-8.
    pub password: &'a [u8],
    /// The name that key and first certificate get.
    pub friendly_name: Option<&'a str>,
    /// Salts of the certificates, of the key and of the integrity code: fresh random bytes each.
    pub salts: [[u8; 16]; 3],
    /// Initialisation vectors of the certificates and of the key: fresh random bytes each.
    pub ivs: [[u8; 16]; 2],
    /// Rounds of each key derivation, raised to [`MIN_ITERATIONS`] when fewer.
    pub iterations: u32,
}

/// A PFX file: AES-256-CBC under PBKDF2 with HMAC-SHA-256, and an HMAC-SHA-256 integrity code.
///
/// The same options give the same bytes. `openssl pkcs12`, Windows since Server 2019, macOS since
/// 15 and Java since 8u301 open it.
pub fn write(options: &WriteOptions<'_>) -> Vec<u8> {
    let writer = Writer {
        options,
        iterations: options.iterations.max(MIN_ITERATIONS),
        attributes: attributes(options),
    };
    let safe = writer.authenticated_safe();
    let mac = writer.mac(&safe);
    let mut pfx = sequence(&[
        &integer(3),
        &content_info(&DATA, &element(0x04, &[&safe])),
        &mac,
    ]);
    core::mem::take(&mut *pfx)
}

type Bytes = Zeroizing<Vec<u8>>;

struct Writer<'a> {
    options: &'a WriteOptions<'a>,
    iterations: u32,
    /// `bagAttributes` of the key and of its certificate.
    attributes: Bytes,
}

impl Writer<'_> {
    fn authenticated_safe(&self) -> Bytes {
        let bags: Vec<Bytes> = self
            .options
            .certs
            .iter()
            .enumerate()
            .map(|(index, der)| self.certificate_bag(index, der))
            .collect();
        let bags: Vec<&[u8]> = bags.iter().map(|bag| bag.as_slice()).collect();
        let certificates = self.encrypted_part(&sequence(&bags));
        let Some(pkcs8) = self.options.key_pkcs8 else {
            return sequence(&[&certificates]);
        };
        let key = sequence(&[&self.key_bag(pkcs8)]);
        let key = content_info(&DATA, &element(0x04, &[&key]));
        sequence(&[&certificates, &key])
    }

    fn certificate_bag(&self, index: usize, der: &[u8]) -> Bytes {
        let value = element(0xa0, &[&element(0x04, &[der])]);
        let cert_bag = sequence(&[&oid(&X509_CERTIFICATE), &value]);
        let attributes: &[u8] = match index {
            0 => &self.attributes,
            _ => &[],
        };
        sequence(&[&oid(&CERT_BAG), &element(0xa0, &[&cert_bag]), attributes])
    }

    fn key_bag(&self, pkcs8: &[u8]) -> Bytes {
        let (algorithm, ciphertext) = self.encrypt(1, pkcs8);
        let encrypted = sequence(&[&algorithm, &element(0x04, &[&ciphertext])]);
        let value = element(0xa0, &[&encrypted]);
        sequence(&[&oid(&SHROUDED_KEY_BAG), &value, &self.attributes])
    }

    fn encrypted_part(&self, plain: &[u8]) -> Bytes {
        let (algorithm, ciphertext) = self.encrypt(0, plain);
        let content = sequence(&[&oid(&DATA), &algorithm, &element(0x80, &[&ciphertext])]);
        content_info(&ENCRYPTED_DATA, &sequence(&[&integer(0), &content]))
    }

    /// The PBES2 algorithm identifier and the ciphertext of part `part`.
    fn encrypt(&self, part: usize, plain: &[u8]) -> (Bytes, Vec<u8>) {
        let (salt, iv) = (&self.options.salts[part], &self.options.ivs[part]);
        let mut key = Zeroizing::new([0u8; 32]);
        pbkdf2::pbkdf2_hmac::<Sha256>(self.options.password, salt, self.iterations, &mut *key);
        let prf = sequence(&[&oid(&HMAC_SHA256), &element(0x05, &[])]);
        let kdf = sequence(&[&element(0x04, &[salt]), &integer(self.iterations), &prf]);
        let kdf = sequence(&[&oid(&PBKDF2), &kdf]);
        let cipher = sequence(&[&oid(&AES_256_CBC), &element(0x04, &[iv])]);
        let algorithm = sequence(&[&oid(&PBES2), &sequence(&[&kdf, &cipher])]);
        (algorithm, encrypt_aes256_cbc(&key, iv, plain))
    }

    fn mac(&self, safe: &[u8]) -> Bytes {
        let salt = &self.options.salts[2];
        let password = Password::new(self.options.password);
        let input = Input {
            password: &password.bmp,
            salt,
            iterations: self.iterations,
        };
        let key = pkcs12_kdf::derive_unbudgeted(Hash::Sha256, Purpose::Mac, &input, 32);
        let algorithm = sequence(&[&oid(&SHA256), &element(0x05, &[])]);
        let digest = element(0x04, &[&mac::sha256(&key, safe)]);
        sequence(&[
            &sequence(&[&algorithm, &digest]),
            &element(0x04, &[salt]),
            &integer(self.iterations),
        ])
    }
}

fn content_info(kind: &ObjectIdentifier, content: &[u8]) -> Bytes {
    sequence(&[&oid(kind), &element(0xa0, &[content])])
}

/// The name and the key id; nothing when there is neither. A SET, in DER's order: the elements
/// are sorted by their bytes (X.690, 11.6).
fn attributes(options: &WriteOptions<'_>) -> Bytes {
    let mut found = Vec::new();
    if let Some(name) = options.friendly_name {
        let bmp: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        found.push(attribute(&FRIENDLY_NAME, &element(0x1e, &[&bmp])));
    }
    if options.key_pkcs8.is_some() && !options.certs.is_empty() {
        found.push(attribute(&LOCAL_KEY_ID, &element(0x04, &[&[1]])));
    }
    if found.is_empty() {
        return Zeroizing::new(Vec::new());
    }
    found.sort_unstable_by(|a, b| a.as_slice().cmp(b));
    let parts: Vec<&[u8]> = found.iter().map(|part| part.as_slice()).collect();
    element(0x31, &parts)
}

fn attribute(kind: &ObjectIdentifier, value: &[u8]) -> Bytes {
    sequence(&[&oid(kind), &element(0x31, &[value])])
}
