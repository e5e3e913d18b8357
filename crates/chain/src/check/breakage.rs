//! Why a path breaks off, told apart by what the last certificate says of its issuer.
//!
//! What is missing cannot be looked at, so its kind follows from these signs, in this order:
//! 1. the last certificate signed itself: it is a root (or a self-signed leaf) that is no anchor;
//! 2. an anchor has the issuer's name, and its key did not make the signature: a matter of
//!    signatures, not of a missing certificate;
//! 3. `authorityCertIssuer` names the issuer of the issuer (RFC 5280, section 4.2.1.1): equal to the
//!    issuer's own name, what is missing is self-signed, a root;
//! 4. there are no anchors, and nothing shows that a public CA issued it (timestamps of logs do): its
//!    issuer may be a root;
//! 5. the last certificate is the leaf: public roots must not sign server certificates (BR 6.1.7), so
//!    an intermediate is missing;
//! 6. the last certificate says where its issuer can be fetched (caIssuers);
//! 7. otherwise nobody can tell.

use super::path::Gap;
use super::{CheckOptions, Context};
use crate::x509::Certificate;

/// What a path that breaks off lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breakage {
    /// The leaf signed itself.
    SelfSignedLeaf,
    /// It ends at a self-signed certificate that was given.
    UnknownRoot,
    /// The issuer of the last one is a root that was not given.
    UnknownRootNotGiven,
    /// The issuer of the last one was not given.
    MissingIntermediate,
    /// The issuer of the last one was not given, and may be a root as well as an intermediate.
    Undecided,
    /// `chain.bad-signature` says it.
    Signature,
    /// It goes in circles.
    Loop,
    /// It does not end.
    TooLong,
}

impl Context<'_> {
    /// Why the chosen path breaks off; `None` when it does not.
    pub(crate) fn breakage(&self) -> Option<Breakage> {
        let last = self.last()?;
        let is_leaf = self.path.nodes.len() == 1;
        Some(match self.path.gap? {
            Gap::Loop => Breakage::Loop,
            Gap::TooLong => Breakage::TooLong,
            Gap::UnknownRoot if !self.is_self_signed(last) => Breakage::Signature,
            Gap::UnknownRoot if is_leaf => Breakage::SelfSignedLeaf,
            Gap::UnknownRoot => Breakage::UnknownRoot,
            Gap::IssuerMissing => issuer_missing(last, is_leaf, self.options),
        })
    }
}

fn issuer_missing(last: &Certificate, is_leaf: bool, options: &CheckOptions<'_>) -> Breakage {
    if options.anchors.named(last.issuer.der()).next().is_some() {
        return Breakage::Signature;
    }
    let grand_issuer = last
        .extensions
        .authority_key_id
        .as_ref()
        .and_then(|aki| aki.issuer.as_ref());
    match grand_issuer {
        Some(name) if name.der() == last.issuer.der() => Breakage::UnknownRootNotGiven,
        Some(_) => Breakage::MissingIntermediate,
        None if options.anchors.is_empty()
            && last.extensions.scts.is_none_or(|count| count == 0) =>
        {
            Breakage::Undecided
        }
        None if is_leaf || !last.extensions.ca_issuers.is_empty() => Breakage::MissingIntermediate,
        None => Breakage::Undecided,
    }
}
