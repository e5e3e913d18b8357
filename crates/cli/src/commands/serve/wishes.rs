//! What a server is asked for, by signals, by the clock, and by what happens to files.

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::folders::Folders;
use super::manager::Watchdog;

/// Between two looks at files that nobody tells of.
const LOOK: Duration = Duration::from_millis(500);

/// Between two looks at files that the system tells of: some file systems, of networks and containers, keep what
/// happens to themselves.
const SELDOM: Duration = Duration::from_secs(5);

/// Until a look at files that something happened to, and until the next one, which sees whether it is over.
const SOON: Duration = Duration::from_millis(250);

/// What somebody or something asks a server to do.
pub(super) enum Wish {
    /// Read everything again.
    Reload,
    /// Look whether files changed.
    Look,
    /// End.
    End,
}

/// Signals, the clock and files.
pub(super) struct Wishes {
    /// `None` where the system has no more of them to give: then it is looked all the more often.
    folders: Option<Folders>,
    look_at: Instant,
    /// Looks that are to come soon.
    soon: u32,
    signals: Signals,
    /// Whoever waits for wishes is alive.
    watchdog: Watchdog,
}

impl Wishes {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            folders: Folders::new().ok(),
            look_at: Instant::now(),
            soon: 0,
            signals: Signals::new()?,
            watchdog: Watchdog::of_environment(),
        })
    }

    /// Follows files, and no others any more.
    pub(super) fn follow<'a>(&mut self, files: impl IntoIterator<Item = &'a PathBuf>) {
        if let Some(folders) = &mut self.folders {
            folders.watch(files);
        }
        // What happened before they were watched is seen by a look.
        self.look_soon();
    }

    /// What is wished next.
    pub(super) async fn next(&mut self) -> Wish {
        loop {
            let look_at = self.look_at;
            tokio::select! {
                wish = self.signals.next() => return wish,
                () = sleep_until(look_at) => {
                    self.soon = self.soon.saturating_sub(1);
                    self.look_at = Instant::now() + self.pause();
                    return Wish::Look;
                }
                () = told(self.folders.as_mut()) => self.look_soon(),
                () = self.watchdog.tell() => {}
            }
        }
    }

    /// Looks twice: what is written on is read when that is over. Who writes all the time moves no look.
    fn look_soon(&mut self) {
        if self.soon == 0 {
            self.look_at = Instant::now() + SOON;
        }
        self.soon = 2;
    }

    fn pause(&self) -> Duration {
        let is_told = self.folders.as_ref().is_some_and(Folders::tell_all);
        match (self.soon, is_told) {
            (1.., _) => SOON,
            (0, true) => SELDOM,
            (0, false) => LOOK,
        }
    }
}

/// Ends when something happened to a file; never, where nobody tells.
async fn told(folders: Option<&mut Folders>) {
    match folders {
        Some(folders) => folders.told().await,
        None => std::future::pending().await,
    }
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::hangup(),
            SignalKind::terminate(),
            SignalKind::interrupt(),
        ];
        let [hangup, terminate, interrupt] = kinds.map(signal);
        Ok(Self([hangup?, terminate?, interrupt?]))
    }

    async fn next(&mut self) -> Wish {
        let [hangup, terminate, interrupt] = &mut self.0;
        tokio::select! {
            _ = hangup.recv() => Wish::Reload,
            _ = terminate.recv() => Wish::End,
            _ = interrupt.recv() => Wish::End,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[allow(clippy::unnecessary_wraps, reason = "as where there are signals")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Wish {
        // Where it cannot be heard, nobody asks.
        match tokio::signal::ctrl_c().await {
            Ok(()) => Wish::End,
            Err(_) => std::future::pending().await,
        }
    }
}
