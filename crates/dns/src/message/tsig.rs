//! Signatures of messages with a secret that both sides have (TSIG, RFC 8945).
//!
//! hickory-proto signs with three of these algorithms, through aws-lc; servers of old ask for the other two,
//! and this crate is pure.

use std::fmt;

use base64ct::{Base64, Encoding as _};
use hickory_proto::rr::Name as WireName;
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};
use hmac::Hmac;
use zeroize::Zeroizing;

use super::{Code, MessageError, name_of};
use crate::name::{self, Name};

/// How far clocks may differ, seconds (RFC 8945, section 10: the recommended value).
pub const FUDGE: u16 = 300;

/// Longest secret that is taken, bytes of base64: many times what any algorithm uses.
pub const MAX_SECRET: usize = 8 << 10;

/// Most messages of one answer that may pass between two signed ones (RFC 8945, section 5.3.1).
const MAX_UNSIGNED: usize = 99;

const TSIG: u16 = 250;
const ANY: u16 = 255;

/// An algorithm (RFC 8945, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC-MD5: for servers of old only; "MUST NOT" be used.
    Md5,
    /// HMAC-SHA-1: "NOT RECOMMENDED".
    Sha1,
    /// HMAC-SHA-256, which every server has.
    Sha256,
    /// HMAC-SHA-384.
    Sha384,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// All algorithms.
    pub const ALL: &'static [Self] = &[
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// What configurations call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "hmac-md5",
            Self::Sha1 => "hmac-sha1",
            Self::Sha256 => "hmac-sha256",
            Self::Sha384 => "hmac-sha384",
            Self::Sha512 => "hmac-sha512",
        }
    }

    /// The algorithm of a name, in either case; that of messages is known for MD5, too.
    pub fn read(name: &str) -> Option<Self> {
        let name = name.trim_end_matches('.');
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        let mut all = Self::ALL.iter().copied();
        all.find(|known| is(known.name()) || is(known.wire_text()))
    }

    /// Whether it should not be used any more (RFC 8945, section 6).
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1)
    }

    const fn wire_text(self) -> &'static str {
        match self {
            Self::Md5 => "hmac-md5.sig-alg.reg.int",
            other => other.name(),
        }
    }

    fn wire(self) -> Vec<u8> {
        let mut wire = Vec::new();
        // These names are short, and have no escapes.
        let _ = name::read(self.wire_text().as_bytes(), Some(&[0]), &mut wire);
        wire
    }

    fn mac(self, secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5 => mac::<Hmac<md5::Md5>>(secret, parts),
            Self::Sha1 => mac::<Hmac<sha1::Sha1>>(secret, parts),
            Self::Sha256 => mac::<Hmac<sha2::Sha256>>(secret, parts),
            Self::Sha384 => mac::<Hmac<sha2::Sha384>>(secret, parts),
            Self::Sha512 => mac::<Hmac<sha2::Sha512>>(secret, parts),
        }
    }
}

fn mac<M: hmac::Mac + hmac::KeyInit>(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes secrets of any length.
    let Ok(mut mac) = <M as hmac::KeyInit>::new_from_slice(secret) else {
        return Vec::new();
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key's name is none.
    #[error("the key's name {0:?} is no name")]
    Name(String),
    /// A key file of another form.
    #[error(
        "it is no key file; `tsig-keygen NAME` prints one: key \"NAME\" {{ algorithm hmac-sha256; secret \"…\"; }};"
    )]
    File,
    /// An algorithm that is not known.
    #[error(
        "the algorithm {0:?} is none of hmac-sha256, hmac-sha384, hmac-sha512, hmac-sha1, hmac-md5"
    )]
    Algorithm(String),
    /// The secret is not base64, or empty, or too long.
    #[error(
        "the key's secret is not base64: copy what stands behind `secret`, without its quotation marks"
    )]
    Secret,
}

/// A key that two sides have. Its secret is overwritten when it goes, and shown by nothing.
#[derive(Clone)]
pub struct Key {
    name: Name,
    algorithm: Algorithm,
    secret: Zeroizing<Vec<u8>>,
}

impl Key {
    /// A key of that name; the secret in base64, as name servers' configurations have it.
    ///
    /// # Errors
    /// [`KeyError`] on a name that is none, and on a secret that is not base64 or longer than [`MAX_SECRET`].
    pub fn new(name: &str, algorithm: Algorithm, secret: &str) -> Result<Self, KeyError> {
        let named = Name::read(name).map_err(|_| KeyError::Name(name.to_owned()))?;
        let secret = secret.trim();
        if secret.len() > MAX_SECRET {
            return Err(KeyError::Secret);
        }
        let secret = Base64::decode_vec(secret).map_err(|_| KeyError::Secret)?;
        if secret.is_empty() {
            return Err(KeyError::Secret);
        }
        Ok(Self {
            name: named,
            algorithm,
            secret: Zeroizing::new(secret),
        })
    }

