//! Steps on the way to a certificate, a line each.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;
use keyway_issue::acme::AcmeError;
use keyway_issue::renewal::Why;
use keyway_report::{Timestamp, escape};

use super::super::page::{Page, Tone};
use super::refused::told;
use super::{all, clocks, looked};
use crate::intent::issuing::{Issuer, Pins, Planned, Seen};
use crate::intent::program::ProgramFault;
use crate::intent::shown;
use crate::terminal::Look;

const HANG: &str = "                     ";

/// One step on the way to a certificate.
pub(crate) enum Step<'a> {
    /// A service file was written.
    Written(&'a Path),
    /// A signing request was written, for a service file.
    Requested(&'a Path, &'a Path),
    /// A CA is asked, by its directory.
    Asking(&'a str),
    /// The account, as the CA calls it.
    Account(&'a str),
    /// The CA knows the account no more.
    Forgotten(&'a str),
    /// A store had a new pair.
    Fetched(&'a str),
    /// A store had none, and has the pair of the state folder now.
    Brought(&'a str),
    /// What TLSA records say of the certificate that is served.
    Pinned(&'a Pins),
    /// The clocks of this machine and of the CA differ by too much.
    Clocks { ours: Timestamp, cas: Timestamp },
    /// What was seen of a host before.
    Looked(&'a Seen),
    /// It is ordered all the same, as this certificate ends soon, or has ended.
    AllTheSame(&'a Certificate),
    /// What is ordered, and the ways that can be gone.
    Ordering(&'a [Identifier], &'a [String]),
    /// A way led nowhere, and another one is gone.
    AnotherWay(&'a AcmeError),
    /// What would be ordered, and from whom.
    WouldOrder(&'a [Identifier], &'a Issuer),
    /// The CA has no chain that ends at this issuer.
    OtherChain(&'a str),
    /// It was checked.
    Checked(&'a Certificate),
    /// It is in its place.
    Renewed(&'a Path),
    /// This command was run, as it is there.
    Then(&'a [String]),
    /// It could not be run to a good end, and why.
    NotThen(&'a ProgramFault),
    /// It is served at this address.
    Served(&'a str),
    /// It is not served at this address, and why.
    NotServed(&'a str, &'a str),
    /// Nothing listens there.
    Nobody(&'a str),
    /// There is nothing to do before this moment.
    NotDue(&'a Planned),
    /// It is due, and can be served.
    Due(&'a Certificate),
}

/// A step in a line.
pub(crate) fn step(step: &Step<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let (word, name, tone, text) = match step {
        Step::Written(path) => ("done", "file", Tone::Good, shown(path)),
        Step::Requested(path, service) => (
            "done",
            "request",
            Tone::Good,
            format!(
                "{}; what the CA makes of it is put in place by `keyway renew {} --signed FILE`",
                shown(path),
                shown(service)
            ),
        ),
        Step::Asking(url) => (
            "doing",
            "account",
            Tone::Dim,
            format!("asking {}", escape::text(url)),
        ),
        Step::Account(id) => ("done", "account", Tone::Good, escape::text(id)),
        Step::Forgotten(id) => (
            "doubtful",
            "account",
            Tone::Caution,
            format!(
                "the CA knows {} no more: it is made again, by the same key",
                escape::text(id)
            ),
        ),
        Step::Fetched(address) => (
            "done",
            "files",
            Tone::Good,
            format!("fetched from {}", escape::text(address)),
        ),
        Step::Brought(address) => (
            "done",
            "files",
            Tone::Good,
            format!("brought to {}, which had none", escape::text(address)),
        ),
        Step::Pinned(pins) => pinned(pins),
        Step::Clocks { ours, cas } => ("missing", "clock", Tone::Bad, clocks(*ours, *cas)),
        Step::Looked(seen) if seen.is_clear() => ("done", "DNS", Tone::Good, looked(seen)),
        Step::Looked(seen) if !seen.is_hopeless() => {
            ("doubtful", "DNS", Tone::Caution, looked(seen))
        }
        Step::Looked(seen) => ("missing", "DNS", Tone::Bad, looked(seen)),
        Step::AllTheSame(certificate) => (
            "doubtful",
            "order",
            Tone::Caution,
            format!(
                "the CA is asked all the same, as the certificate in place ends at {}",
                certificate.not_after
            ),
        ),
        Step::Ordering(hosts, ways) => (
            "doing",
            "order",
            Tone::Dim,
            format!("{}, to be shown by {}", all(hosts), all(ways)),
        ),
        Step::AnotherWay(error) => (
            "doubtful",
            "order",
            Tone::Caution,
            format!("another way is gone, as {}", told(&error.to_string())),
        ),
        Step::WouldOrder(hosts, issuer) => (
            "would",
            "order",
            Tone::Plain,
            match issuer {
                Issuer::Local => format!("{}, from the development CA", all(hosts)),
                Issuer::Acme(url) => format!("{}, from {}", all(hosts), escape::text(url)),
            },
        ),
        Step::OtherChain(wanted) => (
            "doubtful",
            "chain",
            Tone::Caution,
            format!(
                "the CA has none that ends at {}, as `tls.acme.chain` wants it: its first choice is taken",
                escape::text(wanted)
            ),
        ),
        Step::Checked(certificate) => (
            "done",
            "certificate",
            Tone::Good,
            format!(
                "by {}, until {}; checked",
                escape::text(&certificate.issuer.short()),
                certificate.not_after
            ),
        ),
        Step::Renewed(path) => ("done", "files", Tone::Good, shown(path)),
        Step::Then(words) => (
            "done",
            "command",
            Tone::Good,
            escape::text(&words.join(" ")),
        ),
        Step::NotThen(fault) => (
            "missing",
            "command",
            Tone::Bad,
            format!(
                "{}; the certificate is in its place, who serves may not have taken it up, and the next `keyway renew` with this `--then` runs it again",
                escape::text(&fault.to_string())
            ),
        ),
        Step::Served(place) => ("done", "served", Tone::Good, (*place).to_owned()),
        Step::NotServed(place, why) => (
            "missing",
            "served",
            Tone::Bad,
            format!("{place}: {}", escape::text(why)),
        ),
        Step::Nobody(place) => (
            "missing",
            "served",
            Tone::Dim,
            format!("nobody listens at {place}; `keyway serve` serves it"),
        ),
        Step::Due(certificate) => (
            "kept",
            "certificate",
            Tone::Caution,
            format!(
                "until {}; it is due, and renewed while it is served",
                certificate.not_after
            ),
        ),
        Step::NotDue(planned) => (
            "kept",
            "certificate",
            Tone::Good,
            format!(
                "until {}; {} {}, and --force renews it now",
                planned.certificate.not_after,
                match planned.why {
                    Why::Suggested => "the CA wants it to be renewed at",
                    Why::Used | Why::Ended => "to be renewed at",
                    Why::Again | Why::Spent => "renewing failed, and is tried again at",
                    Why::Asked => "renewing failed, and the CA may be asked again at",
                },
                planned.until
            ),
        ),
    };
    let lead = format!("{word:<8} {name:<12}");
    page.paragraph(&[(&lead, tone)], HANG, &text, Tone::Plain);
    page.finish()
}

/// The same for a log.
pub(crate) fn note(said: &Step<'_>) -> String {
    let line = step(said, Look::of_a_log());
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What becomes of the key.
fn pinned(pins: &Pins) -> (&'static str, &'static str, Tone, String) {
    let (word, tone, text) = match pins {
        Pins::Key(name) => (
            "done",
            Tone::Good,
            format!("kept, as TLSA records at {} pin it", escape::text(name)),
        ),
        Pins::Certificate(name) => (
            "doubtful",
            Tone::Caution,
            format!(
                "TLSA records at {} are of the certificate itself (selector 0), which no renewal keeps: who checks them will refuse the new one; publish 3 1 1, of the key",
                escape::text(name)
            ),
        ),
        Pins::Unknown(name, why) => (
            "doubtful",
            Tone::Caution,
            format!(
                "kept, as nobody says whether TLSA records at {} pin it: {}",
                escape::text(name),
                escape::text(why)
            ),
        ),
    };
    (word, "key", tone, text)
}
