//! All that is kept of a name, as one piece.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Holding;
use crate::{Identifier, Pair};

/// Most bytes of an entry as it is written. A pair has some 8 kB, with RSA and a long chain 20.
pub const MAX_ENTRY: usize = 1 << 20;

/// All that is kept of a name. Every change of it is one write of the whole, in the place of what was read, so that
/// whoever writes has seen what it overwrites.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// The number of the last lease that was given out; it only grows.
    pub lease: u64,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holding: Option<Holding>,
    /// What is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// What has been asked for, and is not there yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// How the last attempts ended: JSON of whoever renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

/// A pair that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Which one it is: it grows with each, and may skip numbers.
    pub generation: u64,
    /// The pair.
    #[serde(with = "PairFields")]
    pub pair: Pair,
}

/// A certificate that has been asked for: its key is the same, whoever finishes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The key, in PEM (PKCS#8).
    #[serde(with = "secret")]
    pub key: Zeroizing<String>,
    /// The order, where a CA has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<Order>,
}

/// An order at a CA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Its URL.
    pub url: String,
    /// What it is for.
    pub identifiers: Vec<String>,
}

impl Order {
    /// That at a URL, for these.
    pub fn new(url: &str, identifiers: &[Identifier]) -> Self {
        Self {
            url: url.to_owned(),
            identifiers: identifiers.iter().map(ToString::to_string).collect(),
        }
    }

    /// Whether it is for just these.
    pub fn is_for(&self, identifiers: &[Identifier]) -> bool {
        let are = identifiers.iter().map(ToString::to_string);
        are.eq(self.identifiers.iter().cloned())
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked")
            .field("key", &"[redacted]")
            .field("order", &self.order)
            .finish()
    }
}

impl Entry {
    /// An entry as it is written: JSON.
    ///
    /// # Errors
    /// It is none, or has fields of a later version.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// What [`Entry::read`] reads.
    ///
    /// # Errors
    /// None that is known of.
    pub fn render(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        serde_json::to_vec(self).map(Zeroizing::new)
    }

    /// The pair that is served.
    pub fn pair(&self) -> Option<&Pair> {
        self.published.as_ref().map(|published| &published.pair)
    }

    /// With another pair in the place of the one that is served; the way to it is walked.
    pub(super) fn publish(&mut self, pair: &Pair) {
        let before = self.published.as_ref().map_or(0, |it| it.generation);
        self.published = Some(Published {
            generation: before.saturating_add(1),
            pair: pair.clone(),
        });
        self.asked = None;
    }
}

/// What a [`Pair`] is written as. It is nowhere else written by itself, as its key is in it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Pair", deny_unknown_fields)]
struct PairFields {
    chain: String,
    #[serde(with = "secret")]
    key: Zeroizing<String>,
}

pub(super) mod secret {
    use serde::{Deserialize as _, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(crate) fn serialize<S: Serializer>(
        secret: &Zeroizing<String>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Zeroizing<String>, D::Error> {
        String::deserialize(from).map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut entry = Entry {
            lease: 3,
            record: Some("{}".to_owned()),
            ..Entry::default()
        };
        entry.publish(&Pair {
            chain: "chain".to_owned(),
            key: Zeroizing::new("secret".to_owned()),
        });
        entry.asked = Some(Asked {
            key: Zeroizing::new("secret".to_owned()),
            order: Some(Order {
                url: "https://ca.test/order/1".to_owned(),
                identifiers: vec!["a.test".to_owned()],
            }),
        });
        let text = entry.render().unwrap();
        assert_eq!(Entry::read(&text).unwrap(), entry);
        assert!(!format!("{entry:?}").contains("secret"));
    }

    #[test]
    fn what_a_later_version_wrote_is_refused_and_not_lost() {
        let refused = Entry::read(br#"{"lease":1,"sealed":"x"}"#).unwrap_err();
        assert!(refused.to_string().contains("sealed"), "{refused}");
    }
}
