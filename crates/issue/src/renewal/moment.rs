//! A moment in JSON: as it is written, it is read.

use keyway_report::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    Timestamp::parse(&text).map_err(D::Error::custom)
}
