//! Whether an answer is signed by who has the key.

use hickory_proto::rr::Name as WireName;
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};

use super::{Key, TSIG, Variables, word};
use crate::message::{Code, name_of};
use crate::name::{self, Name};

/// Most messages of one answer that may pass between two signed ones (RFC 8945, section 5.3.1).
const MAX_UNSIGNED: usize = 99;

/// Why an answer is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TsigError {
    /// The server refused the signature.
    #[error("{}", refusal(*.code, *.ahead))]
    Refused {
        /// What it says: BADSIG, BADKEY, BADTIME or BADTRUNC.
        code: Code,
        /// By how many seconds the server's clock is ahead of ours, where it said.
        ahead: Option<i64>,
    },
    /// An answer without a signature.
    #[error("the server's answer is not signed, so it may be anybody's")]
    Unsigned,
    /// An answer that another key signed.
    #[error("the server's answer is signed with another key")]
    OtherKey,
    /// A signature that does not fit.
    #[error(
        "the signature of the server's answer is wrong: the secrets differ, or somebody changed it"
    )]
    Wrong,
    /// An answer of another time.
    #[error("the server's answer was signed {0} seconds from now; set the clocks right")]
    Time(i64),
}

fn refusal(code: Code, ahead: Option<i64>) -> String {
    match (code, ahead) {
        (Code::BADKEY, _) => {
            "BADKEY: the server does not know the key, or knows it with another algorithm; \
            compare the key's name and algorithm with the server's configuration"
                .to_owned()
        }
        (Code::BADSIG, _) => {
            "BADSIG: the server has another secret for this key; copy it again".to_owned()
        }
        (Code::BADTIME, Some(ahead)) => format!(
            "BADTIME: the clocks differ; the server's is {} seconds {}; set them right",
            ahead.unsigned_abs(),
            if ahead < 0 { "behind" } else { "ahead" }
        ),
        (Code::BADTIME, None) => "BADTIME: the clocks differ; set them right".to_owned(),
        (code, _) => format!("{code}: the server did not take the signature"),
    }
}

/// Follows the signatures of an answer, which may come in many messages.
#[derive(Debug)]
pub struct Verifier<'k> {
    key: &'k Key,
    mac: Vec<u8>,
    is_first: bool,
    unsigned: Vec<Vec<u8>>,
}

impl<'k> Verifier<'k> {
    /// For the answer to a message with that signature.
    pub fn new(key: &'k Key, mac: Vec<u8>) -> Self {
        Self {
            key,
            mac,
            is_first: true,
            unsigned: Vec::new(),
        }
    }

