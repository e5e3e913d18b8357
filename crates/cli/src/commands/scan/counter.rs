//! How many files there are, counted beside the work: a bar wants to know where it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::walk::Walk;

/// Counts what a walk comes upon, in a thread of its own. It reads folders and no file, so it is far
/// ahead of the work; it ends with the walk, or when nobody wants to know any more.
pub(super) struct Counter {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    found: AtomicU64,
    is_done: AtomicBool,
    is_dropped: AtomicBool,
}

impl Counter {
    pub(super) fn start(walk: Walk) -> Self {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            for _ in walk {
                if theirs.is_dropped.load(Ordering::Relaxed) {
                    return;
                }
                theirs.found.fetch_add(1, Ordering::Relaxed);
            }
            theirs.is_done.store(true, Ordering::Release);
        });
        Self { shared }
    }

    /// How many were found, never fewer than were judged, and whether those are all.
    pub(super) fn so_far(&self, judged: u64) -> (u64, bool) {
        let is_done = self.shared.is_done.load(Ordering::Acquire);
        let found = self.shared.found.load(Ordering::Relaxed);
        (found.max(judged), is_done)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.shared.is_dropped.store(true, Ordering::Relaxed);
    }
}
