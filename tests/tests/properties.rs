//! Properties of the whole way: from a heap of files over the report to the repaired files.
#![allow(clippy::unwrap_used)]

use keyway_chain::algorithms::SIGNATURE_BUDGET;
use keyway_report::Verdict;
use keyway_testkit::{Certificate, Chain, DAY, HOST, KeyKind, NOW};
use keyway_tests::heap::{Counting, Question, bundle, repaired};
use proptest::prelude::*;
use proptest::sample::Index;
use rustls_pki_types::SignatureVerificationAlgorithm;
use std::sync::LazyLock;

static GOOD: LazyLock<Chain> = LazyLock::new(Chain::good);
static QUESTION: LazyLock<Question> = LazyLock::new(|| Question::new(GOOD.root.der(), HOST, NOW));

/// Certificates and a key that have nothing to do with the good chain, or are not needed by it.
static STRANGERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let other = Certificate::root("Other Root").build();
    let issuing = other.issue_ca("Other Issuing CA").path_len(0).build();
    let leaf = issuing.issue("other.example.net").build();
    let older = Certificate::root("Older Root").key(KeyKind::P384).build();
    let expired = older.cross_sign(&GOOD.root).not_after(NOW - 1).build();
    // For the same host, with keys that nobody gives: one issued before the leaf, one after it, one by
    // another CA.
    let newer = GOOD
        .issuing
        .issue(HOST)
        .key(KeyKind::P384)
        .issued(NOW - DAY);
    let foreign = issuing.issue(HOST).key(KeyKind::P384).issued(NOW - DAY);
    vec![
        OLDER.pem(),
        newer.build().pem(),
        foreign.build().pem(),
        other.pem(),
        issuing.pem(),
        leaf.pem(),
        leaf.key_pem(),
        expired.pem(),
        GOOD.root.pem(),
    ]
});

/// The certificate that the leaf of the good chain replaced.
static OLDER: LazyLock<Certificate> = LazyLock::new(|| {
    GOOD.issuing
        .issue(HOST)
        .key(KeyKind::P384)
        .issued(NOW - 60 * DAY)
        .build()
});

/// Two certificates for one host, issued at one moment; only one chains to the root.
static TWINS: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    let other = Certificate::root("Other Root").build();
    [&GOOD.issuing, &other].map(|ca| ca.issue(HOST).issued(NOW - DAY).build())
});

