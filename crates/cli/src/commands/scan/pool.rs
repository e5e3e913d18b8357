//! Work on all cores, results in order, and never more than a window of them at once.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Items under way at most: found and not yet printed. Enough to keep every worker busy while a slow
/// file holds up the line.
const WINDOW: usize = 256;

/// Most workers. Reading and judging a file takes a fraction of a millisecond; with more of them one
/// walker cannot keep up.
const MOST_WORKERS: usize = 32;

/// Applies `work` to every item on all cores, and gives the results to `take` in the items' order.
/// Stops early when `take` fails.
pub(super) fn run<T: Send, R: Send>(
    items: impl Iterator<Item = T> + Send,
    work: &(impl Fn(T) -> R + Sync),
    mut take: impl FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_WORKERS);
    // A token for each item under way: the walk waits when there is none left.
    let (token, tokens) = sync_channel::<()>(WINDOW);
    let (job, jobs) = sync_channel::<(u64, T)>(WINDOW);
    let (result, results) = sync_channel::<(u64, R)>(WINDOW);
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        scope.spawn(move || feed(items, &token, &job));
        for _ in 0..workers {
            let (jobs, result) = (&jobs, result.clone());
            scope.spawn(move || serve(jobs, &result, work));
        }
        drop(result);
        let outcome = in_order(results, &tokens, &mut take);
        // With the receivers the walk and the workers end, however much there was left to do.
        drop(tokens);
        outcome
    })
}

fn feed<T>(items: impl Iterator<Item = T>, token: &SyncSender<()>, job: &SyncSender<(u64, T)>) {
    for (number, item) in (0..).zip(items) {
        // Nobody takes them any more when a channel is closed.
        if token.send(()).is_err() || job.send((number, item)).is_err() {
            return;
        }
    }
}

fn serve<T, R>(
    jobs: &Mutex<Receiver<(u64, T)>>,
    result: &SyncSender<(u64, R)>,
    work: &impl Fn(T) -> R,
) {
    loop {
        // A poisoned lock means that another worker panicked; the scope passes that on.
        let next = match jobs.lock() {
            Ok(jobs) => jobs.recv(),
            Err(_) => return,
        };
        let Ok((number, item)) = next else { return };
        if result.send((number, work(item))).is_err() {
            return;
        }
    }
}

fn in_order<R>(
    results: Receiver<(u64, R)>,
    tokens: &Receiver<()>,
    take: &mut impl FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, result) in results {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(result)?;
            next += 1;
            // One item less under way. The token is there: it was sent before the item.
            let _ = tokens.try_recv();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let mut seen = Vec::new();
        let slow_first = |n: u64| {
            if n == 0 {
                thread::sleep(Duration::from_millis(50));
            }
            n
        };
        run(0..2_000, &slow_first, |n| {
            seen.push(n);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..2_000).collect::<Vec<u64>>());
    }

    #[test]
    fn an_endless_walk_ends_when_nobody_reads_on() {
        let mut left = 10;
        let outcome = run(0.., &|n: u64| n, |_| {
            left -= 1;
            if left == 0 {
                Err(io::ErrorKind::BrokenPipe.into())
            } else {
                Ok(())
            }
        });
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
