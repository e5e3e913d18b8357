//! Reports for programs.

pub(crate) mod json;
