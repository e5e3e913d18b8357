//! What came of a CA's looks, as it is kept from one attempt to the next: which way led to a name the last time, and
//! which looks came to nothing lately. CAs count those, by account and name.

use keyway_report::Timestamp;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::Identifier;
use crate::renewal::moment;

/// As far back as a look that came to nothing counts, in seconds: Let's Encrypt limits them by the hour
/// (letsencrypt.org/docs/rate-limits).
const SPAN: i64 = 3600;

/// Most looks at a name that may come to nothing in that time while nobody asks by hand. Let's Encrypt lets five; the
/// last one is for who has mended something, and asks for it.
const MOST: usize = 4;

/// What came of looks. It is about names that one certificate is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Looks {
    /// Of each name the last few, in the order of time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missed: Vec<Missed>,
    /// Of each name where it was not the first way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    led: Vec<Led>,
}

/// A look that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Missed {
    ca: String,
    name: String,
    #[serde(deserialize_with = "moment::read")]
    at: Timestamp,
}

/// The way that led to a name, of those that could be gone then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Led {
    name: String,
    way: String,
    of: Vec<String>,
}

impl Looks {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A CA looked, and did not find a name to be ours. What is over is forgotten.
    pub fn miss(&mut self, ca: &str, identifier: &Identifier, now: Timestamp) {
        self.missed.retain(|missed| missed.counts(now));
        let name = identifier.to_string();
        let is_same = |missed: &Missed| (missed.ca.as_str(), &missed.name) == (ca, &name);
        // No more are ever asked for.
        if self.missed.iter().filter(|it| is_same(it)).count() >= MOST
            && let Some(first) = self.missed.iter().position(is_same)
        {
            self.missed.remove(first);
        }
        self.missed.push(Missed {
            ca: ca.to_owned(),
            name,
            at: now,
        });
    }

    /// A CA looked, and found a name by this way, of those that could be gone, the first one first.
    pub fn find(&mut self, identifier: &Identifier, way: Kind, of: &[Kind]) {
        let name = identifier.to_string();
        self.led.retain(|led| led.name != name);
        if of.first() != Some(&way) {
            self.led.push(Led {
                name,
                way: way.word().to_owned(),
                of: words(of),
            });
        }
    }

    /// The way that led to a name the last time, where the same ways can be gone, and it is not the first of them.
    pub fn led(&self, identifier: &Identifier, of: &[Kind]) -> Option<Kind> {
        let (name, words) = (identifier.to_string(), words(of));
        let mut led = self.led.iter();
        let led = led.find(|led| led.name == name && led.of == words)?;
        of.iter().copied().find(|kind| kind.word() == led.way)
    }

    /// Forgets the ways of all other names.
    pub fn keep(&mut self, identifiers: &[Identifier]) {
        let names: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
        self.led.retain(|led| names.contains(&led.name));
    }

    /// How many looks may come to nothing from now on, at each of these names, before no more are asked for.
    pub fn left(&self, ca: &str, identifiers: &[Identifier], now: Timestamp) -> usize {
        let missed = identifiers.iter().map(|it| self.missed(ca, it, now).len());
        MOST.saturating_sub(missed.max().unwrap_or(0))
    }

    /// Where none is left: the last look that came to nothing, and when there is one again.
    pub fn spent(
        &self,
        ca: &str,
        identifiers: &[Identifier],
        now: Timestamp,
    ) -> Option<(Timestamp, Timestamp)> {
        let spent = identifiers.iter().filter_map(|identifier| {
            let missed = self.missed(ca, identifier, now);
            let first = missed.len().checked_sub(MOST)?;
            Some((*missed.last()?, missed.get(first)?.plus(SPAN)))
        });
        spent.max_by_key(|(_, again)| *again)
    }

    fn missed(&self, ca: &str, identifier: &Identifier, now: Timestamp) -> Vec<Timestamp> {
        let name = identifier.to_string();
        let own = self
            .missed
            .iter()
            .filter(|missed| missed.ca == ca && missed.name == name && missed.counts(now));
        own.map(|missed| missed.at).collect()
    }
}

impl Missed {
    /// What is of the future was noted by a clock that was wrong.
    fn counts(&self, now: Timestamp) -> bool {
        (0..SPAN).contains(&now.since(self.at))
    }
}

fn words(kinds: &[Kind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.word().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use keyway_testkit::NOW;

    use super::*;

    const CA: &str = "https://ca.test/dir";

    fn named(name: &str) -> Identifier {
        Identifier::parse(name).unwrap()
    }

    #[test]
    fn no_more_is_asked_for_before_a_ca_that_lets_five_looks_fail_an_hour_says_no() {
        let (a, b) = (named("a.test"), named("b.test"));
        let both = [a.clone(), b.clone()];
        let at = |minute: i64| Timestamp::from_seconds(NOW + 60 * minute);
        let mut looks = Looks::default();
        for minute in 0..4 {
            assert_eq!(looks.spent(CA, &both, at(minute)), None);
            assert_eq!(
                looks.left(CA, &both, at(minute)),
                4 - usize::try_from(minute).unwrap()
            );
            looks.miss(CA, &a, at(minute));
        }
        assert_eq!(looks.left(CA, &both, at(4)), 0);
        assert_eq!(looks.spent(CA, &both, at(4)), Some((at(3), at(60))));
        // Each name for itself, and each CA.
        assert_eq!(looks.spent(CA, &[b], at(4)), None);
        assert_eq!(looks.left("https://other.test/dir", &both, at(4)), 4);
        // Who asks by hand spends what is left, and waits for longer.
        looks.miss(CA, &a, at(5));
        assert_eq!(looks.spent(CA, &both, at(6)), Some((at(5), at(61))));
        assert_eq!(looks.missed.len(), MOST);
        // By a clock that went back nothing is held against anybody.
        assert_eq!(looks.left(CA, &both, at(-1)), 4);
        assert_eq!(looks.left(CA, &both, at(61)), 1);
        looks.miss(CA, &a, at(200));
        assert_eq!(looks.missed.len(), 1);
    }

    #[test]
    fn the_way_that_led_to_a_name_is_known_as_long_as_the_same_ways_can_be_gone() {
        let a = named("a.test");
        let ways = [Kind::Http01, Kind::TlsAlpn01];
        let mut looks = Looks::default();
        looks.find(&a, Kind::TlsAlpn01, &ways);
        let text = serde_json::to_string(&looks).unwrap();
        let mut looks: Looks = serde_json::from_str(&text).unwrap();
        assert_eq!(looks.led(&a, &ways), Some(Kind::TlsAlpn01));
        // Whoever says that there is another way, or that another one is the first, wants that.
        assert_eq!(looks.led(&a, &[Kind::Dns01, Kind::TlsAlpn01]), None);
        assert_eq!(looks.led(&a, &[Kind::TlsAlpn01]), None);
        assert_eq!(looks.led(&named("b.test"), &ways), None);
        looks.keep(&[named("b.test"), a.clone()]);
        assert!(!looks.is_empty());
        looks.find(&a, Kind::Http01, &ways);
        assert!(looks.is_empty());
        looks.find(&a, Kind::TlsAlpn01, &ways);
        looks.keep(&[]);
        assert!(looks.is_empty());
    }
}
