//! How many files the server may have open at once: each connection is one, and one more to the upstream.

/// As many as are of use: some programs that are started look at each of them, and containers have a billion.
#[cfg(unix)]
const MOST: u64 = 1 << 20;

/// Takes as many as it may without being asked for leave. What a shell or a manager gives at first is 1,024, for the sake of
/// programs that wait by select(2).
#[cfg(unix)]
pub(super) fn take_all() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    let wanted = hard.min(MOST);
    if soft < wanted {
        // It goes on with what it has: an accept(2) that fails for want of them is told, and tried again.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted, hard);
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn take_all() {}