    /// Reads a key file, as BIND has them and `tsig-keygen` prints them: the first `key` in it.
    ///
    /// # Errors
    /// [`KeyError`] where there is none, or a part of it is missing or wrong.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let mut words = words(text);
        words.find(|word| *word == "key").ok_or(KeyError::File)?;
        let name = words
            .next()
            .filter(|name| *name != "{")
            .ok_or(KeyError::File)?;
        if words.next() != Some("{") {
            return Err(KeyError::File);
        }
        let (mut algorithm, mut secret) = (None, None);
        while let Some(word) = words.next() {
            match word {
                "algorithm" => algorithm = words.next(),
                "secret" => secret = words.next(),
                "}" => break,
                _ => {}
            }
        }
        let algorithm = algorithm.ok_or(KeyError::File)?;
        let known = Algorithm::read(algorithm);
        let known = known.ok_or_else(|| KeyError::Algorithm(algorithm.to_owned()))?;
        Self::new(name, known, secret.ok_or(KeyError::Secret)?)
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} {})", self.name, self.algorithm.name())
    }
}

/// Words of a configuration: braces by themselves, without quotation marks, semicolons and comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|line| {
        let end = ["//", "#"].iter().filter_map(|mark| line.find(mark)).min();
        // A secret may have two slashes in it; a comment stands behind a space or at the start.
        let is_comment = |at: usize| line[..at].ends_with(char::is_whitespace) || at == 0;
        &line[..end.filter(|at| is_comment(*at)).unwrap_or(line.len())]
    });
    let words = lines.flat_map(|line| {
        line.split(|c: char| c.is_whitespace() || c == ';')
            .flat_map(|word| word.split_inclusive(['{', '}']))
            .flat_map(|word| match word.strip_suffix('{') {
                Some(front) => [front, "{"],
                None => match word.strip_suffix('}') {
                    Some(front) => [front, "}"],
                    None => [word, ""],
                },
            })
    });
    words
        .map(|word| word.trim_matches('"'))
        .filter(|word| !word.is_empty())
}

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
            key.name.wire(),
            &ANY.to_be_bytes(),
            &[0; 4],
            &key.algorithm.wire(),
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
    let mac = key
        .algorithm
        .mac(&key.secret, &[message, &variables.all(key)]);
    let length = u16::try_from(mac.len()).unwrap_or(u16::MAX);
    let data = [
        &key.algorithm.wire(),
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
        key.name.wire(),
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
        let is_ours =
            signature.owner == self.key.name && signature.algorithm == self.key.algorithm.wire();
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
        let expected = self.key.algorithm.mac(&self.key.secret, &parts);
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

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*two))
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
        let right = key.algorithm.mac(&key.secret, &parts);
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

    #[test]
    fn algorithms_are_known_by_both_their_names() {
        for &algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::read(algorithm.name()), Some(algorithm));
        }
        assert_eq!(
            Algorithm::read("HMAC-MD5.SIG-ALG.REG.INT."),
            Some(Algorithm::Md5)
        );
        assert_eq!(Algorithm::read("hmac-sha3"), None);
    }

    #[test]
    fn key_files_are_read_as_name_servers_have_them() {
        let text = "# made by tsig-keygen\nkey \"a.example\" {\n\talgorithm hmac-sha512;\n\tsecret \"c2Vj//8=\";\n};\n";
        let key = Key::read(text).expect("a key");
        assert_eq!(
            (key.name.to_string(), key.algorithm),
            ("a.example.".to_owned(), Algorithm::Sha512)
        );
        assert_eq!(*key.secret, *b"sec\xff\xff");
        let line = "key a.example{algorithm hmac-md5;secret c2Vj;};";
        assert_eq!(Key::read(line).expect("a key").algorithm, Algorithm::Md5);
        assert_eq!(
            Key::read("key a { secret \"c2Vj\"; };").err(),
            Some(KeyError::File)
        );
        let other = Key::read("key a { algorithm hmac-sha3; secret \"c2Vj\"; };").err();
        assert_eq!(other, Some(KeyError::Algorithm("hmac-sha3".to_owned())));
        assert_eq!(Key::read("").err(), Some(KeyError::File));
    }

    #[test]
    fn a_secret_is_shown_by_nothing() {
        let shown = format!("{:?}", key("c2VjcmV0"));
        assert_eq!(shown, "Key(update.example. hmac-sha256)");
        assert_eq!(
            Key::new("k", Algorithm::Sha256, "no base64").err(),
            Some(KeyError::Secret)
        );
    }
}
