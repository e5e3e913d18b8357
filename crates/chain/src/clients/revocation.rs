//! Revocation, as each family asks for it. None sees the lists that this check was given.

use keyway_report::Verdict;

use super::Claim;
use super::evidence::Evidence;

/// How a family learns of revocation when nobody sets it up to.
pub(super) struct Revocation {
    /// Its answer to a certificate that a public CA revoked.
    pub(super) public: Verdict,
    /// Its answer to one that an own CA revoked.
    pub(super) own: Verdict,
    /// How it learns of it.
    pub(super) reason: &'static str,
    /// Where that is written.
    pub(super) source: &'static str,
}

impl Revocation {
    /// Programs that accept what is revoked until they are told to look.
    pub(super) const fn not_asked(source: &'static str) -> Self {
        Self {
            public: Verdict::Yes,
            own: Verdict::Yes,
            reason: "By default it looks at no revocation list.",
            source,
        }
    }

    /// What remains to be said where only the lists that this check was given speak against a chain.
    pub(super) fn claim(&self, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        let accepts = if evidence.is_revoked() {
            if evidence.is_own() {
                self.own
            } else {
                self.public
            }
        } else if evidence.faults_lists() {
            Verdict::Yes
        } else {
            return None;
        };
        Some(Claim {
            accepts: accepts.and(evidence.trusted()),
            reason: self.reason.to_owned(),
            source: self.source,
        })
    }
}
