//! `key.several`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// More than one private key was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeySeveral {
    /// The keys in a few words each, with their places.
    pub keys: Vec<String>,
    /// Place of the key that belongs to the certificate; absent when none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub belongs: Option<String>,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for KeySeveral {
    const RULE: Rule = Rule {
        code: "key.several",
        severity: Severity::Warning,
        title: "There is more than one private key",
        why: "A server takes the first that it finds in its file, and only one belongs to the \
              certificate. Keys that lie about are also keys that can be lost.",
        fix: "Keep the one that belongs; `keyway fix` writes it to key.pem.",
        sources: &["RFC 8446, section 4.4.3"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let which = match &self.belongs {
            Some(place) => format!("the one at {place} belongs to the certificate"),
            None => "none of them is known to belong to the certificate".to_owned(),
        };
        format!(
            "{} private keys were given ({}); {which}.",
            self.keys.len(),
            self.keys.join("; ")
        )
    }

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

/// Most keys listed by place.
const MAX_LISTED: usize = 8;

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    let held = &cx.bundle.keys;
    if held.len() < 2 {
        return;
    }
    let belongs = held.iter().find(|key| key.belongs_to(leaf));
    let evidence = KeySeveral {
        keys: held
            .iter()
            .take(MAX_LISTED)
            .map(|key| format!("{} at {}", key.key.algorithm, super::place(cx, key)))
            .collect(),
        belongs: belongs.map(|key| super::place(cx, key)),
        source: held[1].sources.first().cloned(),
    };
    out.push((None, evidence.into()));
}
