//! Frontends and backends of HAProxy (docs.haproxy.org, Configuration Manual 2.6 and later).

mod back;
mod barred;
mod bind;
mod chained;
mod conditional;
mod conditions;
mod defaults;
mod fences;
mod front;
mod guards;
mod hosts;
mod lists;
mod onward;
mod pairs;
mod read;
mod redirect;
mod sections;
mod sent;
mod servers;
mod tickets;
mod uses;
mod variables;
mod versions;
mod waits;
mod write;

pub(super) use conditional::import;
pub(super) use guards::keeps_out;
pub(super) use hosts::DOT;
pub(super) use tickets::joined;
pub(super) use write::{KeyApart, export, is_said, keys_apart, response};
