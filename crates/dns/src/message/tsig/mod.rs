//! Signatures of messages with a secret that both sides have (TSIG, RFC 8945).
//!
//! hickory-proto signs with three of these algorithms, through aws-lc; servers of old ask for the other two,
//! and this crate is pure.

mod key;
mod verify;

use super::MessageError;

pub use key::{Algorithm, Key, KeyError, MAX_SECRET};
pub use verify::{TsigError, Verifier};

/// How far clocks may differ, seconds (RFC 8945, section 10: the recommended value).
pub const FUDGE: u16 = 300;

const TSIG: u16 = 250;
const ANY: u16 = 255;

/// What a signature says of itself.
struct Variables<'m> {
    time: u64,
    fudge: u16,
    error: u16,
    other: &'m [u8],
}

impl Variables<'_> {
    /// The moment and what may differ from it: all that is signed of later messages (RFC 8945, section 5.3.1).
    fn timers(&self) -> Vec<u8> {
        let time = self.time.to_be_bytes();
        [&time[2..], &self.fudge.to_be_bytes()].concat()
    }

    /// All that is signed beside the message (RFC 8945, section 4.3.3).
    fn all(&self, key: &Key) -> Vec<u8> {
        let length = u16::try_from(self.other.len()).unwrap_or(u16::MAX);
        [
            key.name().wire(),
            &ANY.to_be_bytes(),
            &[0; 4],
            &key.algorithm().wire(),
            &self.timers(),
            &self.error.to_be_bytes(),
            &length.to_be_bytes(),
            self.other,
        ]
        .concat()
    }
}

/// A message with a signature, and the signature by itself: that of the answer covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The message, to be sent.
    pub bytes: Vec<u8>,
    /// Its signature.
    pub mac: Vec<u8>,
}

/// Signs a question or an update at a moment, in seconds since 1970.
///
/// # Errors
/// [`MessageError`] where the bytes are no message, or there is no room for a signature.
pub fn sign(message: &[u8], key: &Key, time: u64) -> Result<Signed, MessageError> {
    let (Some(id), Some(count)) = (word(message, 0), word(message, 10)) else {
        return Err(MessageError::Unreadable("it has no header".to_owned()));
    };
    let variables = Variables {
        time,
        fudge: FUDGE,
        error: 0,
        other: &[],
    };
    let mac = key.mac(&[message, &variables.all(key)]);
    let length = u16::try_from(mac.len()).unwrap_or(u16::MAX);
    let data = [
        &key.algorithm().wire(),
        &variables.timers()[..],
        &length.to_be_bytes(),
        &mac,
        &id.to_be_bytes(),
        &[0; 4],
    ]
    .concat();
    let size = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut bytes = [
        message,
        key.name().wire(),
        &TSIG.to_be_bytes(),
        &ANY.to_be_bytes(),
        &[0; 4],
        &size.to_be_bytes(),
        &data,
    ]
    .concat();
    let count = count.checked_add(1).ok_or(MessageError::TooLong)?;
    bytes[10..12].copy_from_slice(&count.to_be_bytes());
    if u16::try_from(bytes.len()).is_err() {
        return Err(MessageError::TooLong);
    }
    Ok(Signed { bytes, mac })
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*two))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> Key {
        Key::new("update.example", Algorithm::Sha256, secret).expect("a key")
    }

    /// A header with one question, for the root, and no records.
    const MESSAGE: &[u8] = &[0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];

    /// An answer is signed over the signature of its question.
    fn answered(key: &Key, request: &[u8], time: u64) -> Vec<u8> {
        let variables = Variables {
            time,
            fudge: FUDGE,
            error: 0,
            other: &[],
        };
        let length = u16::try_from(request.len()).expect("short").to_be_bytes();
        let parts = [&length, request, MESSAGE, &variables.all(key)];
        let right = key.mac(&parts);
        let mut signed = sign(MESSAGE, key, time).expect("signs").bytes;
        let start = signed.len() - 6 - right.len();
        signed[start..start + right.len()].copy_from_slice(&right);
        signed
    }

    #[test]
    fn an_answer_is_believed_when_it_is_signed_over_the_question() {
        let key = key("c2VjcmV0");
        let request = sign(MESSAGE, &key, 1_000).expect("signs");
        let answer = answered(&key, &request.mac, 1_010);
        let mut verifier = Verifier::new(&key, request.mac.clone());
        assert_eq!(verifier.next(&answer, 1_020), Ok(()));
        assert!(verifier.is_complete());
        let other = sign(MESSAGE, &key, 1_001).expect("signs");
        let mut verifier = Verifier::new(&key, other.mac);
        assert_eq!(verifier.next(&answer, 1_020), Err(TsigError::Wrong));
    }

    #[test]
    fn an_answer_of_another_time_secret_or_key_is_not_believed() {
        let ours = key("c2VjcmV0");
        let request = sign(MESSAGE, &ours, 1_000).expect("signs");
        let answer = answered(&ours, &request.mac, 1_000);
        let mut verifier = Verifier::new(&ours, request.mac.clone());
        assert_eq!(verifier.next(&answer, 2_000), Err(TsigError::Time(-1_000)));
        let other = key("b3RoZXI=");
        let answer = answered(&other, &request.mac, 1_000);
        let mut verifier = Verifier::new(&ours, request.mac.clone());
        assert_eq!(verifier.next(&answer, 1_000), Err(TsigError::Wrong));
        let named = Key::new("other.example", Algorithm::Sha256, "c2VjcmV0").expect("a key");
        let answer = answered(&named, &request.mac, 1_000);
        let mut verifier = Verifier::new(&ours, request.mac.clone());
        assert_eq!(verifier.next(&answer, 1_000), Err(TsigError::OtherKey));
        let mut verifier = Verifier::new(&ours, request.mac);
        assert_eq!(verifier.next(MESSAGE, 1_000), Err(TsigError::Unsigned));
    }

    #[test]
    fn a_signature_that_is_cut_anywhere_is_none() {
        let key = key("c2VjcmV0");
        let signed = sign(MESSAGE, &key, 1_000).expect("signs");
        for end in 0..signed.bytes.len() {
            let mut verifier = Verifier::new(&key, signed.mac.clone());
            assert!(verifier.next(&signed.bytes[..end], 1_000).is_err(), "{end}");
        }
    }
}
