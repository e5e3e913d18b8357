//! The arguments of `keyway serve`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::service::{StateArgument, StoreArgument, TrustArguments};

/// How requests are logged on standard output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccessLog {
    /// Not at all
    #[default]
    None,
    /// One line each, for people
    Text,
    /// One JSON object each, and one for each connection that came to nothing (`refused` has its code)
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The service file, TOML or JSON [default: keyway.toml, unless --upstream says what to serve]
    #[arg(value_name = "FILE", conflicts_with_all = ["cert", "key", "host", "listen", "upstream"])]
    pub(crate) file: Option<PathBuf>,
    /// Without a service file: the certificate with its chain
    #[arg(long, value_name = "FILE", requires = "key", requires = "upstream")]
    pub(crate) cert: Option<PathBuf>,
    /// Without a service file: its private key
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Without a service file: a name that clients ask for (may be repeated)
    #[arg(long, value_name = "NAME", requires = "upstream")]
    pub(crate) host: Vec<String>,
    /// Without a service file: an address to listen on, with port (may be repeated) [default: [::]:443, in plain
    /// text [::]:80]
    #[arg(long, value_name = "ADDRESS", requires = "upstream")]
    pub(crate) listen: Vec<String>,
    /// Without a service file: what is behind, http://HOST:PORT, or HOST:PORT for any other protocol (may be
    /// repeated)
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Vec<String>,
    /// Threads that serve, each with sockets of its own [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Read and judge everything, bind nothing, and say whether it could be served
    #[arg(long)]
    pub(crate) check: bool,
    /// How requests are logged, on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) access_log: AccessLog,
    /// An address to answer /metrics (for Prometheus), /healthz and /readyz at, in plain HTTP; keep it from strangers
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Write the secrets of every connection to a file, for Wireshark and the like: who reads it reads everything
    #[arg(long, value_name = "FILE")]
    pub(crate) unsafe_keylog: Option<PathBuf>,
    /// Become this user, by name or number, once every address is bound; its files have to be readable for it
    #[arg(long, value_name = "USER[:GROUP]")]
    pub(crate) user: Option<String>,
    /// Do without the sandbox (Landlock) in which nothing is written or started, and nothing read but what the
    /// system is made of and the folders of the service's files
    #[arg(long)]
    pub(crate) no_sandbox: bool,
    #[command(flatten)]
    pub(crate) state: StateArgument,
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
}

impl ServeArguments {
    /// Where nothing was typed, judged like this.
    pub(crate) fn by(trust: TrustArguments) -> Self {
        Self {
            file: None,
            cert: None,
            key: None,
            host: Vec::new(),
            listen: Vec::new(),
            upstream: Vec::new(),
            threads: None,
            check: false,
            access_log: AccessLog::None,
            metrics: None,
            unsafe_keylog: None,
            user: None,
            no_sandbox: false,
            state: StateArgument::default(),
            store: StoreArgument::default(),
            trust,
        }
    }
}
