//! How many files the server may have open at once: each connection is one, and one more to the upstream.

/// As many as are of use: some programs that are started look at each of them, and containers have a billion.
#[cfg(unix)]
const MOST: u64 = 1 << 20;

/// What is kept for other things than connections: files that are read again, metrics, sockets that are listened at.
#[cfg(unix)]
const KEPT: u64 = 64;

/// As many as it may have.
#[cfg(unix)]
fn most() -> Option<u64> {
    use nix::sys::resource::{Resource, getrlimit};
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    Some(hard.min(MOST))
}

/// The connections of clients that there is room for, where each has one to the upstream.
#[cfg(unix)]
pub(super) fn connections() -> Option<u32> {
    let both = most()?.saturating_sub(KEPT).max(2);
    u32::try_from(both / 2).ok()
}

/// As many as like.
#[cfg(not(unix))]
pub(super) fn connections() -> Option<u32> {
    None
}

/// Takes as many as it may without being asked for leave. What a shell or a manager gives at first is 1,024, for the sake of
/// programs that wait by select(2).
#[cfg(unix)]
pub(super) fn take_all() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (Ok((soft, hard)), Some(wanted)) = (getrlimit(Resource::RLIMIT_NOFILE), most()) else {
        return;
    };
    if soft < wanted {
        // It goes on with what it has: an accept(2) that fails for want of them is told, and tried again.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted, hard);
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn take_all() {}
