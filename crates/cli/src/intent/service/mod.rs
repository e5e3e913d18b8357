//! A service file on disk: read, locked, replaced; its certificates judged; its managed name kept.

mod certificates;
mod file;
mod hosts;
mod names;
mod pairs;
mod program;

pub(crate) use certificates::{Judged, judge, judge_at_rest, modes, secret};
pub(crate) use file::{ServiceFile, save};
pub(crate) use hosts::{Leaf, ServiceHost, gone, uncovered};
pub(crate) use names::Names;
pub(crate) use pairs::{clients, look};
