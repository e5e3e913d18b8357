//! Which of several revocation lists is relied on.
//!
//! RFC 5280, section 6.3.3, looks for one list that covers the certificate, is current and verifies.
//! One that is over, or that cannot be used, does no harm beside such a list; without it, it does.

use std::cmp::Reverse;

use keyway_report::Timestamp;

use super::anchors::contents;
use super::graph::signed_by;
use super::ocsp::{Word, words};
use super::revocation::{Coverage, List, Revocation};
use super::{CheckOptions, Context, Gap, Node, PathView};
use crate::algorithms::{Memo, Outcome};
use crate::read::{Bundle, HeldCrl};
use crate::x509::KeyUsage;

/// Most signatures asked for to put lists in order. A CA has one list or a few shards of it; those
/// beyond are left in the order they were given in.
const MAX_ASKED: usize = 24;

impl Coverage<'_> {
    /// Whether it says for sure what became of its certificate.
    fn is_relied_on(&self, view: &PathView<'_>) -> bool {
        self.list.is_current(view.options.now)
            && self.list.refusal.is_none()
            && self.signature == Outcome::Valid
            && self.fault(view).is_none()
    }

    /// Why a list that is signed as it should be cannot be relied on for this certificate.
    pub(crate) fn fault(&self, view: &PathView<'_>) -> Option<&'static str> {
        if !self.issuer_may_sign(view) {
            Some("the keyUsage of its issuer lacks cRLSign")
        } else if self.list.has_critical_key_id {
            Some("its authority key identifier is critical")
        } else if self.names_another_key(view) {
            Some("its authority key identifier is not that of its issuer")
        } else {
            None
        }
    }

    /// Whether the certificate's issuer may sign lists (RFC 5280, section 6.3.3 (f)).
    fn issuer_may_sign(&self, view: &PathView<'_>) -> bool {
        view.certificate(self.position + 1)
            .and_then(|issuer| issuer.extensions.key_usage)
            .is_none_or(KeyUsage::crl_sign)
    }

    /// Whether it says that another key signed it (RFC 5280, section 5.2.1). A CA that is
    /// cross-signed may have two identifiers for one key.
    fn names_another_key(&self, view: &PathView<'_>) -> bool {
        let (Some(issuer), Some(key_id)) = (view.certificate(self.position + 1), &self.list.key_id)
        else {
            return false;
        };
        let own = &issuer.extensions.subject_key_id;
        if own.as_ref().is_none_or(|own| own == key_id) {
            return false;
        }
        let mut held = view.bundle.certificates.iter();
        !held.any(|other| {
            other.certificate.spki_sha256() == issuer.spki_sha256()
                && other.certificate.extensions.subject_key_id.as_ref() == Some(key_id)
        })
    }
}

/// The lists that cover one certificate of a path.
struct Sorted<'a> {
    /// The one that is relied on, or, where there is none, all of them.
    decisive: Vec<Coverage<'a>>,
    /// Those that need not be relied on, since another one is.
    passed_over: Vec<Coverage<'a>>,
}

impl Revocation {
    /// For each certificate of a path, the list that decides; all that cover it where none can.
    pub(crate) fn decisive<'a>(&'a self, view: &PathView<'_>) -> Vec<Coverage<'a>> {
        let sorted = self.sorted(view).into_iter();
        sorted.flat_map(|sorted| sorted.decisive).collect()
    }

    /// Lists that are over or cannot be used, each beside one that decides.
    pub(crate) fn passed_over<'a>(&'a self, view: &PathView<'_>) -> Vec<Coverage<'a>> {
        let sorted = self.sorted(view).into_iter();
        sorted.flat_map(|sorted| sorted.passed_over).collect()
    }

    fn sorted<'a>(&'a self, view: &PathView<'_>) -> Vec<Sorted<'a>> {
        let mut groups: Vec<Vec<Coverage<'a>>> = Vec::new();
        for one in self.coverage(view) {
            match groups.last_mut() {
                Some(group) if group[0].position == one.position => group.push(one),
                _ => groups.push(vec![one]),
            }
        }
        groups.into_iter().map(|group| sort(group, view)).collect()
    }

    /// Certificates of the path, by position, of which no list and no OCSP response says for sure what became of them;
    /// whether one covers it at all. An anchor is beyond revocation.
    fn undecided(&self, view: &PathView<'_>) -> Vec<(usize, bool)> {
        let sorted = self.sorted(view);
        let group = |at: usize| sorted.iter().find(|group| group.position() == Some(at));
        let answered = words(view).into_iter().filter(Word::is_decisive);
        let answered: Vec<usize> = answered.map(|word| word.position).collect();
        let revocable = (0..view.len()).filter(|&at| is_revocable(view, at));
        revocable
            .filter(|&at| group(at).is_none_or(|group| !group.is_decided(view)))
            .filter(|at| !answered.contains(at))
            .map(|at| (at, group(at).is_some()))
            .collect()
    }

