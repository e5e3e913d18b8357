//! How much of a zone may go.

use super::{Change, PlanError, State};
use crate::name::Name;

/// Share of a zone's records that a plan may take away where nobody says another, percent.
pub const MAX_SHARE: u8 = 25;

/// Fewest records that a plan may take away of any zone, however small it is.
const ALWAYS: usize = 4;

/// Most records that a plan may take away of a zone that nobody knows the size of.
const UNKNOWN: usize = 16;

pub(super) fn of(zone: &Name, removed: usize, records: Option<usize>, percent: u8) -> String {
    let word = if removed == 1 { "record" } else { "records" };
    match records {
        Some(records) => {
            format!("{removed} of the {records} records of {zone}, more than {percent} %")
        }
        None if percent == MAX_SHARE => format!(
            "{removed} {word}, more than the {UNKNOWN} that may go while nobody has looked at all of {zone}"
        ),
        None => format!(
            "{removed} {word}, and nobody knows whether that is more than {percent} % of {zone}, as nobody has looked at all \
             of it; --transfer does"
        ),
    }
}

/// How much of a zone may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// [`MAX_SHARE`], and a few records of any zone.
    Usual,
    /// So much, percent, and no more.
    AtMost(u8),
    /// All of it.
    All,
}

impl Share {
    /// Of a number: [`MAX_SHARE`] is the usual share, 100 and more is all.
    pub const fn of(percent: u8) -> Self {
        match percent {
            MAX_SHARE => Self::Usual,
            0..100 => Self::AtMost(percent),
            _ => Self::All,
        }
    }

    /// Whether these changes take away no more.
    pub(super) fn allows(
        self,
        zone: &Name,
        state: &State,
        changes: &[Change],
    ) -> Result<(), PlanError> {
        let removed = changes.iter().map(|change| change.removed().len());
        let (removed, records) = (removed.sum::<usize>(), state.counted());
        let is_above = |records: usize, percent: u8| removed * 100 > records * usize::from(percent);
        let is_much = match (self, records) {
            (Self::All, _) => false,
            (Self::Usual, Some(records)) => removed > ALWAYS && is_above(records, MAX_SHARE),
            (Self::Usual, None) => removed > UNKNOWN,
            (Self::AtMost(percent), Some(records)) => is_above(records, percent),
            (Self::AtMost(_), None) => removed > 0,
        };
        if !is_much {
            return Ok(());
        }
        Err(PlanError::TooMuch {
            zone: zone.clone(),
            removed,
            records,
            percent: match self {
                Self::AtMost(percent) => percent,
                Self::Usual | Self::All => MAX_SHARE,
            },
        })
    }
}
