//! Safari, and everything else that uses Apple's trust evaluation.

use super::evidence::Evidence;
use super::{Claim, Family, not_logged};
use crate::x509::oids;

/// Longest validity by a CA that comes with the system, in days.
const MAX_DAYS_PUBLIC: i64 = 398;
/// Longest validity by any CA, in days, for certificates since 2019-07-01.
const MAX_DAYS: i64 = 825;

pub(super) const FAMILY: Family = Family {
    name: "Safari",
    source: "support.apple.com/103769 (requirements for trusted certificates)",
    enforces: &[],
    ignores: &[],
    refuses,
    missing,
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let not_logged = not_logged(
        evidence,
        "support.apple.com/103214 (Apple's Certificate Transparency policy)",
    );
    if not_logged.is_some() {
        return not_logged;
    }
    let (limit, source) = if evidence.is_public() {
        (
            MAX_DAYS_PUBLIC,
            "support.apple.com/102028 (limits on trusted certificates)",
        )
    } else {
        (MAX_DAYS, FAMILY.source)
    };
    if evidence.days() > limit {
        let reason = format!("It refuses more than {limit} days of validity.");
        return Some(Claim::no(reason, source));
    }
    let usage = evidence.leaf()?.extensions.extended_key_usage.as_ref();
    let for_servers = usage.is_some_and(|usage| usage.has(oids::SERVER_AUTH));
    (!for_servers).then(|| {
        Claim::no(
            "It wants an extended key usage with serverAuth, from own CAs too.",
            FAMILY.source,
        )
    })
}

fn missing(evidence: &Evidence<'_, '_>) -> Claim {
    const SOURCE: &str = "Apple Security framework: SecTrustSetNetworkFetchAllowed";
    match evidence.fetch_from() {
        Some(uri) => Claim::unknown(
            format!(
                "It fetches the missing certificate from {uri} and accepts when that leads to a \
                 trusted root."
            ),
            SOURCE,
        ),
        None => Claim::no(
            "It fetches missing certificates, but this one does not say where its issuer is.",
            SOURCE,
        ),
    }
}
