use der::Decode;
use der::asn1::{AnyRef, OctetStringRef};

use super::bags::Collector;
use super::structure::{
    ContentInfo, DATA, ENCRYPTED_DATA, EncryptedData, PfxFile, elements, octets,
};
use super::{Pfx, Pkcs12Error, mac};
use crate::container::ber;
use crate::container::pbe::{Allowance, Budget, Password, PbeError, decrypt};

/// Parts of a file, each encrypted on its own. Writers make two: certificates and keys.
const MAX_PARTS: usize = 32;

/// Reads a PFX file in DER or BER.
///
/// Without a `password`, and with an empty one, the file is tried with an empty password and with
/// none, which are different things (RFC 7292, B.1). A password is text in UTF-8.
///
/// # Errors
///
/// [`Pkcs12Error`]; in particular [`Pkcs12Error::PasswordNeeded`] when none was given and
/// [`Pkcs12Error::WrongPassword`] when the one given does not open the file.
pub fn read(bytes: &[u8], password: Option<&[u8]>) -> Result<Pfx, Pkcs12Error> {
    read_within(bytes, password, &mut Allowance::new())
}

/// The same, as one of the files of a heap.
pub(crate) fn read_within(
    bytes: &[u8],
    password: Option<&[u8]>,
    heap: &mut Allowance,
) -> Result<Pfx, Pkcs12Error> {
    let normal = ber::normalise(bytes)?;
    let file = PfxFile::from_der(&normal).map_err(|_| Pkcs12Error::Malformed)?;
    let contents = safe_octets(&file.auth_safe)?;
    let given = password.filter(|password| !password.is_empty());
    let mut budget = Budget::of(heap);
    let mut refused = Pkcs12Error::WrongPassword;
    for candidate in candidates(given) {
        match open(&file, contents, &candidate, &mut budget) {
            Ok(mut pfx) => {
                pfx.trailing = bytes.len() - normal.consumed();
                pfx.without_password = given.is_none();
                return Ok(pfx);
            }
            Err(Pkcs12Error::WrongPassword) => {}
            // The first candidate's reason stands unless a later one opens the file.
            Err(error) if refused == Pkcs12Error::WrongPassword => refused = error,
            Err(_) => {}
        }
    }
    Err(match (refused, given) {
        (Pkcs12Error::WrongPassword, None) => Pkcs12Error::PasswordNeeded,
        (error, _) => error,
    })
}

/// The forms under which writers have used a password.
fn candidates(given: Option<&[u8]>) -> Vec<Password<'_>> {
    match given {
        None => vec![Password::new(b""), Password::missing()],
        Some(bytes) if bytes.is_ascii() => vec![Password::new(bytes)],
        Some(bytes) => vec![Password::new(bytes), Password::widened(bytes)],
    }
}

/// The octets that the integrity code covers.
fn safe_octets<'a>(info: &ContentInfo<'a>) -> Result<&'a [u8], Pkcs12Error> {
    if info.content_type != DATA {
        // Signed instead of keyed: public-key integrity mode, which nothing writes.
        return Err(Pkcs12Error::Unsupported {
            algorithm: info.content_type,
        });
    }
    data_octets(info.content)
}

fn data_octets(content: Option<AnyRef<'_>>) -> Result<&[u8], Pkcs12Error> {
    content
        .and_then(|any| any.decode_as::<&OctetStringRef>().ok())
        .map(OctetStringRef::as_bytes)
        .ok_or(Pkcs12Error::Malformed)
}

fn open(
    file: &PfxFile<'_>,
    contents: &[u8],
    password: &Password<'_>,
    budget: &mut Budget<'_>,
) -> Result<Pfx, Pkcs12Error> {
    let authenticated = match &file.mac {
        None => false,
        Some(data) if mac::verify(data, contents, password, budget)? => true,
        Some(_) => return Err(Pkcs12Error::WrongPassword),
    };
    let safe = ber::normalise(contents)?;
    let parts = AnyRef::from_der(&safe).map_err(|_| Pkcs12Error::Malformed)?;
    let mut collector = Collector::new(password, budget, authenticated);
    for part in elements::<ContentInfo<'_>>(parts.value(), MAX_PARTS)? {
        open_part(&part, &mut collector)?;
    }
    Ok(collector.finish())
}

fn open_part(part: &ContentInfo<'_>, into: &mut Collector<'_, '_>) -> Result<(), Pkcs12Error> {
    match part.content_type {
        DATA => {
            let safe = ber::normalise(data_octets(part.content)?)?;
            into.safe_contents(&safe, 0)
        }
        ENCRYPTED_DATA => {
            let data: EncryptedData<'_> = part
                .content
                .and_then(|any| any.decode_as().ok())
                .ok_or(Pkcs12Error::Malformed)?;
            let ciphertext = octets(data.content.content)?;
            let algorithm = &data.content.algorithm;
            let plain = decrypt(algorithm, into.password, &ciphertext, into.budget)?;
            // One wrong password in 256 leaves good padding: without an integrity code, bytes
            // that make no sense mean the password was wrong.
            let wrong = into.wrong_or(Pkcs12Error::Malformed);
            let safe = ber::normalise(&plain).map_err(|_| wrong)?;
            into.safe_contents(&safe, 0)
                .map_err(|error| into.wrong_or(error))?;
            into.password_proven = true;
            Ok(())
        }
        algorithm => Err(PbeError::Unsupported { algorithm }.into()),
    }
}
