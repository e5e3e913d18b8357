//! The files themselves.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use super::plan::{FixError, RepairedFile};
use super::{FixOptions, Form};
use crate::container::{pkcs7, pkcs12};
use crate::read::HeldKey;
use crate::x509::Certificate;

/// RFC 7468, section 2: generators wrap lines at exactly 64 characters.
const LINE: usize = 64;

/// PBKDF2 rounds of a PKCS#12 file. OWASP's 2023 advice for PBKDF2-HMAC-SHA256 is 600,000; a PFX is
/// opened by servers at every start, and OpenSSL's own default is 2,048.
const PKCS12_ITERATIONS: u32 = 100_000;

/// Whether a file of this name is one that [`super::fix`] writes, in whatever form: of such names a
/// folder should hold those of one repair only.
pub fn is_written_name(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "fullchain.pem",
        "chain.pem",
        "key.pem",
        "bundle.p12",
        "chain.p7b",
        "cert.der",
        "key.der",
    ];
    let number = name
        .strip_prefix("chain-")
        .and_then(|rest| rest.strip_suffix(".der"));
    let is_numbered = number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_numbered || NAMES.contains(&name)
}

pub(super) fn files(
    chain: &[&Certificate],
    key: Option<&HeldKey>,
    options: &FixOptions<'_>,
) -> Result<Vec<RepairedFile>, FixError> {
    match options.form {
        Form::Pem => Ok(pem_files(chain, key)),
        Form::Der => Ok(der_files(chain, key)),
        Form::Pkcs7 => {
            let ders: Vec<&[u8]> = chain.iter().map(|c| c.der().as_ref()).collect();
            Ok(vec![public("chain.p7b", pkcs7::write(&ders))])
        }
        Form::Pkcs12 => pkcs12_file(chain, key, options),
    }
}

fn pem_files(chain: &[&Certificate], key: Option<&HeldKey>) -> Vec<RepairedFile> {
    let full: String = chain
        .iter()
        .map(|c| pem("CERTIFICATE", c.der()).to_string())
        .collect();
    let rest: String = chain
        .iter()
        .skip(1)
        .map(|c| pem("CERTIFICATE", c.der()).to_string())
        .collect();
    let mut files = vec![public("fullchain.pem", full.into_bytes())];
    if !rest.is_empty() {
        files.push(public("chain.pem", rest.into_bytes()));
    }
    files.extend(key.map(|held| RepairedFile {
        name: "key.pem".to_owned(),
        bytes: Zeroizing::new(pem("PRIVATE KEY", &held.key.pkcs8).as_bytes().to_vec()),
        private: true,
    }));
    files
}

fn der_files(chain: &[&Certificate], key: Option<&HeldKey>) -> Vec<RepairedFile> {
    let mut files = Vec::new();
    for (index, certificate) in chain.iter().enumerate() {
        let name = if index == 0 {
            "cert.der".to_owned()
        } else {
            format!("chain-{index}.der")
        };
        files.push(public(&name, certificate.der().to_vec()));
    }
    files.extend(key.map(|held| RepairedFile {
        name: "key.der".to_owned(),
        bytes: held.key.pkcs8.clone(),
        private: true,
    }));
    files
}

fn pkcs12_file(
    chain: &[&Certificate],
    key: Option<&HeldKey>,
    options: &FixOptions<'_>,
) -> Result<Vec<RepairedFile>, FixError> {
    let settings = options.pkcs12.as_ref().ok_or(FixError::PasswordNeeded)?;
    let ders: Vec<&[u8]> = chain.iter().map(|c| c.der().as_ref()).collect();
    let random = |from: usize| {
        let mut out = [0; 16];
        out.copy_from_slice(&settings.random[from..from + 16]);
        out
    };
    let bytes = pkcs12::write(&pkcs12::WriteOptions {
        certs: &ders,
        key_pkcs8: key.map(|held| held.key.pkcs8.as_slice()),
        password: settings.password,
        friendly_name: None,
        salts: [random(0), random(16), random(32)],
        ivs: [random(48), random(64)],
        iterations: PKCS12_ITERATIONS,
    });
    Ok(vec![RepairedFile {
        name: "bundle.p12".to_owned(),
        bytes: Zeroizing::new(bytes),
        private: key.is_some(),
    }])
}

fn public(name: &str, bytes: Vec<u8>) -> RepairedFile {
    RepairedFile {
        name: name.to_owned(),
        bytes: Zeroizing::new(bytes),
        private: false,
    }
}

/// One PEM block as RFC 7468 wants it. The buffer never grows, so no copy of a key stays behind.
fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(Base64::encode_string(der));
    let lines = encoded.len().div_ceil(LINE);
    let mut out = Zeroizing::new(String::with_capacity(
        encoded.len() + lines + 2 * label.len() + 40,
    ));
    out.push_str("-----BEGIN ");
    out.push_str(label);
    out.push_str("-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}
