//! `config.unknown-field`

use keyway_report::spelling::distance;
use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// A field is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownField {
    /// The field with the tables around it, escaped.
    pub field: String,
    /// The field that was probably meant.
    pub nearest: Option<&'static str>,
}

impl Evidence for UnknownField {
    const RULE: Rule = Rule {
        code: "config.unknown-field",
        severity: Severity::Error,
        title: "A field is not known",
        why: "A field that nobody reads does nothing: a slip in its name leaves the default standing, and nobody notices until it matters.",
        fix: "Correct the name, or take the line out. `keyway config schema` prints every field.",
        sources: &["Keyway: docs/schema/keyway.service-1.json"],
    };

    fn message(&self) -> String {
        let field = &self.field;
        match self.nearest {
            Some(nearest) => format!("`{field}` is no field. Did you mean `{nearest}`?"),
            None => format!("`{field}` is no field."),
        }
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    for stranger in &on.draft.strangers {
        let evidence = UnknownField {
            field: escape::text(&stranger.field),
            nearest: nearest(&stranger.name, stranger.known),
        };
        on.found_at(&stranger.bytes, &stranger.field, evidence);
    }
}

/// The known field that a slip of the pen leads to: a third of its letters may be wrong.
fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let ranked = known.iter().map(|known| (distance(&name, known), *known));
    let (far, nearest) = ranked.min()?;
    (far <= nearest.len().min(name.len()) / 3 || far == 0).then_some(nearest)
}
