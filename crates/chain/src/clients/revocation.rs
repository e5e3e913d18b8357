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
    /// Its answer to a stapled OCSP response that cannot be used, or says that the certificate is revoked.
    pub(super) stapled: Verdict,
    /// How it learns of it.
    pub(super) reason: &'static str,
    /// Where that is written.
    pub(super) source: &'static str,
}

impl Revocation {
    /// The same, of a program that verifies what is stapled.
    pub(super) const fn verifying_staples(source: &'static str) -> Self {
        let mut revocation = Self::not_asked(source);
        revocation.stapled = Verdict::No;
        revocation
    }

    /// Programs that accept what is revoked until they are told to look.
    pub(super) const fn not_asked(source: &'static str) -> Self {
        Self {
            public: Verdict::Yes,
            own: Verdict::Yes,
            stapled: Verdict::Yes,
            reason: "By default it looks at no revocation list.",
            source,
        }
    }

    /// What remains to be said where only the lists that this check was given speak against a chain.
    pub(super) fn claim(&self, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        if evidence.faults_staple() {
            return Some(self.stapled(evidence));
        }
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

    fn stapled(&self, evidence: &Evidence<'_, '_>) -> Claim {
        let reason = match self.stapled {
            Verdict::Yes => "By default it looks at no OCSP response that a server staples.",
            Verdict::No => "It verifies the OCSP response where the server staples it.",
            Verdict::Unknown => {
                "What it makes of the OCSP response, once stapled, is not known here."
            }
        };
        Claim {
            accepts: self.stapled.and(evidence.trusted()),
            reason: reason.to_owned(),
            source: self.source,
        }
    }
}
