//! A service file on disk: read, locked, replaced; its certificates judged; its managed name kept.

mod certificates;
mod clients;
mod file;
mod hosts;
mod kinds;
mod names;
mod pairs;
mod program;
mod supply;

pub(crate) use certificates::{Judged, judge, judge_at_rest, modes, regular, secret};
pub(crate) use clients::{ClientCas, clients};
pub(crate) use file::{ServiceFile, save, save_alone};
pub(crate) use hosts::{Leaf, ServiceHost, gone, uncovered};
pub(crate) use kinds::{doubled, kind};
pub(crate) use names::{Names, parent, standing_name, state_folder};
pub(crate) use pairs::{look, needs_password};
pub(crate) use supply::{ocsp_paths, shared_tickets};
