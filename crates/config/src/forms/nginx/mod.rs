//! Servers of nginx, for the context `http`, or `stream` in TCP mode (nginx.org/en/docs:
//! ngx_http_core_module, ngx_http_ssl_module, ngx_http_proxy_module, ngx_stream_ssl_module).

mod alike;
mod around;
mod beside;
mod fences;
mod groups;
mod guards;
pub(super) mod included;
mod inherited;
mod join;
mod listen;
mod names;
mod onward;
mod own;
mod pairs;
mod passes;
mod proxy;
mod read;
mod redirect;
mod sent;
mod server;
mod syntax;
mod telling;
mod times;
mod write;

pub(super) use guards::keeps_out;
pub(super) use read::import;
pub(super) use server::DOT;
pub(super) use write::{export, is_said};
