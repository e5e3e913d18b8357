//! The moment of the kit, for programs that read the machine's clock.

use std::path::Path;
use std::process::Command;

/// Where Debian's package `faketime` has its library, by the kind of machine.
const LIBRARIES: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
];

/// Makes a program believe that it is [`keyway_testkit::NOW`], and a second later a second later.
///
/// # Panics
/// Without libfaketime.
pub fn clock(command: &mut Command) -> &mut Command {
    let library = LIBRARIES.into_iter().find(|path| Path::new(path).exists());
    let library = library.expect(
        "libfaketime is missing: `cargo xtask test` installs it (Debian: `apt-get install faketime`)",
    );
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME", "@2026-11-23 00:00:00")
        .env("TZ", "UTC")
}
