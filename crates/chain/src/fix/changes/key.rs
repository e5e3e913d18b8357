//! The private key: its password, its form, its place, and those that were left out.

use super::change;
use crate::fix::Form;
use crate::fix::plan::{Change, Plan};
use crate::key::{KeyAlgorithm, KeyForm};
use crate::read::{BlockKind, HeldKey, Source};

impl Plan<'_> {
    /// The key, unless the form holds none.
    pub(super) fn written_key(&self) -> Option<&HeldKey> {
        self.key.filter(|_| self.form != Form::Pkcs7)
    }

    pub(super) fn key(&self, out: &mut Vec<Change>) {
        if let Some(held) = self.written_key() {
            self.kept_key(held, out);
        }
        let other = |held: &&HeldKey| {
            self.key
                .is_none_or(|key| key.spki_sha256 != held.spki_sha256)
        };
        for held in self.bundle.keys.iter().filter(other) {
            let what = format!("left out the private key at {}", self.places(&held.sources));
            let why = "it does not belong to the certificate";
            let code = if self.key.is_some() {
                "key.several"
            } else {
                "key.mismatch"
            };
            out.push(change(what, why, Some(code)));
        }
        if let Some(held) = self.key.filter(|_| self.form == Form::Pkcs7) {
            let what = format!("left out the private key at {}", self.places(&held.sources));
            out.push(change(what, "PKCS#7 never holds one", None));
        }
    }

    fn kept_key(&self, held: &HeldKey, out: &mut Vec<Change>) {
        let Some(source) = held.sources.first() else {
            return;
        };
        let place = self.place(source);
        if held.sources.len() > 1 {
            let what = format!(
                "wrote the key once: it stood at {}",
                self.places(&held.sources)
            );
            let why = "every copy of a key is one more to guard";
            out.push(change(what, why, Some("pem.duplicate-block")));
        }
        self.opened(held, source, &place, out);
        if let KeyAlgorithm::Ec {
            explicit_parameters: true,
            ..
        } = held.key.algorithm
        {
            let what = format!("named the curve of the key instead of spelling it out ({place})");
            let why = "servers load keys on named curves only";
            out.push(change(what, why, Some("key.wrong-curve-encoding")));
        }
        let is_outside = |at: &Source| self.container_of(at).is_none();
        let beside = self.written.iter().any(|&index| {
            let sources = &self.certificate(index).sources;
            sources
                .iter()
                .any(|at| at.input == source.input && is_outside(at))
        });
        if beside && is_outside(source) && self.form != Form::Pkcs12 {
            let what = format!("wrote the key to a file of its own ({place})");
            let why = "whoever may read certificates could read it";
            out.push(change(what, why, Some("pem.key-among-certificates")));
        }
    }

    /// The password and the form of the key.
    fn opened(&self, held: &HeldKey, source: &Source, place: &str, out: &mut Vec<Change>) {
        let block = self.bundle.inputs[source.input].blocks.get(source.block);
        let was_locked = block.is_some_and(|block| block.kind == BlockKind::EncryptedPrivateKey);
        if was_locked && self.form != Form::Pkcs12 {
            let what = format!("wrote the key without its password, for its owner only ({place})");
            let why = "a server starts without anybody to ask";
            let code = if self.is_noted("pem.legacy-encryption", source) {
                "pem.legacy-encryption"
            } else {
                "pem.encrypted-key"
            };
            out.push(change(what, why, Some(code)));
        }
        let is_pkcs8 = matches!(held.key.form, KeyForm::Pkcs8 | KeyForm::EncryptedPkcs8);
        if !is_pkcs8 {
            let what = format!(
                "converted the key from {} to PKCS#8 ({place})",
                held.key.form
            );
            let is_openssh = held.key.form == KeyForm::OpenSsh;
            let code = is_openssh.then_some("pem.openssh-key");
            out.push(change(what, "it is the form that every server reads", code));
        } else if held.key.untidy {
            let what = format!("wrote the key as strict DER ({place})");
            out.push(change(what, "strict readers refuse what it was", None));
        }
    }

    fn is_noted(&self, code: &str, source: &Source) -> bool {
        let at = self.bundle.locus(source);
        self.bundle.findings.iter().any(|finding| {
            finding.code() == code && finding.at.input == at.input && finding.at.line == at.line
        })
    }

    /// The container that something was taken out of.
    fn container_of(&self, source: &Source) -> Option<usize> {
        let block = self.bundle.inputs[source.input].blocks.get(source.block)?;
        block.within
    }
}
