//! Private keys, and the passwords that open them.

use keyway_report::{Place, escape};

use super::bundle::BlockKind;
use super::collector::Collector;
use super::options::ReadError;
use crate::container::pbe::Allowance;
use crate::key::{self, KeyError, KeyForm, PrivateKey};
use crate::pem::PemBlock;
use crate::rules::key::unsupported::KeyUnsupported;
use crate::rules::pem as rules;

/// What to do about a cipher that is not known here.
const REENCRYPT: &str = "Encrypt it anew with a cipher that is in common use: `openssl pkey -in FILE -aes256 -out \
                         key.pem` asks for the old password and then for a new one. Give what it writes. For SEED, OpenSSL 3 \
                         needs `-provider legacy -provider default` as well.";

/// A key that no password protects.
pub(super) fn plain(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    form: Option<KeyForm>,
    place: &Place,
) -> Result<(), ReadError> {
    // A key under the label of another form is still read. Servers go by the label.
    match key::read_der(der, form).or_else(|error| key::read_der(der, None).map_err(|_| error)) {
        Ok(key) => {
            if let Some(said) = form.filter(|said| *said != key.form) {
                let (label, holds) = (said.label().to_owned(), key.form.words());
                collector.note(place, rules::wrong_label::WrongLabel { label, holds });
            }
            collector.key(index, BlockKind::PrivateKey, key, place)
        }
        Err(error) => {
            collector.locked_key(index, place);
            refused(collector, index, BlockKind::PrivateKey, &error, place);
            Ok(())
        }
    }
}

/// What is called ENCRYPTED PRIVATE KEY. OpenSSL goes by the bytes and reads a plain key there; rustls
/// goes by the label and does not.
pub(super) fn said_to_be_encrypted(
    collector: &mut Collector<'_>,
    index: usize,
    block: &PemBlock,
) -> Result<(), ReadError> {
    let Ok(key) = key::read_der(&block.body, Some(KeyForm::Pkcs8)) else {
        return encrypted(collector, index, &block.body, &block.place);
    };
    let kind = BlockKind::PrivateKey;
    let (label, holds) = (escape::text(&block.label), kind.words());
    let evidence = rules::wrong_label::WrongLabel { label, holds };
    collector.note(&block.place, evidence);
    collector.key(index, kind, key, &block.place)
}

/// Encrypted PKCS#8 (RFC 5958, section 3).
pub(super) fn encrypted(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    retired(collector, key::retired_cipher(der), place);
    locked(collector, index, place, |password, heap| {
        key::encrypted_within(der, password, heap)
    })
}

/// A key with `Proc-Type: 4,ENCRYPTED`.
pub(super) fn legacy(
    collector: &mut Collector<'_>,
    index: usize,
    block: &PemBlock,
    form: Option<KeyForm>,
) -> Result<(), ReadError> {
    let dek_info = block.header("DEK-Info").unwrap_or_default();
    let cipher = escape::text(dek_info.split(',').next().unwrap_or_default().trim());
    collector.note(
        &block.place,
        rules::legacy_encryption::LegacyEncryption { cipher },
    );
    retired(collector, key::retired_dek_cipher(dek_info), &block.place);
    locked(collector, index, &block.place, |password, _| {
        key::read_legacy(dek_info, &block.body, form, password)
    })
}

/// A key in OpenSSH's own format, encrypted or not.
pub(super) fn openssh(
    collector: &mut Collector<'_>,
    index: usize,
    body: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    collector.note(place, rules::openssh_key::OpensshKey);
    match key::read_openssh(body, None) {
        Ok(key) => collector.key(index, BlockKind::PrivateKey, key, place),
        Err(KeyError::PasswordNeeded) => locked(collector, index, place, |password, heap| {
            key::openssh_within(body, Some(password), heap)
        }),
        Err(error) => {
            collector.locked_key(index, place);
            refused(collector, index, BlockKind::PrivateKey, &error, place);
            Ok(())
        }
    }
}

fn retired(collector: &mut Collector<'_>, cipher: Option<&'static str>, place: &Place) {
    if let Some(cipher) = cipher {
        collector.note(place, rules::retired_cipher::RetiredCipher { cipher });
    }
}

fn locked_key(opened: bool) -> rules::encrypted_key::EncryptedKey {
    rules::encrypted_key::EncryptedKey {
        what: "private key",
        opened,
    }
}

/// Tries the passwords in their order.
fn locked(
    collector: &mut Collector<'_>,
    index: usize,
    place: &Place,
    open: impl Fn(&[u8], &mut Allowance) -> Result<PrivateKey, KeyError>,
) -> Result<(), ReadError> {
    let kind = BlockKind::EncryptedPrivateKey;
    let passwords = collector.options.passwords;
    let mut last = KeyError::PasswordNeeded;
    for password in passwords {
        match open(password, &mut collector.allowance) {
            Ok(key) => {
                collector.note(place, locked_key(true));
                return collector.key(index, kind, key, place);
            }
            Err(error) => last = error,
        }
    }
    if passwords.is_empty() {
        // A broken header or an unknown cipher shows without a password as well.
        if let Err(error) = open(b"", &mut collector.allowance)
            && !matches!(error, KeyError::WrongPassword | KeyError::PasswordNeeded)
        {
            last = error;
        }
    }
    collector.locked_key(index, place);
    match last {
        KeyError::PasswordNeeded => {
            collector.unreadable(index, kind, "a password is needed".to_owned());
            collector.note(place, locked_key(false));
        }
        KeyError::WrongPassword => {
            collector.unreadable(index, kind, "the password is wrong".to_owned());
            collector.note(
                place,
                rules::wrong_password::WrongPassword {
                    what: "the private key",
                },
            );
        }
        error => refused(collector, index, kind, &error, place),
    }
    Ok(())
}

fn refused(
    collector: &mut Collector<'_>,
    index: usize,
    kind: BlockKind,
    error: &KeyError,
    place: &Place,
) {
    let advice = matches!(error, KeyError::UnsupportedEncryption { .. }).then_some(REENCRYPT);
    collector.unreadable(index, kind, error.to_string());
    collector.note(
        place,
        rules::unreadable::Unreadable {
            what: kind.words(),
            reason: error.to_string(),
            advice,
        },
    );
    if let KeyError::Unsupported { algorithm } = error
        && let Some(evidence) = KeyUnsupported::of(*algorithm)
    {
        collector.note(place, evidence);
    }
}
