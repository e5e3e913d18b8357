//! The members of a JSON object, each of which may be said once: of two nobody knows which one another reader takes
//! (RFC 8259, section 4).

use std::collections::BTreeSet;
use std::fmt;

use keyway_report::escape;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::read::wrong;
use crate::forms::ImportError;
use crate::forms::left::Left;
use crate::forms::wiped::wipe;

/// What is said of a member that comes again begins so.
const SAID: &str = "the member `";

/// In their order.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Members;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        let mut names = BTreeSet::new();
        while let Some((name, mut value)) = map.next_entry::<String, Value>()? {
            if !names.insert(name.clone()) {
                wipe(&mut value);
                for (_, value) in &mut members {
                    wipe(value);
                }
                let name = escape::text(&Left::cut(&name));
                return Err(A::Error::custom(format!("{SAID}{name}` is said twice")));
            }
            members.push((name, value));
        }
        Ok(Members(members))
    }
}

/// Reads an object.
pub(super) fn members(text: &str) -> Result<Vec<(String, Value)>, ImportError> {
    let Members(members) = serde_json::from_str(text).map_err(|error| {
        let reason = error.to_string();
        // The place is said in front.
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let message = if error.is_data() && reason.starts_with(SAID) {
            reason.to_owned()
        } else if error.is_data() {
            // What stands there instead may be a key, and is not told.
            "an object is wanted".to_owned()
        } else {
            format!("this is no JSON, or not whole: {reason}")
        };
        wrong(error.line().max(1), message)
    })?;
    Ok(members)
}
