//! What a signal that asks this process to end does, while something is under way that leaves traces elsewhere: that is
//! broken off and cleaned up first. Asked a second time, it ends at once.

use std::process;
use std::sync::mpsc;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::failure::Failure;

/// Between two looks at whether everything is cleaned up.
const PAUSE: Duration = Duration::from_millis(20);

/// What ended by a signal ends with, as shells have it, plus the signal's number.
pub(crate) const BY_SIGNAL: u8 = 128;

static WATCH: LazyLock<Watch> = LazyLock::new(|| Watch {
    state: Mutex::default(),
    asked: watch::Sender::new(None),
});

struct Watch {
    state: Mutex<State>,
    /// The number of the signal that came.
    asked: watch::Sender<Option<u8>>,
}

#[derive(Default)]
struct State {
    /// Whether anybody waits for signals.
    is_watched: bool,
    /// How many things are cleaned up before the end.
    under_way: usize,
    /// Whether a server waits for signals itself, and ends in its own way.
    is_served: bool,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for signals from now on; from the first of them, it is up to this what they do.
    fn start(&'static self) -> std::io::Result<()> {
        let mut state = self.state();
        if state.is_watched {
            return Ok(());
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (ready, is_ready) = mpsc::channel();
        let watching = move || {
            runtime.block_on(async {
                let signals = signals::Signals::new();
                let failed = signals.as_ref().err().map(std::io::Error::kind);
                let _ = ready.send(failed);
                let Ok(mut signals) = signals else { return };
                loop {
                    self.come(signals.next().await);
                }
            });
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(watching)?;
        match is_ready.recv() {
            Ok(None) => state.is_watched = true,
            Ok(Some(kind)) => return Err(kind.into()),
            Err(_) => return Err(std::io::ErrorKind::Other.into()),
        }
        Ok(())
    }

    fn come(&self, signal: u8) {
        let state = self.state();
        if state.is_served && signal == signals::HANGUP {
            // It asks a server to read its files again.
            return;
        }
        let before = self.asked.send_replace(Some(signal));
        if !state.is_served && (state.under_way == 0 || before.is_some()) {
            process::exit(i32::from(BY_SIGNAL.saturating_add(signal)));
        }
    }

    fn asked(&self) -> Result<(), Failure> {
        match *self.asked.borrow() {
            Some(signal) => Err(Failure::Ended(signal)),
            None => Ok(()),
        }
    }
}

/// Something that is cleaned up before this process ends, until it is dropped.
pub(crate) struct UnderWay;

impl UnderWay {
    /// # Errors
    /// [`Failure::Ended`] where the end is asked for already; or signals cannot be waited for.
    pub(crate) fn begin() -> Result<Self, Failure> {
        WATCH
            .start()
            .map_err(|error| Failure::Ask(error.to_string()))?;
        let mut state = WATCH.state();
        WATCH.asked()?;
        state.under_way += 1;
        Ok(Self)
    }

    /// Waits until the end is asked for, and says by which signal.
    pub(crate) async fn asked(&self) -> u8 {
        let mut asked = WATCH.asked.subscribe();
        match asked.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(signal)) => *signal,
            // Whoever sends lives as long as this process.
            _ => std::future::pending().await,
        }
    }

    /// Everything is cleaned up.
    ///
    /// # Errors
    /// [`Failure::Ended`] where the end was asked for meanwhile.
    pub(crate) fn end(self) -> Result<(), Failure> {
        drop(self);
        WATCH.asked()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        WATCH.state().under_way -= 1;
    }
}

/// From now on, a server waits for signals itself.
///
/// # Errors
/// [`Failure::Ended`] where one came before.
pub(crate) fn is_served() -> Result<(), Failure> {
    WATCH.state().is_served = true;
    WATCH.asked()
}

/// Waits until what is under way has been cleaned up, for so long.
pub(crate) fn settle(patience: Duration) {
    let began = Instant::now();
    while WATCH.state().under_way > 0 && began.elapsed() < patience {
        thread::sleep(PAUSE);
    }
}

#[cfg(unix)]
mod signals {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// signal(7)
    pub(super) const HANGUP: u8 = 1;
    const INTERRUPT: u8 = 2;
    const TERMINATE: u8 = 15;

    pub(super) struct Signals([Signal; 3]);

    impl Signals {
        pub(super) fn new() -> std::io::Result<Self> {
            let kinds = [
                SignalKind::hangup(),
                SignalKind::interrupt(),
                SignalKind::terminate(),
            ];
            let [hangup, interrupt, terminate] = kinds.map(signal);
            Ok(Self([hangup?, interrupt?, terminate?]))
        }

        pub(super) async fn next(&mut self) -> u8 {
            let [hangup, interrupt, terminate] = &mut self.0;
            tokio::select! {
                _ = hangup.recv() => HANGUP,
                _ = interrupt.recv() => INTERRUPT,
                _ = terminate.recv() => TERMINATE,
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    /// Not to be had here.
    pub(super) const HANGUP: u8 = 1;
    const INTERRUPT: u8 = 2;

    pub(super) struct Signals;

    impl Signals {
        #[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
        pub(super) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) -> u8 {
            let _ = tokio::signal::ctrl_c().await;
            INTERRUPT
        }
    }
}