/// Failures are reproduced from the seed they print; no files are kept beside the tests.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The good chain's blocks, each once or more, among strangers, in any order, over some files.
fn heap() -> impl Strategy<Value = Vec<String>> {
    let copies = prop::array::uniform4(1..3_usize);
    let strangers = prop::collection::vec(any::<Index>(), 0..5);
    (copies, strangers)
        .prop_map(|(copies, strangers)| {
            let own = [
                GOOD.leaf.pem(),
                GOOD.issuing.pem(),
                GOOD.policy.pem(),
                GOOD.key_pem(),
            ];
            let own = own
                .iter()
                .zip(copies)
                .flat_map(|(pem, copies)| vec![pem.clone(); copies]);
            let strangers = strangers.iter().map(|index| index.get(&STRANGERS).clone());
            own.chain(strangers).collect::<Vec<String>>()
        })
        .prop_shuffle()
        .prop_flat_map(|blocks| {
            let files = blocks.len();
            (Just(blocks), 1..=files)
        })
        .prop_map(|(blocks, files)| {
            let size = blocks.len().div_ceil(files);
            blocks.chunks(size).map(<[String]>::concat).collect()
        })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn order_repetition_and_strangers_change_no_answer_and_are_mended(files in heap()) {
        let bundle = bundle(&files);
        let report = QUESTION.report(&bundle);
        prop_assert_eq!(report.verdicts.accepted, Verdict::Yes, "{}", report.to_json(true));
        let repaired = repaired(&bundle, &report);
        let names: Vec<&str> = repaired.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(names, ["fullchain.pem", "chain.pem", "key.pem"]);
        prop_assert_eq!(&repaired[0].1, &GOOD.fullchain_pem());
        prop_assert_eq!(&repaired[2].1, &GOOD.key_pem());
    }

    #[test]
    fn of_two_leaves_without_a_key_the_later_one_is_judged_and_kept(
        files in Just([GOOD.leaf.pem(), OLDER.pem(), GOOD.issuing.pem(), GOOD.policy.pem()]).prop_shuffle(),
    ) {
        let bundle = bundle(&files);
        let report = QUESTION.report(&bundle);
        prop_assert_eq!(report.verdicts.accepted, Verdict::Yes, "{}", report.to_json(true));
        prop_assert_eq!(&repaired(&bundle, &report)[0].1, &GOOD.fullchain_pem());
        let codes: Vec<&str> = report.findings.iter().map(keyway_report::Finding::code).collect();
        prop_assert!(codes.contains(&"chain.second-leaf"), "{codes:?}");
        prop_assert!(!codes.contains(&"chain.stranger"), "{codes:?}");
    }

    #[test]
    fn of_two_leaves_that_are_equally_good_the_order_of_files_decides_nothing(
        files in Just([TWINS[0].pem(), TWINS[1].pem(), GOOD.issuing.pem(), GOOD.policy.pem()]).prop_shuffle(),
    ) {
        let sorted = bundle(&[TWINS[0].pem(), TWINS[1].pem(), GOOD.issuing.pem(), GOOD.policy.pem()]);
        let (one, other) = (QUESTION.report(&sorted), QUESTION.report(&bundle(&files)));
        prop_assert_eq!(one.verdicts.accepted, other.verdicts.accepted);
        prop_assert_eq!(&one.certificates[0].sha256, &other.certificates[0].sha256);
    }

    #[test]
    fn the_same_files_give_the_same_bytes(files in heap()) {
        let answers = [(); 2].map(|()| {
            let bundle = bundle(&files);
            let report = QUESTION.report(&bundle);
            (report.to_json(true), format!("{report:?}{bundle:?}"), repaired(&bundle, &report))
        });
        prop_assert_eq!(&answers[0], &answers[1]);
    }

    #[test]
    fn a_repair_of_a_repair_changes_nothing(files in heap(), seed in any::<Damage>()) {
        let damaged: Vec<Vec<u8>> = files.iter().map(|file| seed.apply(file.as_bytes())).collect();
        let once = bundle(&damaged);
        if once.certificates.is_empty() {
            return Ok(());
        }
        let first = repaired(&once, &QUESTION.report(&once));
        if first.is_empty() {
            return Ok(());
        }
        let written: Vec<&[u8]> = first.iter().map(|(_, text)| text.as_bytes()).collect();
        // `chain.pem` is in `fullchain.pem` already.
        let given: Vec<&[u8]> = written.iter().zip(&first)
            .filter(|(_, (name, _))| name != "chain.pem")
            .map(|(bytes, _)| *bytes)
            .collect();
        let twice = bundle(&given);
        prop_assert!(twice.findings.is_empty(), "{:?}", twice.findings);
        let report = QUESTION.report(&twice);
        prop_assert_eq!(&repaired(&twice, &report), &first);
    }
}

/// One thing done to a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Vec<(Index, u8)>),
    Cut(Index),
    Drop(Index, Index),
    Splice(Index, Index, Index),
    JoinLines(Index),
    DropLine(Index),
    RepeatLine(Index, u8),
    Indent(u8),
    Insert(Index, Vec<u8>),
}

impl Arbitrary for Damage {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let at = any::<Index>;
        prop_oneof![
            prop::collection::vec((at(), any::<u8>()), 1..8).prop_map(Self::Flip),
            at().prop_map(Self::Cut),
            (at(), at()).prop_map(|(from, to)| Self::Drop(from, to)),
            (at(), at(), at()).prop_map(|(from, to, into)| Self::Splice(from, to, into)),
            at().prop_map(Self::JoinLines),
            at().prop_map(Self::DropLine),
            (at(), any::<u8>()).prop_map(|(line, times)| Self::RepeatLine(line, times)),
            (1..9_u8).prop_map(Self::Indent),
            (at(), prop::collection::vec(any::<u8>(), 1..40))
                .prop_map(|(into, what)| Self::Insert(into, what)),
        ]
        .boxed()
    }
}

