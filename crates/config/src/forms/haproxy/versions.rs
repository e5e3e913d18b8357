//! The versions of TLS that are spoken to clients (Configuration Manual, sections 3.1, "ssl-default-bind-options", and
//! 5.1, "ssl-min-ver").

use crate::model::ProtocolVersion;

/// Those that are served here.
const SERVED: [ProtocolVersion; 2] = [ProtocolVersion::Tls12, ProtocolVersion::Tls13];

/// The version of this name; `None` for those that are never served here.
fn version(name: &str) -> Option<ProtocolVersion> {
    match name.to_ascii_lowercase().as_str() {
        "tlsv1.2" | "tlsv12" => Some(ProtocolVersion::Tls12),
        "tlsv1.3" | "tlsv13" => Some(ProtocolVersion::Tls13),
        _ => None,
    }
}

/// What is said of versions.
#[derive(Clone, Default)]
pub(super) struct Versions {
    lowest: Option<ProtocolVersion>,
    highest: Option<ProtocolVersion>,
    without: Vec<ProtocolVersion>,
}

impl Versions {
    /// Takes a word with its value, if it has one; `false` where it is about something else, or wants what is never
    /// served here.
    pub(super) fn take(&mut self, word: &str, value: &str) -> bool {
        match word {
            "ssl-min-ver" => {
                self.lowest = version(value);
                return self.lowest.is_some();
            }
            "ssl-max-ver" => {
                self.highest = version(value);
                return self.highest.is_some();
            }
            "no-sslv3" | "no-tlsv10" | "no-tlsv11" => return true,
            _ => {}
        }
        if let Some(only) = word.strip_prefix("force-").and_then(version) {
            self.lowest = Some(only);
            self.highest = Some(only);
        } else if let Some(without) = word.strip_prefix("no-").and_then(version) {
            self.without.push(without);
        } else {
            return false;
        }
        true
    }

    /// Takes the options that hold wherever a line does not say otherwise; `false` where one has no place here.
    pub(super) fn take_all(&mut self, options: &[String]) -> bool {
        let mut words = options.iter().map(String::as_str);
        let mut is_all = true;
        while let Some(word) = words.next() {
            let value = match word {
                "ssl-min-ver" | "ssl-max-ver" => words.next().unwrap_or_default(),
                _ => "",
            };
            is_all &= word == "no-tls-tickets" || self.take(word, value);
        }
        is_all
    }

    /// The lowest and the highest one, where they are not the service's own; `None` where none is left.
    pub(super) fn bounds(
        &self,
        otherwise: &Self,
    ) -> Option<(Option<ProtocolVersion>, Option<ProtocolVersion>)> {
        let lowest = self.lowest.or(otherwise.lowest);
        let highest = self.highest.or(otherwise.highest);
        let is_spoken = |version: &&ProtocolVersion| {
            lowest.is_none_or(|lowest| lowest <= **version)
                && highest.is_none_or(|highest| **version <= highest)
                && !self.without.contains(version)
                && !otherwise.without.contains(version)
        };
        let mut spoken = SERVED.iter().filter(is_spoken).copied();
        let first = spoken.next()?;
        let last = spoken.next().unwrap_or(first);
        let [least, most] = SERVED;
        Some((
            Some(first).filter(|first| *first != least),
            Some(last).filter(|last| *last != most),
        ))
    }
}
