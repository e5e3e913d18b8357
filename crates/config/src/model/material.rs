use std::fmt;

use base64ct::{Base64, Encoding as _};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// What begins every block of PEM (RFC 7468).
const PEM_BEGIN: &str = "-----BEGIN ";

/// A certificate, key or list: where it lies, or its PEM text.
#[derive(Clone, PartialEq, Eq)]
pub enum Material {
    /// A path; relative to the folder of the service file (of the link, where the file was named by one).
    Path(String),
    /// The text itself, be it its base64 alone. It may be a private key: it is overwritten when it is dropped, and is not
    /// shown.
    Pem(Zeroizing<String>),
}

impl Material {
    /// A path or a text, whichever it is.
    pub fn new(text: &str) -> Self {
        if text.contains(PEM_BEGIN) || bare(text).is_some() {
            Self::Pem(Zeroizing::new(text.to_owned()))
        } else {
            Self::Path(text.to_owned())
        }
    }

    /// The path, if it is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Path(path) => Some(path),
            Self::Pem(_) => None,
        }
    }

    /// As it stands in a service file.
    pub fn written(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Pem(text) => text,
        }
    }

    /// Whether it is the text of a private key.
    pub fn holds_key(&self) -> bool {
        holds_key(self.written())
    }
}

/// Whether a text holds a private key in PEM, of whatever kind (RFC 7468, sections 10 and 11; RFC 5915,
/// section 4), or is one in base64.
pub(super) fn holds_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || bare(text) == Some(Bare::Key)
}

/// What stands in base64 without a mark around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bare {
    Key,
    Other,
}

/// The fewest letters that are looked at: the key of Ed25519 has 64, and of one that was cut that many are as good as all.
const FEWEST: usize = 40;

/// Letters that show what it is: three bytes for each four, the label of an encrypted key ends at the 37th.
const SHOWING: usize = 52;

/// What a text is the base64 of, be it of PEM, as in a Secret of Kubernetes, or of what is in PEM: a path that decodes to
/// the beginning of either is nobody's.
fn bare(text: &str) -> Option<Bare> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
    let is_bare = |letter: char| is_letter(letter) || letter.is_ascii_whitespace();
    if text.len() < FEWEST || !text.chars().all(is_bare) {
        return None;
    }
    let letters = text.chars().filter(|letter| is_letter(*letter));
    let letters: Zeroizing<String> = Zeroizing::new(letters.take(SHOWING).collect());
    let whole = letters.get(..letters.len() / 4 * 4)?;
    let bytes = Zeroizing::new(Base64::decode_vec(whole).ok()?);
    if bytes.starts_with(PEM_BEGIN.as_bytes()) {
        let label = String::from_utf8_lossy(&bytes);
        let is_key = label.contains("PRIVATE KEY");
        return Some(if is_key { Bare::Key } else { Bare::Other });
    }
    // A SEQUENCE (X.690, section 8.1.3), and what it begins with.
    let inside = match *bytes.as_slice() {
        [0x30, 0x82, _, _, ref inside @ ..] | [0x30, 0x81, _, ref inside @ ..] => inside,
        [0x30, length, ref inside @ ..] if length < 0x80 => inside,
        _ => return None,
    };
    match *inside {
        // The version of a key (RFC 5208, RFC 8017, RFC 5915), or how one is encrypted: PBES of PKCS #5 and #12.
        [0x02, 0x01, 0 | 1, ..]
        | [
            0x30,
            _,
            0x06,
            _,
            0x2A,
            0x86,
            0x48,
            0x86,
            0xF7,
            0x0D,
            0x01,
            0x05 | 0x0C,
            ..,
        ] => Some(Bare::Key),
        // A certificate.
        [0x30, 0x81 | 0x82, ..] => Some(Bare::Other),
        _ => None,
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "Path({path:?})"),
            Self::Pem(_) => f.write_str("Pem([redacted])"),
        }
    }
}

impl Serialize for Material {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written())
    }
}

impl<'de> Deserialize<'de> for Material {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Material;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or the PEM text itself")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Material, E> {
                Ok(Material::new(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Material {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Material".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A path (relative to the folder of the service file; of the link, where the file is named by one), or the PEM text itself.",
            "type": "string"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEnreDmTvIIKe7svP";

    #[test]
    fn a_key_in_base64_alone_is_a_text_that_is_not_shown() {
        let armored = |label: &str| {
            Base64::encode_string(format!("-----BEGIN {label}-----\nAA\n").as_bytes())
        };
        for text in [
            KEY.to_owned(),
            format!("\n{}\n{}\n", &KEY[..32], &KEY[32..]),
            "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            armored("PRIVATE KEY"),
            armored("ENCRYPTED PRIVATE KEY"),
            armored("RSA PRIVATE KEY"),
        ] {
            let material = Material::new(&text);
            assert!(material.holds_key(), "{text}");
            assert_eq!(material.path(), None, "{text}");
        }
        let certificate = Material::new(&armored("CERTIFICATE"));
        assert!(certificate.path().is_none() && !certificate.holds_key());
    }

    #[test]
    fn a_path_of_letters_alone_is_a_path() {
        for path in [
            "key",
            "MIGHTY/Company/Certificates/Production/Web/Server/Key",
            "/etc/ssl/private/certificates/of/this/company/key",
            "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM",
        ] {
            assert_eq!(Material::new(path).path(), Some(path));
        }
    }
}
