//! Medians, quartiles, and ratios pair by pair.

/// The ratios of two things measured side by side, each of one's values over the other's of the same
/// round: what disturbs a round disturbs both.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ratio {
    /// The middle ratio.
    pub(crate) median: f64,
    /// A quarter of the ratios is below.
    pub(crate) lower: f64,
    /// A quarter of the ratios is above.
    pub(crate) upper: f64,
    /// How many rounds there were.
    pub(crate) rounds: usize,
}

impl Ratio {
    /// Of pairs (ours, theirs). Pairs where theirs is not above zero say nothing and are left out;
    /// none when no pair is left.
    pub(crate) fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        let sound = pairs.iter().filter(|(_, theirs)| *theirs > 0.0);
        let ratios: Vec<f64> = sound.map(|(ours, theirs)| ours / theirs).collect();
        Some(Self {
            median: quantile(&ratios, 0.5)?,
            lower: quantile(&ratios, 0.25)?,
            upper: quantile(&ratios, 0.75)?,
            rounds: ratios.len(),
        })
    }

    /// A ratio of two counts that do not vary.
    pub(crate) fn exact(ours: f64, theirs: f64) -> Option<Self> {
        Self::of(&[(ours, theirs)])
    }
}

/// The middle of `values`; the mean of the two middle ones when their number is even.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The value below which a `share` (0 to 1) of `values` lies, interpolated between neighbours.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let between = place - place.floor();
    Some(sorted[below] + (sorted[above] - sorted[below]) * between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_median_is_the_middle() {
        assert!(median(&[]).is_none());
        assert!(close(median(&[3.0, 1.0, 2.0]).unwrap(), 2.0));
        assert!(close(median(&[4.0, 1.0, 2.0, 3.0]).unwrap(), 2.5));
    }

    #[test]
    fn a_ratio_is_taken_pair_by_pair() {
        // The third round was disturbed, for both; medians taken apart would not know.
        let ratio = Ratio::of(&[(1.0, 2.0), (1.0, 2.0), (9.0, 18.0)]).unwrap();
        assert!(close(ratio.median, 0.5) && close(ratio.lower, 0.5) && close(ratio.upper, 0.5));
        assert_eq!(ratio.rounds, 3);
    }

    #[test]
    fn the_quartiles_show_the_spread() {
        let pairs: Vec<(f64, f64)> = (1..=5).map(|ours| (f64::from(ours), 1.0)).collect();
        let ratio = Ratio::of(&pairs).unwrap();
        assert!(close(ratio.lower, 2.0) && close(ratio.median, 3.0) && close(ratio.upper, 4.0));
    }

    #[test]
    fn rounds_that_measured_nothing_are_left_out() {
        assert_eq!(Ratio::of(&[(1.0, 0.0)]), None);
        assert_eq!(Ratio::of(&[(1.0, 0.0), (1.0, 4.0)]).unwrap().rounds, 1);
    }
}
