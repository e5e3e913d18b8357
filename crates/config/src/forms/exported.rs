//! What an export hands out: the text, what is not in it, and what else is to be known.

use std::fmt;

use keyway_report::{Finding as Found, Locus, escape};

use super::{Form, Refusal, Trust};
use crate::model::Status;
use crate::rules::target_cannot_express::{Fate, TargetCannotExpress};
use crate::{Finding, Service, hostname};

/// A service in another tool's form.
#[derive(Clone, PartialEq)]
pub struct Exported {
    /// The form's text. Where the service is [refused](Self::refused), it is not to be used.
    pub text: String,
    /// The fields that it does not say as the service file does.
    pub lost: Vec<String>,
    /// What becomes of each of them, and a word about it.
    pub(super) fates: Vec<(Fate, String)>,
    /// What whoever uses the text has to know: sentences, escaped.
    pub notes: Vec<String>,
    /// Why the text must not be used, if so.
    pub refused: Option<Refusal>,
}

impl Exported {
    pub(super) fn new(text: String, lost: impl Into<Vec<String>>) -> Self {
        Self {
            text,
            lost: lost.into(),
            fates: Vec::new(),
            notes: Vec::new(),
            refused: None,
        }
    }

    pub(super) fn noting(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl Exported {
    /// With what is to be known of a CA of one's own, where a form runs `keyway serve` and is told of no roots: there the
    /// service trusts those of Mozilla, and takes no certificate that they do not vouch for.
    pub(super) fn noting_issuer(self, service: &Service, trust: &Trust<'_>) -> Self {
        let issuer = service.tls.issuer.as_deref().unwrap_or_default();
        let is_own = issuer.contains("://") && service.status() == Status::Auto;
        if !is_own || !trust.roots.is_empty() {
            return self;
        }
        let issuer = escape::text(&hostname::without_user(issuer));
        self.noting(format!(
            "certificates are taken as Mozilla's roots vouch for them: where {issuer} has another root, name its file \
             by `--roots`"
        ))
    }
}

impl fmt::Debug for Exported {
    /// Without the text, which may hold private keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Exported");
        shown.field("lost", &self.lost).finish_non_exhaustive()
    }
}

/// What an export has lost, as findings.
pub fn findings(exported: &Exported, form: Form, input: &str) -> Vec<Finding> {
    let fates = exported.fates.iter();
    let lost = exported.lost.iter().zip(fates);
    lost.map(|(field, (fate, about))| Found {
        kind: TargetCannotExpress {
            field: field.clone(),
            target: form.word(),
            fate: *fate,
            about: about.clone(),
        }
        .into(),
        at: Locus {
            input: Some(input.to_owned()),
            field: Some(field.clone()),
            ..Locus::default()
        },
    })
    .collect()
}
