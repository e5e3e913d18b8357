//! What was meant: paths resolved and read, roots loaded, the moment fixed, names understood.
//!
//! The clock, the environment and files are read here and nowhere else.

mod asking;
mod files;
mod folder;
mod heap;
mod host;
pub(crate) mod issuing;
mod journal;
mod known;
mod need;
mod on_disk;
mod ports;
pub(crate) mod program;
mod queue;
mod released;
mod retold;
mod secrets;
mod served;
pub(crate) mod service;
mod standard;
mod trust;
pub(crate) mod trust_store;
mod turn;
pub(crate) mod workshop;
mod zone;

pub(crate) use asking::{Asking, asked, wait_for};
pub(crate) use files::{Refused, STDIN, open_to_others, read_file, shown, unreadable};
pub(crate) use heap::Heap;
pub(crate) use journal::Journal;
pub(crate) use known::{Known, with_slips_told};
pub(crate) use need::{Nameless, Needed, records_of};
pub(crate) use on_disk::{OnDisk, public_key};
pub(crate) use queue::in_order;
pub(crate) use released::{Carried, Released};
pub(crate) use retold::Retold;
pub(crate) use secrets::{Passwords, for_writing};
pub(crate) use served::{
    Connected, Connection, Fault, GROUPS, Loaded, Manner, Place, Served, Signatures, Target,
    TargetFault, Unheard, Unserved, connect_to, fingerprint, loaded_at, served_at, shown_to, talk,
};
pub(crate) use standard::{Standard, date, moment, seconds};
pub(crate) use trust::{certificates, files_of_roots, roots, system_roots};
pub(crate) use turn::Turn;
pub(crate) use zone::ZoneFile;
