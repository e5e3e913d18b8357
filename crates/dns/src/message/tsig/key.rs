//! Keys that two sides have, and the files that they are in.

use std::fmt;

use base64ct::{Base64, Encoding as _};
use hmac::Hmac;
use zeroize::Zeroizing;

use crate::name::{self, Name};

/// Longest secret that is taken, bytes of base64: many times what any algorithm uses.
pub const MAX_SECRET: usize = 8 << 10;

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

    pub(super) fn wire(self) -> Vec<u8> {
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
    /// A key file that ends before its key does.
    #[error("it ends within the key, before `}};`: is all of the file there?")]
    CutOff,
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
        loop {
            // Of a file that ends within the key nobody knows how much is missing.
            match words.next().ok_or(KeyError::CutOff)? {
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

    /// The signature of what these parts make together.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        self.algorithm.mac(&self.secret, parts)
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

#[cfg(test)]
mod tests {
    use super::*;

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
        // A part of a secret may be base64, too.
        for cut in [
            "key a { algorithm hmac-md5; secret \"c2Vj",
            "key a { algorithm hmac-md5; secret c2Vj;",
            "key a { algorithm",
        ] {
            assert_eq!(Key::read(cut).err(), Some(KeyError::CutOff), "{cut}");
        }
    }

    #[test]
    fn a_secret_is_shown_by_nothing() {
        let key = Key::new("update.example", Algorithm::Sha256, "c2VjcmV0");
        let shown = format!("{:?}", key.expect("a key"));
        assert_eq!(shown, "Key(update.example. hmac-sha256)");
        assert_eq!(
            Key::new("k", Algorithm::Sha256, "no base64").err(),
            Some(KeyError::Secret)
        );
    }
}
