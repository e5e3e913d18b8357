//! Managed certificates from a real CA: `keyway renew`, and `keyway serve` that renews by itself.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use keyway_testkit::pebble::Pebble;
use renewing::Machine;

#[test]
fn a_certificate_is_ordered_once_and_kept_until_it_is_due_or_forced() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "done     account",
        "shown by http-01",
        "done     certificate",
        "nobody listens at",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let first = machine.serial();
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("kept     certificate"), "{text}");
    assert_eq!(machine.serial(), first);
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    assert_ne!(machine.serial(), first);
}
