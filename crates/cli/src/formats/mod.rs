//! Reports for programs.

pub(crate) mod applied;
pub(crate) mod caa;
pub(crate) mod connection;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod markdown;
pub(crate) mod outside;
pub(crate) mod sarif;
pub(crate) mod status;
pub(crate) mod verified;
pub(crate) mod zone;
