//! What a server keeps of before it became another user, who may not have it anew.

use keyway_issue::DevCa;
use keyway_issue::acme::Reserved;
use keyway_report::Timestamp;

use super::issuer::Issuer;
use super::managed::Managed;
use super::ways::reserve;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::workshop::Workshop;
use crate::voice;

/// What is kept.
#[derive(Default)]
pub(crate) struct Retained {
    /// Places where a CA looks.
    pub(super) places: Reserved,
    /// The development CA, where that is asked: its key is its owner's alone.
    pub(super) ca: Option<DevCa>,
}

impl Retained {
    /// What renewing a certificate needs of it, and what could not be kept, in words.
    pub(crate) fn of(
        file: &ServiceFile,
        managed: &Managed,
        user: &str,
        now: Timestamp,
    ) -> Result<(Self, Vec<String>), Failure> {
        if managed.issuer == Issuer::Local {
            let workshop = Workshop::of(file.state.as_deref())?;
            let lock = workshop.lock()?;
            let ca = Some(workshop.ca(now)?.ca);
            drop(lock);
            let places = Reserved::default();
            return Ok((Self { places, ca }, Vec::new()));
        }
        let (places, unreserved) = reserve(file)?;
        let told = unreserved.iter();
        let told = told.map(|it| voice::renew::will_be_out_of_reach(it, user));
        Ok((Self { places, ca: None }, told.collect()))
    }
}
