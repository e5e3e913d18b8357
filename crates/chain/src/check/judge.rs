//! rustls-webpki's answer, path by path.

use std::cell::RefCell;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, Der, TrustAnchor, UnixTime};
use webpki::{
    EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder,
    UnknownStatusPolicy, VerifiedPath,
};

use super::candidates::candidates;
use super::graph::MAX_PATHS;
use super::path::{Node, Path};
use super::{CheckOptions, Purpose};
use crate::algorithms::Memo;
use crate::read::Bundle;

/// Why rustls-webpki took no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its error.
    pub error: webpki::Error,
    /// Whether it would have taken a path that our own rules refused.
    pub ours: bool,
}

/// What rustls-webpki says when it gives up; said as well where it was not handed everything.
pub(super) const GIVEN_UP: webpki::Error = webpki::Error::MaximumPathBuildCallsExceeded;

/// What came of asking.
pub(super) enum Judgement {
    /// It takes this path, and so do our rules.
    Accepted(Path),
    /// It takes these, our rules do not; and whether it was handed only a part of what is there.
    Overruled(Vec<Path>, bool),
    /// It takes none.
    Refused(webpki::Error),
}

pub(super) struct Judge<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) options: &'a CheckOptions<'a>,
    pub(super) memo: &'a Memo<'a>,
    /// The bundle's revocation lists, as far as rustls-webpki can read them.
    pub(super) crls: &'a [webpki::CertRevocationList<'a>],
}

impl Judge<'_> {
    /// Asks for a path from `leaf`; `approves` is given each one that webpki would take.
    pub(super) fn ask(&self, leaf: usize, approves: &dyn Fn(&Path) -> bool) -> Judgement {
        let leaf_der = self.bundle.certificates[leaf].certificate.der();
        let end_entity = match EndEntityCert::try_from(leaf_der) {
            Ok(end_entity) => end_entity,
            Err(error) => return Judgement::Refused(error),
        };
        let (candidates, cut) = candidates(self.bundle, self.options, leaf);
        let others: Vec<CertificateDer<'_>> = candidates
            .into_iter()
            .map(|index| &self.bundle.certificates[index].certificate)
            .map(|certificate| CertificateDer::from(certificate.der().as_ref()))
            .collect();
        let anchors = self.anchors_in_question();
        let taken = RefCell::new(None);
        let overruled = RefCell::new(Vec::new());
        let approve = |verified: &VerifiedPath<'_>| {
            let paths = self.paths(leaf, verified);
            if let Some(path) = paths.iter().find(|path| approves(path)) {
                *taken.borrow_mut() = Some(path.clone());
                Ok(())
            } else {
                let mut overruled = overruled.borrow_mut();
                let room = MAX_PATHS.saturating_sub(overruled.len());
                overruled.extend(paths.into_iter().take(room));
                // The error is ours and not shown: any that lets the search go on will do.
                Err(webpki::Error::UnknownIssuer)
            }
        };
        let crls: Vec<&webpki::CertRevocationList<'_>> = self.crls.iter().collect();
        let answer = end_entity.verify_for_usage(
            &self.memo.algorithms(),
            &anchors,
            &others,
            unix_time(self.options.now.seconds()),
            self.usage(),
            revocation(&crls),
            Some(&approve),
        );
        let error = answer.err();
        match (taken.into_inner(), error) {
            (Some(path), _) => Judgement::Accepted(path),
            (None, _) if !overruled.borrow().is_empty() => {
                Judgement::Overruled(overruled.into_inner(), cut)
            }
            (None, _) if cut => Judgement::Refused(GIVEN_UP),
            (None, error) => Judgement::Refused(error.unwrap_or(webpki::Error::UnknownIssuer)),
        }
    }

    /// The anchors that issued anything here by their name. webpki would look at all of them for
    /// every certificate, and pass over the others.
    fn anchors_in_question(&self) -> Vec<TrustAnchor<'_>> {
        let mut named: Vec<usize> = self
            .bundle
            .certificates
            .iter()
            .flat_map(|held| self.options.anchors.named(held.certificate.issuer.der()))
            .collect();
        named.sort_unstable();
        named.dedup();
        // Of those alike one is enough: which of them a path is best ended with is seen later.
        let anchors = self.options.anchors;
        let is_first = |index: usize| anchors.alike(&anchors.trust()[index]).next() == Some(index);
        named
            .into_iter()
            .filter(|&index| is_first(index))
            .map(|index| borrowed(&anchors.trust()[index]))
            .collect()
    }

    fn usage(&self) -> KeyUsage {
        match self.options.purpose {
            Purpose::Server => KeyUsage::server_auth(),
            Purpose::Client => KeyUsage::client_auth(),
        }
    }

    /// webpki's path in our terms: one for each anchor with the name and key that it ends at.
    fn paths(&self, leaf: usize, verified: &VerifiedPath<'_>) -> Vec<Path> {
        let mut nodes = vec![Node::Held(leaf)];
        for certificate in verified.intermediate_certificates() {
            let der = certificate.der();
            let held = self
                .bundle
                .certificates
                .iter()
                .position(|held| held.certificate.der().as_ref() == der.as_ref());
            nodes.extend(held.map(Node::Held));
        }
        self.options
            .anchors
            .alike(verified.anchor())
            .map(|anchor| Path {
                nodes: nodes
                    .iter()
                    .copied()
                    .chain([Node::Anchor(anchor)])
                    .collect(),
                gap: None,
            })
            .collect()
    }
}

fn borrowed<'a>(anchor: &'a TrustAnchor<'static>) -> TrustAnchor<'a> {
    TrustAnchor {
        subject: Der::from_slice(&anchor.subject),
        subject_public_key_info: Der::from_slice(&anchor.subject_public_key_info),
        name_constraints: anchor
            .name_constraints
            .as_ref()
            .map(|constraints| Der::from_slice(constraints)),
    }
}

fn revocation<'a>(
    crls: &'a [&'a webpki::CertRevocationList<'a>],
) -> Option<webpki::RevocationOptions<'a>> {
    // A list that is there is believed for what it covers; a certificate that no list covers is not
    // refused for it, it is listed as not checked.
    RevocationOptionsBuilder::new(crls).ok().map(|builder| {
        builder
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Allow)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build()
    })
}

/// rustls counts from 1970; a moment before it is the first second, before which nothing is valid.
pub(super) fn unix_time(seconds: i64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}
