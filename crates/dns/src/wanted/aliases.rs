//! Aliases that have to be there.

use super::Wanted;
use crate::name::Name;
use crate::rdata::Type;

impl Wanted {
    /// Where an alias leads; nothing of what is none.
    pub fn targets(&self) -> impl Iterator<Item = Name> {
        let aliases = self.data.iter().filter(|_| self.kind == Type::CNAME);
        aliases.map(|data| Name::of_wire(data))
    }
}
