//! CAs that are wanted, and that what stands there shuts out.

use super::Verify;
use crate::caa;
use crate::rdata::Type;
use crate::view::{Role, Said};

impl Verify<'_> {
    /// Whether they may issue by what the zone's servers say, and what stands beside their records.
    pub(super) fn issuers(&mut self) {
        for want in self.wanted.iter().filter(|want| want.kind == Type::CAA) {
            let mut views = self.views.iter();
            let found = views.find_map(|view| {
                let said = view.of(&want.name, want.kind);
                let set = said.and_then(Said::set)?;
                // Where no record is one of theirs, that is told already.
                let is_told = view.role == Role::Resolver || !want.is_met(set);
                let shut_out = || caa::shut_out(&want.name, &set.data, &want.requests());
                (!is_told).then(shut_out).filter(|it| !it.is_empty())
            });
            for kind in found.unwrap_or_default() {
                self.found(kind);
            }
        }
    }
}
