//! A pair of the development CA that is served for longer than it is good for: made anew when it is due. Who serves it
//! follows its files.

use std::io;
use std::thread;
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;
use keyway_issue::renewal::due;

use super::Made;
use crate::failure::Failure;
use crate::intent::moment;
use crate::intent::workshop::Workshop;
use crate::terminal;
use crate::voice;

/// Between two looks at the clock, which may be set, and stands while a machine sleeps.
const PAUSE: Duration = Duration::from_secs(5);

/// The same after what failed.
const LONG_PAUSE: Duration = Duration::from_secs(60);

/// Keeps it good for as long as this process lives.
pub(super) fn keep(
    workshop: Workshop,
    asked: Vec<Identifier>,
    made: Certificate,
) -> io::Result<()> {
    let keeping = move || {
        let mut served = made;
        loop {
            thread::sleep(PAUSE);
            match again(&workshop, &asked, &served) {
                Ok(Some(certificate)) => {
                    terminal::note(&voice::dev::renewed(&certificate));
                    served = certificate;
                }
                Ok(None) => {}
                Err(failure) => {
                    terminal::note(&voice::renew::failed(&failure, Some(&served)));
                    thread::sleep(LONG_PAUSE);
                }
            }
        }
    };
    let builder = thread::Builder::new().name("renewing".to_owned());
    builder.spawn(keeping).map(drop)
}

/// Another pair, where the one that is served is due.
fn again(
    workshop: &Workshop,
    asked: &[Identifier],
    served: &Certificate,
) -> Result<Option<Certificate>, Failure> {
    let now = moment(None)?;
    if now < due(served.not_before, served.not_after) {
        return Ok(None);
    }
    let lock = workshop.lock()?;
    let found = workshop.ca(now)?;
    let made = Made::ready(workshop, &found, asked, now)?;
    drop(lock);
    Ok(Some(made.certificate))
}