impl Damage {
    fn apply(&self, file: &[u8]) -> Vec<u8> {
        if file.is_empty() {
            return Vec::new();
        }
        let mut out = file.to_vec();
        let at = |index: &Index| index.index(file.len());
        let span = |from: &Index, to: &Index| at(from).min(at(to))..at(from).max(at(to));
        let mut lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
        match self {
            Self::Flip(flips) => flips
                .iter()
                .for_each(|(index, bits)| out[at(index)] ^= bits),
            Self::Cut(end) => out.truncate(at(end)),
            Self::Drop(from, to) => drop(out.drain(span(from, to))),
            Self::Splice(from, to, into) => {
                let piece = file[span(from, to)].to_vec();
                out.splice(at(into)..at(into), piece);
            }
            Self::Insert(into, what) => drop(out.splice(at(into)..at(into), what.clone())),
            Self::JoinLines(line) => {
                let index = line.index(lines.len());
                lines[index] = lines[index].strip_suffix(b"\n").unwrap_or(lines[index]);
                out = lines.concat();
            }
            Self::DropLine(line) => {
                lines.remove(line.index(lines.len()));
                out = lines.concat();
            }
            Self::RepeatLine(line, times) => {
                let index = line.index(lines.len());
                let copies = vec![lines[index]; usize::from(*times)];
                lines.splice(index..index, copies);
                out = lines.concat();
            }
            Self::Indent(width) => {
                let space = " ".repeat(usize::from(*width));
                out = lines
                    .iter()
                    .flat_map(|line| [space.as_bytes(), *line])
                    .collect::<Vec<_>>()
                    .concat();
            }
        }
        out
    }
}

/// A finding points at a line, a certificate or the whole; a file has no more of these than bytes,
/// and no damaged file of these sizes needs more findings than this.
const MAX_FINDINGS: usize = 2_000;

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_damaged_file_is_judged_with_bounded_work(
        files in heap(),
        damages in prop::collection::vec(any::<Damage>(), 1..4),
    ) {
        let whole = files.concat();
        let damaged = damages.iter().fold(whole.into_bytes(), |file, damage| damage.apply(&file));
        let bundle = bundle(&[&damaged]);
        let counting = Counting::all();
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm> =
            counting.iter().map(|one| one as &dyn SignatureVerificationAlgorithm).collect();
        let report = QUESTION.report_by(&bundle, &algorithms);
        prop_assert!(Counting::total(&counting) <= SIGNATURE_BUDGET);
        prop_assert!(report.findings.len() <= MAX_FINDINGS, "{}", report.findings.len());
        prop_assert!(report.to_json(false).len() <= 4_000_000);
        if !bundle.certificates.is_empty() {
            let written: usize = repaired(&bundle, &report).iter().map(|(_, text)| text.len()).sum();
            prop_assert!(written <= 4 * damaged.len() + 4_096);
        }
    }
}

#[test]
fn of_two_leaves_in_one_file_that_are_equally_good_the_first_is_judged() {
    for order in [[0, 1], [1, 0]] {
        let [first, second] = order.map(|index| &TWINS[index]);
        let file = [
            first.pem(),
            second.pem(),
            GOOD.issuing.pem(),
            GOOD.policy.pem(),
        ]
        .concat();
        let report = QUESTION.report(&bundle(&[file]));
        let accepted = report.verdicts.accepted == Verdict::Yes;
        assert_eq!(accepted, order[0] == 0, "{}", report.to_json(true));
        let second = report
            .findings
            .iter()
            .find(|finding| finding.code() == "chain.second-leaf");
        let message = keyway_report::Kind::message(&second.unwrap().kind);
        assert!(message.contains("it stands first in its file"), "{message}");
        assert!(message.contains("with SHA-256 "), "{message}");
    }
}
