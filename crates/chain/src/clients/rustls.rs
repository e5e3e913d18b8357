//! Programs in Rust on rustls: the answer is rustls-webpki's, as it was given.

use keyway_report::Verdict;

use super::Claim;
use super::evidence::Evidence;

pub(super) const NAME: &str = "rustls";

const SOURCE: &str = "rustls-webpki: EndEntityCert::verify_for_usage, asked here";

pub(super) fn answer(evidence: &Evidence<'_, '_>) -> Claim {
    if evidence.undecided() {
        return Claim::unknown("The search for a path was given up.", SOURCE);
    }
    if !evidence.webpki_accepts() {
        if evidence.trusted() == Verdict::Unknown {
            return Claim::unknown("No trusted roots were given.", SOURCE);
        }
        return Claim::no(format!("It says {}.", evidence.webpki_error()), SOURCE);
    }
    if !evidence.is_named() {
        return Claim::no("The certificate is not for this name.", SOURCE);
    }
    Claim {
        accepts: evidence.trusted(),
        reason: evidence.acceptance(),
        source: SOURCE,
    }
}
