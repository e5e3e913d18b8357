//! Names: does the certificate carry what clients ask for.

pub mod cn_above_san;
pub mod cn_not_in_san;
mod common_name;
pub mod common_name_only;
pub mod idn;
pub mod internal_name;
pub mod ip_as_dns;
pub mod malformed;
pub mod mismatch;
pub mod no_san;
pub mod other_kinds;
pub mod reserved_label;
pub mod underscore;
pub mod wildcard_public_suffix;
pub mod wildcard_too_deep;
