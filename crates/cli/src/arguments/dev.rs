//! The arguments of `keyway dev` and `keyway up`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::service::{StateArgument, StoreArgument, TrustArguments};

/// What is made for development.
#[derive(Debug, Subcommand)]
pub(crate) enum DevCommand {
    /// Make a CA for development, or show the one that is there
    ///
    /// It vouches for names that nobody can own (localhost, .test, .local, .home.arpa, .internal), for addresses that
    /// are not routed, and for what --permit names; clients hold it to that. Its key is for you alone.
    Ca(DevCaArguments),
    /// Make a certificate by it, with a new key
    Cert(DevCertArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DevCaArguments {
    /// A name that the new CA may vouch for as well, with all below it, or an address (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub(crate) permit: Vec<String>,
    /// Make a new one although there is one: what the old one vouched for is trusted no more by who trusts the new
    #[arg(long, conflicts_with = "uninstall")]
    pub(crate) anew: bool,
    /// Have it trusted on this machine: by the system's programs (as root), and by browsers that keep a store of their
    /// own (NSS: Chromium, Firefox)
    #[arg(long, conflicts_with = "uninstall")]
    pub(crate) install: bool,
    /// Have it trusted no more by either; its files stay
    #[arg(long, conflicts_with = "permit")]
    pub(crate) uninstall: bool,
    #[command(flatten)]
    pub(crate) state: StateArgument,
}

#[derive(Debug, Args)]
pub(crate) struct DevCertArguments {
    /// Names, wildcards as *.app.test, and addresses that the certificate is for
    #[arg(required = true, value_name = "HOST")]
    pub(crate) hosts: Vec<String>,
    /// The folder to write fullchain.pem and key.pem to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Days that it is valid, at most 825
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = keyway_issue::dev::LEAF_DAYS)]
    pub(crate) days: i64,
    /// Write over files that are there
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) state: StateArgument,
}

#[derive(Debug, Args)]
pub(crate) struct UpArguments {
    /// A service file to bring up: its certificate is made where it is managed and missing or due
    #[arg(value_name = "FILE", conflicts_with_all = ["host", "upstream", "listen"])]
    pub(crate) file: Option<PathBuf>,
    /// A name or address that clients ask for (may be repeated) [default: localhost, 127.0.0.1 and ::1]; for a name that
    /// others own, too, keyway.toml is written, and a public CA is asked
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// What is behind, http://HOST:PORT [default: a page that says that it works]
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Vec<String>,
    /// An address to listen on, with port (may be repeated) [default: 127.0.0.1:8443 and [::1]:8443]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) state: StateArgument,
    #[command(flatten)]
    pub(crate) store: StoreArgument,
}
