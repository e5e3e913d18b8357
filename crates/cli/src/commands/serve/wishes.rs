//! What a server is asked for, by signals and by the clock.

use std::time::Duration;

/// Between two looks at the files.
const LOOK: Duration = Duration::from_millis(500);

/// What somebody or something asks a server to do.
pub(super) enum Wish {
    /// Read everything again.
    Reload,
    /// Look whether files changed.
    Look,
    /// End.
    End,
}

/// Signals and the clock.
pub(super) struct Wishes {
    clock: tokio::time::Interval,
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
}

impl Wishes {
    #[cfg(unix)]
    pub(super) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::hangup(),
            SignalKind::terminate(),
            SignalKind::interrupt(),
        ];
        let [hangup, terminate, interrupt] = kinds.map(signal);
        Ok(Self {
            clock: tokio::time::interval(LOOK),
            signals: [hangup?, terminate?, interrupt?],
        })
    }

    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Wish {
        let [hangup, terminate, interrupt] = &mut self.signals;
        tokio::select! {
            _ = hangup.recv() => Wish::Reload,
            _ = terminate.recv() => Wish::End,
            _ = interrupt.recv() => Wish::End,
            _ = self.clock.tick() => Wish::Look,
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            clock: tokio::time::interval(LOOK),
        })
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => Wish::End,
            _ = self.clock.tick() => Wish::Look,
        }
    }
}
