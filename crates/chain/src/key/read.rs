use der::asn1::AnyRef;
use der::{Decode, Reader, Tag};

use super::{KeyError, KeyForm, PrivateKey, dsa, ec, pkcs8, rsa};
use crate::container::ber;

/// Reads an unencrypted private key: PKCS#8 version 1 or 2, PKCS#1, SEC1, or `OpenSSL`'s DSA form,
/// told apart by their structure. `hint` is the form that the file claims; it is only used to word
/// the error for bytes that are none of them.
///
/// # Errors
///
/// [`KeyError`]; in particular [`KeyError::PasswordNeeded`] for an encrypted PKCS#8 key.
pub fn read_der(der: &[u8], hint: Option<KeyForm>) -> Result<PrivateKey, KeyError> {
    let normal = ber::normalise(der)?;
    let form = form(&normal).ok_or(KeyError::Malformed { expected: hint })?;
    let mut key = match form {
        KeyForm::Pkcs8 => pkcs8::read(&normal)?,
        KeyForm::Pkcs1 => PrivateKey::new(form, &rsa::read(&normal, None)?),
        KeyForm::Sec1 => PrivateKey::new(form, &ec::read(&normal, None, None)?),
        KeyForm::Dsa => PrivateKey::new(form, &dsa::read_legacy(&normal)?),
        KeyForm::EncryptedPkcs8 => return Err(KeyError::PasswordNeeded),
        KeyForm::OpenSsh => return Err(KeyError::Malformed { expected: hint }),
    };
    key.untidy = normal.was_rewritten() || normal.consumed() != der.len();
    Ok(key)
}

/// The form, by the tags of the first elements.
fn form(der: &[u8]) -> Option<KeyForm> {
    /// Elements of an RSA key; a DSA key has six.
    const PKCS1_ELEMENTS: usize = 9;
    const DSA_ELEMENTS: usize = 6;
    let tags = AnyRef::from_der(der).ok()?.sequence(|reader| {
        let mut tags = Vec::with_capacity(PKCS1_ELEMENTS);
        while !reader.is_finished() && tags.len() < PKCS1_ELEMENTS {
            tags.push(reader.decode::<AnyRef<'_>>()?.header().tag());
        }
        Ok::<_, der::Error>(tags)
    });
    let tags = tags.ok()?;
    match (tags.first()?, tags.get(1)?) {
        (Tag::Integer, Tag::Sequence) => Some(KeyForm::Pkcs8),
        (Tag::Integer, Tag::OctetString) => Some(KeyForm::Sec1),
        (Tag::Integer, Tag::Integer) if tags.len() == PKCS1_ELEMENTS => Some(KeyForm::Pkcs1),
        (Tag::Integer, Tag::Integer) if tags.len() == DSA_ELEMENTS => Some(KeyForm::Dsa),
        (Tag::Sequence, Tag::OctetString) => Some(KeyForm::EncryptedPkcs8),
        _ => None,
    }
}
