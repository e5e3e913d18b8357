//! Jobs that wait for others, several at a time.

use std::collections::BTreeMap;
use std::future::Future;
use std::ops::ControlFlow;

use tokio::task::JoinSet;

/// Most jobs that are under way at a time: each may have a dozen sockets open, and a process has 1,024 (POSIX has 20 as
/// the least).
const MOST: usize = 8;

/// Does jobs, and tells what came of each in their order, as soon as that is known. Those that are left are given up
/// where that breaks off, or where this is dropped.
pub(crate) async fn in_order<T, J>(
    jobs: impl IntoIterator<Item = J>,
    mut tell: impl FnMut(T) -> ControlFlow<()>,
) where
    T: Send + 'static,
    J: Future<Output = T> + Send + 'static,
{
    let mut left = jobs.into_iter().enumerate();
    let (mut running, mut done, mut next) = (JoinSet::new(), BTreeMap::new(), 0);
    loop {
        while running.len() < MOST
            && let Some((place, job)) = left.next()
        {
            running.spawn(async move { (place, job.await) });
        }
        match running.join_next().await {
            Some(Ok((place, came))) => done.insert(place, came),
            Some(Err(_)) => continue,
            None => break,
        };
        while let Some(came) = done.remove(&next) {
            next += 1;
            if tell(came).is_break() {
                return;
            }
        }
    }
    // Behind one that came to nothing, all the others are told.
    for came in done.into_values() {
        if tell(came).is_break() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::intent::wait_for;

    #[test]
    fn what_came_is_told_in_order_of_some_that_are_under_way_at_a_time_until_it_is_enough() {
        let most = Arc::new(AtomicUsize::new(0));
        let open = Arc::new(AtomicUsize::new(0));
        let jobs = (0..40_u64).map(|number| {
            let (most, open) = (Arc::clone(&most), Arc::clone(&open));
            async move {
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis((number * 7) % 5)).await;
                open.fetch_sub(1, Ordering::SeqCst);
                number
            }
        });
        let mut told = Vec::new();
        let told_all = in_order(jobs, |number| {
            told.push(number);
            if number == 29 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        wait_for(told_all).unwrap();
        assert_eq!(told, (0..30).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), MOST);
    }
}