    /// The bundle's lists in the order rustls-webpki should ask them: it takes the first that covers
    /// a certificate, and refuses when that one is over or not signed by the issuer.
    pub(super) fn by_preference<'a>(
        &self,
        bundle: &'a Bundle,
        options: &CheckOptions<'_>,
        memo: &Memo<'_>,
    ) -> Vec<&'a HeldCrl> {
        let mut witness = Witness {
            bundle,
            options,
            memo,
            asked: 0,
        };
        let mut ranked: Vec<_> = self
            .lists()
            .iter()
            .map(|list| {
                // The order only matters among lists of one issuer.
                let has_rival = self
                    .lists()
                    .iter()
                    .any(|rival| rival.index != list.index && rival.issuer == list.issuer);
                let is_signed = !has_rival || witness.saw_signature_of(list);
                (!is_signed, rank(list, options.now), list.index)
            })
            .collect();
        ranked.sort_unstable();
        let held = ranked.into_iter().map(|(_, _, index)| index);
        held.filter_map(|index| bundle.crls.get(index)).collect()
    }
}

/// Smaller is better: current, usable, complete, newer.
fn rank(list: &List, now: Timestamp) -> (bool, bool, bool, Reverse<Timestamp>) {
    (
        !list.is_current(now),
        list.refusal.is_some(),
        !list.omissions.is_empty(),
        Reverse(list.this_update),
    )
}

fn sort<'a>(group: Vec<Coverage<'a>>, view: &PathView<'_>) -> Sorted<'a> {
    let (mut relied_on, others): (Vec<_>, Vec<_>) =
        group.into_iter().partition(|one| one.is_relied_on(view));
    relied_on.sort_by_key(|one| rank(one.list, view.options.now));
    match relied_on.into_iter().next() {
        Some(best) => Sorted {
            decisive: vec![best],
            passed_over: others,
        },
        None => Sorted {
            decisive: others,
            passed_over: Vec::new(),
        },
    }
}

impl Sorted<'_> {
    fn position(&self) -> Option<usize> {
        self.decisive.first().map(|one| one.position)
    }

    /// Whether a list is relied on, or one that the issuer signed names the certificate: what is
    /// revoked stays so when the list is over.
    fn is_decided(&self, view: &PathView<'_>) -> bool {
        let names = |one: &Coverage<'_>| one.entry.is_some() && one.signature == Outcome::Valid;
        let mut decisive = self.decisive.iter();
        decisive.any(|one| one.is_relied_on(view) || names(one))
    }
}

/// Whether a list could revoke it: it is no anchor, and no root that signed itself.
fn is_revocable(view: &PathView<'_>, position: usize) -> bool {
    let is_last = position + 1 == view.len();
    let is_held = matches!(view.path.nodes.get(position), Some(Node::Held(_)));
    is_held && !(is_last && view.path.gap == Some(Gap::UnknownRoot))
}

/// Looks whether lists are signed by a key that signed a certificate here: a CA that changed its key
/// has lists of both.
struct Witness<'a> {
    bundle: &'a Bundle,
    options: &'a CheckOptions<'a>,
    memo: &'a Memo<'a>,
    asked: usize,
}

impl Witness<'_> {
    fn saw_signature_of(&mut self, list: &List) -> bool {
        let name = list.issuer.der();
        let held = || {
            self.bundle
                .certificates
                .iter()
                .map(|held| &held.certificate)
        };
        let anchors = self.options.anchors;
        let of_anchors = anchors
            .named(name)
            .map(|anchor| anchors.trust()[anchor].subject_public_key_info.as_ref());
        let keys: Vec<&[u8]> = held()
            .filter(|issuer| issuer.subject.der() == name)
            .map(|issuer| contents(issuer.spki()))
            .chain(of_anchors)
            .collect();
        for child in held().filter(|child| child.issuer.der() == name) {
            for key in &keys {
                self.asked += 2;
                if self.asked > MAX_ASKED {
                    return false;
                }
                if signed_by(self.memo, child, key) == Outcome::Valid
                    && list.signed_by(self.bundle, self.memo, key) == Outcome::Valid
                {
                    return true;
                }
            }
        }
        false
    }
}

impl Context<'_> {
    /// What is not known of the revocation of the path's certificates though lists were given, in
    /// words; escaped.
    pub(crate) fn revocation_not_checked(&self) -> Vec<String> {
        let view = self.view();
        let undecided = self.revocation.undecided(&view).into_iter();
        undecided
            .map(|(position, is_covered)| {
                let why = if is_covered {
                    "no list given for it can be relied on"
                } else {
                    "no list given covers it"
                };
                format!("revocation of \"{}\": {why}", view.title(position))
            })
            .collect()
    }
}
