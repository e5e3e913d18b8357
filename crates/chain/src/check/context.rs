//! What a check knows while the rules look at it, and the order of work.

use super::examiner::{Examiner, NodeFindings, applies};
use super::graph::Graph;
use super::judge::{GIVEN_UP, Judge, Judgement, Refusal};
use super::listing::Listing;
use super::path::{Gap, Node, Path};
use super::revocation::Revocation;
use super::{CheckOptions, Profile, Purpose, leaf, verdicts};
use crate::algorithms::{Memo, Outcome};
use crate::clients::Seen;
use crate::read::Bundle;
use crate::report::Report;
use crate::rules::chain::ca_as_leaf::names_no_server;
use crate::rules::{Kind, checks};
use crate::x509::Certificate;

/// The part a certificate plays on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Role {
    /// What the server shows.
    Leaf,
    /// Between leaf and anchor.
    Intermediate,
    /// The anchor itself, as a certificate.
    Root,
}

impl Role {
    /// What messages call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Leaf => "server certificate",
            Self::Intermediate => "intermediate",
            Self::Root => "root",
        }
    }
}

/// One certificate in its role, as the certificate checks are given it.
pub(crate) struct Subject<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) role: Role,
    pub(crate) options: &'a CheckOptions<'a>,
    pub(crate) memo: &'a Memo<'a>,
}

impl Subject<'_> {
    /// What messages call its part.
    pub(crate) fn part(&self) -> &'static str {
        match (self.role, self.options.purpose) {
            (Role::Leaf, Purpose::Client) => "client certificate",
            (role, _) => role.word(),
        }
    }

    /// Whether it is what a server shows: what the CA/B rules on server certificates speak of.
    pub(crate) fn is_server_leaf(&self) -> bool {
        self.role == Role::Leaf
            && self.options.purpose == Purpose::Server
            && !names_no_server(self.certificate)
    }

    /// Whether its own key made its signature, whatever its issuer field says.
    pub(crate) fn is_self_signed(&self) -> bool {
        let certificate = self.certificate;
        self.memo.verify(
            certificate.spki(),
            certificate.signature_algorithm_contents(),
            certificate.tbs(),
            certificate.signature(),
        ) == Outcome::Valid
    }
}

/// A path from the leaf, as the path checks are given it.
pub(crate) struct PathView<'a> {
    pub(crate) path: &'a Path,
    pub(crate) bundle: &'a Bundle,
    pub(crate) options: &'a CheckOptions<'a>,
    pub(crate) memo: &'a Memo<'a>,
    pub(crate) revocation: &'a Revocation,
}

/// The whole, as the whole checks are given it.
pub(crate) struct Context<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) options: &'a CheckOptions<'a>,
    pub(crate) memo: &'a Memo<'a>,
    /// The revocation lists that were given.
    pub(crate) revocation: &'a Revocation,
    /// Index of the leaf in the bundle; `None` without certificates.
    pub(crate) leaf: Option<usize>,
    /// The accepted path, or the one that comes nearest.
    pub(crate) path: &'a Path,
    /// Why rustls-webpki or our path rules took no path; `None` when one was taken.
    pub(crate) refusal: Option<&'a Refusal>,
    /// Errors found on the certificates of the path and on the path itself.
    pub(crate) path_errors: usize,
    /// Whether a signature of the path is of a kind that is not verified here.
    pub(crate) has_unverified: bool,
    /// What applies the path rules to other paths.
    pub(super) examiner: &'a Examiner<'a>,
}

impl<'a> Context<'a> {
    pub(crate) fn leaf_certificate(&self) -> Option<&'a Certificate> {
        self.leaf
            .map(|index| &self.bundle.certificates[index].certificate)
    }
}

