use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most sets of labels of one metric. Statuses, versions, suites, groups and upstreams are far fewer; more would
/// come of somebody who makes them up.
const MOST: usize = 1024;

/// A count for each set of labels.
#[derive(Debug)]
pub(super) struct Labelled<K>(Mutex<BTreeMap<K, u64>>);

impl<K> Default for Labelled<K> {
    fn default() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<K: Ord> Labelled<K> {
    pub(super) fn add(&self, labels: K) {
        let mut counts = self.counts();
        if let Some(count) = counts.get_mut(&labels) {
            *count += 1;
        } else if counts.len() < MOST {
            counts.insert(labels, 1);
        }
    }

    pub(super) fn counts(&self) -> MutexGuard<'_, BTreeMap<K, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Upper bounds of times, in seconds: the defaults of Prometheus's clients.
pub(super) const BOUNDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How many took how long.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// One for each bound, and one beyond.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Histogram {
    pub(super) fn add(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        let place = BOUNDS.iter().position(|bound| seconds <= *bound);
        let place = place.unwrap_or(BOUNDS.len());
        self.buckets[place].fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    /// For each bound, how many took no longer; with all of them as the last.
    pub(super) fn cumulated(&self) -> Vec<u64> {
        let counts = self
            .buckets
            .iter()
            .map(|count| count.load(Ordering::Relaxed));
        counts
            .scan(0, |sum, count| {
                *sum += count;
                Some(*sum)
            })
            .collect()
    }

    /// Seconds of all together.
    pub(super) fn sum(&self) -> f64 {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed)).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_counts_for_its_bound_and_for_all_above() {
        let histogram = Histogram::default();
        for milliseconds in [1, 30, 20_000] {
            histogram.add(Duration::from_millis(milliseconds));
        }
        assert_eq!(histogram.cumulated(), [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
        assert!((histogram.sum() - 20.031).abs() < 1e-9);
    }

    #[test]
    fn labels_that_are_made_up_do_not_take_all_memory() {
        let counts = Labelled::default();
        for made_up in 0..10 * MOST {
            counts.add(made_up);
        }
        assert_eq!(counts.counts().len(), MOST);
    }
}
