//! A moment in JSON: as it is written, it is read.

use keyway_report::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    Timestamp::parse(&text).map_err(D::Error::custom)
}

/// The same where there may be none.
pub(crate) fn read_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    let moment = text.map(|text| Timestamp::parse(&text).map_err(D::Error::custom));
    moment.transpose()
}
