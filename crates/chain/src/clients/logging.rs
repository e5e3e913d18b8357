//! Certificate transparency, which browsers ask of public CAs.

use keyway_report::DAY;

use super::Claim;
use super::evidence::Evidence;

/// Up to this many days a certificate needs [`FEW`] timestamps, beyond them [`MANY`]; the policies
/// of Chrome, Apple and Mozilla agree.
const SHORT_DAYS: i64 = 180;
const FEW: usize = 2;
const MANY: usize = 3;

/// A policy on timestamps of logs.
///
/// What it says of the logs themselves (that they are of two operators, and approved) is not judged:
/// timestamps are counted, their logs and signatures not looked up.
pub(super) struct Logging {
    /// Where it is written.
    pub(super) source: &'static str,
    /// Whether its days end with the last second of validity, not before it.
    pub(super) counts_last_second: bool,
}

impl Logging {
    /// What is said to a certificate by a public CA with too few timestamps.
    pub(super) fn refusal(&self, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        let leaf = evidence.leaf()?;
        let lifetime = leaf.lifetime() - i64::from(!self.counts_last_second);
        let wanted = if lifetime > SHORT_DAYS * DAY {
            MANY
        } else {
            FEW
        };
        let carried = leaf.extensions.scts.unwrap_or(0);
        (evidence.is_public() && carried < wanted).then(|| {
            Claim::no(
                format!(
                    "It wants {wanted} timestamps of logs in a certificate by a public CA with this \
                     lifetime, and this one carries {carried}; the server would have to send them in \
                     the handshake."
                ),
                self.source,
            )
        })
    }
}