    /// Looks at the next message, at a moment in seconds since 1970. The first has to be signed, and of those
    /// behind it every hundredth (RFC 8945, section 5.3.1).
    ///
    /// # Errors
    /// [`TsigError`] where the message is not to be believed.
    pub fn next(&mut self, message: &[u8], now: u64) -> Result<(), TsigError> {
        let Some(signature) = Signature::of(message) else {
            if self.is_first || self.unsigned.len() == MAX_UNSIGNED {
                return Err(TsigError::Unsigned);
            }
            self.unsigned.push(message.to_vec());
            return Ok(());
        };
        let code = Code::of(signature.variables.error);
        // Such an answer cannot be signed: there is no key that both sides have (RFC 8945, section 5.2).
        if matches!(code, Code::BADKEY | Code::BADSIG) && signature.mac.is_empty() {
            return Err(TsigError::Refused { code, ahead: None });
        }
        let is_ours = signature.owner == *self.key.name()
            && signature.algorithm == self.key.algorithm().wire();
        if !is_ours {
            return Err(TsigError::OtherKey);
        }
        let variables = if self.is_first {
            signature.variables.all(self.key)
        } else {
            signature.variables.timers()
        };
        let length = u16::try_from(self.mac.len())
            .unwrap_or(u16::MAX)
            .to_be_bytes();
        let mut parts: Vec<&[u8]> = vec![&length, &self.mac];
        parts.extend(self.unsigned.iter().map(Vec::as_slice));
        parts.extend([&signature.message[..], &variables]);
        let expected = self.key.mac(&parts);
        if !same(&expected, signature.mac) {
            return Err(TsigError::Wrong);
        }
        let apart = difference(signature.variables.time, now);
        if code != Code::NOERROR {
            let time = signature.variables.other.first_chunk::<6>();
            let server =
                time.map(|time| time.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
            let ahead = server.map(|server| difference(server, now));
            return Err(TsigError::Refused { code, ahead });
        }
        if apart.unsigned_abs() > u64::from(signature.variables.fudge) {
            return Err(TsigError::Time(apart));
        }
        self.mac = signature.mac.to_vec();
        self.unsigned.clear();
        self.is_first = false;
        Ok(())
    }

    /// Whether the last message that was looked at had to be signed, and was.
    pub fn is_complete(&self) -> bool {
        !self.is_first && self.unsigned.is_empty()
    }
}

fn difference(moment: u64, now: u64) -> i64 {
    let apart = i128::from(moment) - i128::from(now);
    i64::try_from(apart).unwrap_or(i64::MAX)
}

/// Compares in a time that says nothing of where they differ.
fn same(left: &[u8], right: &[u8]) -> bool {
    let differing = left
        .iter()
        .zip(right)
        .fold(0, |all, (left, right)| all | (left ^ right));
    left.len() == right.len() && differing == 0
}

/// The signature at the end of a message.
struct Signature<'m> {
    /// The message as it was before it was signed (RFC 8945, section 4.3.2).
    message: Vec<u8>,
    owner: Name,
    algorithm: Vec<u8>,
    variables: Variables<'m>,
    mac: &'m [u8],
}

impl<'m> Signature<'m> {
    fn of(message: &'m [u8]) -> Option<Self> {
        let mut at = 12;
        for _ in 0..word(message, 4)? {
            at = skip_name(message, at)? + 4;
        }
        let records = [6, 8, 10].map(|at| word(message, at).map(usize::from));
        let mut left: usize = records.into_iter().sum::<Option<usize>>()?;
        let additional = word(message, 10)?.checked_sub(1)?;
        let (start, head) = loop {
            let head = skip_name(message, at)?;
            left = left.checked_sub(1)?;
            if left == 0 {
                break (at, head);
            }
            at = head + 10 + usize::from(word(message, head + 8)?);
        };
        if word(message, head)? != TSIG {
            return None;
        }
        let owner = owner(message, start)?;
        let data = head + 10;
        let end = skip_name(message, data)?;
        let mut algorithm = Vec::new();
        name::push_lower(message.get(data..end)?, &mut algorithm);
        let time = message.get(end..end + 6)?;
        let length = usize::from(word(message, end + 8)?);
        let behind = end + 10 + length;
        let other_length = usize::from(word(message, behind + 4)?);
        let mut unsigned = message.get(..start)?.to_vec();
        unsigned[..2].copy_from_slice(message.get(behind..behind + 2)?);
        unsigned[10..12].copy_from_slice(&additional.to_be_bytes());
        Some(Self {
            message: unsigned,
            owner,
            algorithm,
            variables: Variables {
                time: time.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
                fudge: word(message, end + 6)?,
                error: word(message, behind + 2)?,
                other: message.get(behind + 6..behind + 6 + other_length)?,
            },
            mac: message.get(end + 10..behind)?,
        })
    }
}

/// The name of a key, which may end in one that the message already has.
fn owner(message: &[u8], at: usize) -> Option<Name> {
    let mut decoder = BinDecoder::new(message).clone(u16::try_from(at).ok()?);
    name_of(&WireName::read(&mut decoder).ok()?).ok()
}

/// Where a name ends that starts here; one may end in a pointer, which is not followed.
fn skip_name(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        match length {
            0 => return Some(at + 1),
            1..=63 => at += 1 + length,
            192.. => return Some(at + 2),
            _ => return None,
        }
    }
}
