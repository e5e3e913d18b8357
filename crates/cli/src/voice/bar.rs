//! Validity as a bar: every bar on the same axis, the share of the lifetime that is left.

use keyway_chain::CertificateFacts;
use keyway_report::Timestamp;

use super::page::Tone;
use crate::terminal::Look;

/// Columns of a bar.
pub(super) const BAR_WIDTH: usize = 12;

/// Where a moment stands in a validity period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// Not begun.
    Future,
    /// Percent left, rounded down.
    Left(u8),
    /// Over.
    Past,
}

impl Life {
    pub(super) fn of(certificate: &CertificateFacts, now: Timestamp) -> Self {
        Self::between(certificate.not_before, certificate.not_after, now)
    }

    fn between(from: Timestamp, to: Timestamp, now: Timestamp) -> Self {
        if now > to {
            return Self::Past;
        }
        if now < from {
            return Self::Future;
        }
        // Wide enough for any two moments; a period of one second has its whole life left.
        let whole = i128::from(to.seconds()) - i128::from(from.seconds()) + 1;
        let left = i128::from(to.seconds()) - i128::from(now.seconds()) + 1;
        Self::Left(u8::try_from(left * 100 / whole).unwrap_or(100))
    }

    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Left(33..) => Tone::Good,
            Self::Left(_) => Tone::Caution,
            Self::Past | Self::Future => Tone::Bad,
        }
    }

    /// The bar: filled for what is left.
    pub(super) fn bar(self, look: Look) -> String {
        let (full, empty) = if look.glyphs {
            ("█", "░")
        } else {
            ("#", ".")
        };
        let filled = match self {
            Self::Past => 0,
            Self::Future => BAR_WIDTH,
            // Something left is something drawn.
            Self::Left(percent) => (usize::from(percent) * BAR_WIDTH).div_ceil(100).max(1),
        };
        full.repeat(filled) + &empty.repeat(BAR_WIDTH - filled)
    }

    /// The words beside it.
    pub(super) fn words(self, certificate: &CertificateFacts) -> String {
        match self {
            Self::Past => format!("expired {}", certificate.not_after.date()),
            Self::Future => format!("from {}", certificate.not_before.date()),
            Self::Left(percent) => {
                format!("{percent:>3}% left, to {}", certificate.not_after.date())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(from: i64, to: i64, now: i64) -> Life {
        let at = Timestamp::from_seconds;
        Life::between(at(from), at(to), at(now))
    }

    #[test]
    fn life_runs_from_the_whole_to_nothing() {
        assert_eq!(life(0, 99, 0), Life::Left(100));
        assert_eq!(life(0, 99, 50), Life::Left(50));
        assert_eq!(life(0, 99, 99), Life::Left(1));
        assert_eq!(life(0, 99, 100), Life::Past);
        assert_eq!(life(0, 99, -1), Life::Future);
        assert_eq!(life(i64::MIN, i64::MAX, 0), Life::Left(50));
    }

    #[test]
    fn a_bar_has_its_width_whatever_is_left() {
        let look = Look {
            colour: false,
            glyphs: false,
            width: 80,
            screen: None,
        };
        for percent in 0..=100 {
            assert_eq!(Life::Left(percent).bar(look).len(), BAR_WIDTH);
        }
        assert_eq!(Life::Left(1).bar(look), "#...........");
    }
}
