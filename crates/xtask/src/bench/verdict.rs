//! One line of the table, and whether it keeps its promise.

use std::fmt;

use crate::bench::statistics::Ratio;
use crate::failure::Failure;

/// A measured ratio beside what was promised.
pub(crate) struct Line {
    /// What over what.
    pub(crate) what: String,
    /// The measurement.
    pub(crate) ratio: Ratio,
    /// The most it may be; none for a figure that is only shown.
    pub(crate) bound: Option<f64>,
}

impl Line {
    /// A ratio with a bound.
    pub(crate) fn bounded(what: &str, ratio: Ratio, bound: f64) -> Self {
        Self {
            what: what.to_owned(),
            ratio,
            bound: Some(bound),
        }
    }

    /// A ratio that is only shown.
    pub(crate) fn shown(what: &str, ratio: Ratio) -> Self {
        Self {
            what: what.to_owned(),
            ratio,
            bound: None,
        }
    }

    fn kept(&self) -> bool {
        self.bound.is_none_or(|bound| self.ratio.median <= bound)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ratio {
            median,
            lower,
            upper,
            rounds,
        } = self.ratio;
        write!(formatter, "{:<62} {median:>6.3}", self.what)?;
        if rounds > 1 {
            write!(formatter, "  ({lower:.3} to {upper:.3}, n={rounds})")?;
        }
        match self.bound {
            Some(bound) if self.kept() => write!(formatter, "  at most {bound}: kept"),
            Some(bound) => write!(formatter, "  at most {bound}: EXCEEDED"),
            None => Ok(()),
        }
    }
}

/// Fails when a bound is passed.
pub(crate) fn judge(lines: &[Line]) -> Result<(), Failure> {
    let broken: Vec<&str> = lines
        .iter()
        .filter(|line| !line.kept())
        .map(|line| line.what.as_str())
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::PastBound(broken.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_past_its_bound_fails() {
        let ratio = Ratio::exact(8.0, 10.0).unwrap();
        assert!(judge(&[Line::bounded("a", ratio.clone(), 0.8)]).is_ok());
        assert!(judge(&[Line::bounded("a", ratio.clone(), 0.7)]).is_err());
        assert!(judge(&[Line::shown("a", ratio)]).is_ok());
    }
}
