//! When what is served has to be read again, by looks at the files that it comes from: events get lost, on network
//! file systems and in containers. Nothing here looks or reads a clock: whoever follows files says how they are.

/// Looks at files that change at each of them, until they are read all the same: five seconds at four looks a second.
/// Who writes one file again and again keeps no other from being read.
pub const MOST_RESTLESS: u32 = 20;

/// Files that are looked at again and again. `S` is what is known of a file without reading it: equal as long as
/// nothing was written.
///
/// Who reads looks first: what is written in the meantime is a change then, and is read the next time.
#[derive(Debug, Clone)]
pub struct Watch<F, S> {
    files: Vec<F>,
    /// As they were before they were read.
    read: Vec<S>,
    /// As they were at the last look.
    seen: Vec<S>,
    /// Looks since what is there is not what was read.
    restless: u32,
}

impl<F, S: Clone + PartialEq> Watch<F, S> {
    /// Files, and how each was before it was read.
    pub fn of(files: impl IntoIterator<Item = (F, S)>) -> Self {
        let (files, read): (Vec<F>, Vec<S>) = files.into_iter().unzip();
        Self {
            seen: read.clone(),
            read,
            files,
            restless: 0,
        }
    }

    /// The files.
    pub fn files(&self) -> &[F] {
        &self.files
    }

    /// Looks. Whether the files are to be read now: they changed since they were read, and did not since the last
    /// look, so that who writes is done for now; or they did at each of [`MOST_RESTLESS`] looks.
    pub fn changed(&mut self, look: impl FnMut(&F) -> S) -> bool {
        let now: Vec<S> = self.files.iter().map(look).collect();
        let is_still = now == self.seen;
        self.seen = now;
        if self.seen == self.read {
            self.restless = 0;
            return false;
        }
        self.restless += 1;
        is_still || self.restless > MOST_RESTLESS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_when_it_is_over() {
        let mut watch = Watch::of([("a", 1)]);
        assert!(!watch.changed(|_| 1));
        assert!(!watch.changed(|_| 2), "it may be written on");
        assert!(!watch.changed(|_| 3), "it was");
        assert!(watch.changed(|_| 3));
    }

    #[test]
    fn what_is_written_while_it_is_read_is_read_again() {
        // It was 1 before it was read, and is 2 when that is done.
        let mut watch = Watch::of([("a", 1)]);
        assert!(!watch.changed(|_| 2));
        assert!(watch.changed(|_| 2));
    }

    #[test]
    fn what_is_as_it_was_read_is_not_read_again() {
        let mut watch = Watch::of([("a", 1)]);
        assert!(!watch.changed(|_| 2));
        assert!(!watch.changed(|_| 1));
        assert!(!watch.changed(|_| 1));
    }

    #[test]
    fn a_file_that_never_rests_is_read_at_last() {
        let mut watch = Watch::of([("a", 0)]);
        let looks = (1..100).find(|look| watch.changed(|_| *look));
        assert_eq!(looks, Some(MOST_RESTLESS + 1));
    }
}