/// Checks a bundle. Total: every bundle has a report.
///
/// ```
/// use keyway_chain::{Anchors, CheckOptions, ReadOptions, check, read};
/// use keyway_report::{Timestamp, Verdict};
///
/// let bundle = read(&[], &ReadOptions::default())?;
/// let anchors = Anchors::none();
/// let report = check(&bundle, &CheckOptions::new(Timestamp::from_seconds(0), &anchors, &[]));
/// assert_eq!(report.verdicts.chains, Verdict::Unknown);
/// # Ok::<(), keyway_chain::ReadError>(())
/// ```
pub fn check(bundle: &Bundle, options: &CheckOptions<'_>) -> Report {
    let memo = Memo::new(options.algorithms);
    let revocation = Revocation::read(bundle);
    let examiner = Examiner::new(bundle, options, &memo, &revocation);
    let crls: Vec<webpki::CertRevocationList<'_>> = revocation
        .by_preference(bundle, options, &memo)
        .into_iter()
        .filter_map(|crl| webpki::BorrowedCertRevocationList::from_der(&crl.der).ok())
        .map(Into::into)
        .collect();
    let leaf = leaf::pick(bundle, options);
    let (paths, refusal) = leaf.map_or_else(
        || (Vec::new(), None),
        |leaf| {
            let judge = Judge {
                bundle,
                options,
                memo: &memo,
                crls: &crls,
            };
            choose(&judge, &examiner, leaf)
        },
    );
    let none = Path::default();
    let path = paths.first().unwrap_or(&none);
    let on_path = examiner.examine(path);
    let context = Context {
        bundle,
        options,
        memo: &memo,
        revocation: &revocation,
        leaf,
        path,
        refusal: refusal.as_ref(),
        path_errors: on_path.iter().filter(|(_, kind)| kind.is_error()).count(),
        has_unverified: examiner.view(path).has_unverified(),
        examiner: &examiner,
    };
    let mut whole = Vec::new();
    for check in checks::WHOLE {
        check(&context, &mut whole);
    }
    let seen = seen(&context, &on_path, &whole);
    let mut listing = Listing::new(bundle, options.anchors, path);
    listing.add_path_findings(on_path);
    whole.retain(|(_, kind)| applies(kind, options.profile));
    listing.add_whole_findings(whole);
    let findings = listing.into_findings();
    let verdicts = verdicts::join(&context, &findings);
    Report::assemble(&context, findings, verdicts, &seen)
}

/// What is seen on the path by all the rules: clients know of no profile. `on_path` is what the rules
/// of the profile asked for saw there.
fn seen(context: &Context<'_>, on_path: &NodeFindings, whole: &[(Option<usize>, Kind)]) -> Seen {
    let on_path = if context.options.profile == Profile::Webpki {
        on_path.clone()
    } else {
        let options = CheckOptions {
            profile: Profile::Webpki,
            ..context.options.clone()
        };
        let (bundle, memo) = (context.bundle, context.memo);
        Examiner::new(bundle, &options, memo, context.revocation).examine(context.path)
    };
    let whole = whole.iter().cloned();
    on_path
        .into_iter()
        .map(|(node, kind)| (Some(node), kind))
        .chain(whole.map(|(held, kind)| (held.map(Node::Held), kind)))
        .collect()
}

/// The path to report on, and why none was taken. The chosen path stands first.
fn choose(judge: &Judge<'_>, examiner: &Examiner<'_>, leaf: usize) -> (Vec<Path>, Option<Refusal>) {
    let (candidates, refusal) = match judge.ask(leaf, &|path| examiner.approves(path)) {
        Judgement::Accepted(path) => return (vec![path], None),
        Judgement::Overruled(paths, cut) => (
            paths,
            Some(Refusal {
                error: if cut {
                    GIVEN_UP
                } else {
                    webpki::Error::UnknownIssuer
                },
                ours: true,
            }),
        ),
        Judgement::Refused(error) => (
            Graph::new(judge.bundle, judge.options, judge.memo).paths(leaf),
            Some(Refusal { error, ours: false }),
        ),
    };
    let mut ranked: Vec<((usize, usize, usize), Path)> = candidates
        .into_iter()
        .map(|path| {
            let errors = examiner
                .examine(&path)
                .iter()
                .filter(|(_, kind)| kind.is_error())
                .count();
            let rank = (usize::from(path.gap.is_some()), errors, gap_rank(&path));
            (rank, path)
        })
        .collect();
    // Stable: of equals the first found stays first.
    ranked.sort_by_key(|(rank, _)| *rank);
    (ranked.into_iter().map(|(_, path)| path).collect(), refusal)
}

/// Among broken paths the longer one explains more.
fn gap_rank(path: &Path) -> usize {
    match path.gap {
        None | Some(Gap::Loop | Gap::TooLong) => path.nodes.len(),
        Some(_) => usize::MAX - path.nodes.len(),
    }
}
