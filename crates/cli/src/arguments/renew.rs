//! The arguments of `keyway renew`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::service::{FileArgument, StateArgument, StoreArgument, TrustArguments};

#[derive(Debug, Args)]
pub(crate) struct RenewArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    /// Renew it although it is not due
    #[arg(long)]
    pub(crate) force: bool,
    /// Say whether it is due, what would be done, and what the DNS says of it; no CA is asked
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Order although the CA will say no, by what is seen from here: where names lead elsewhere for others
    #[arg(long)]
    pub(crate) no_preflight: bool,
    /// Ask Let's Encrypt's CA for trying things: nobody trusts its certificate, and the one that is served stays
    #[arg(long)]
    pub(crate) staging: bool,
    /// Write a signing request (PKCS#10) for a CA by hand; its key stays here, and waits for --signed
    #[arg(long, value_name = "OUT", conflicts_with_all = ["force", "dry_run", "staging", "timer"])]
    pub(crate) csr: Option<PathBuf>,
    /// Put in place what the CA signed: the certificate with its chain, in any form
    #[arg(long, value_name = "FILE", conflicts_with_all = ["force", "dry_run", "staging", "timer", "csr"])]
    pub(crate) signed: Option<PathBuf>,
    /// Print what runs this twice a day, and do nothing else
    #[arg(long, value_enum, value_name = "KIND", conflicts_with_all = ["force", "dry_run", "staging", "at"])]
    pub(crate) timer: Option<Timer>,
    /// Run this, without a shell, once a new certificate is in its place: all words that follow, as `--then systemctl reload
    /// nginx`, for a server that does not look at its files itself. Where it fails, it is run again the next time
    #[arg(
        long,
        value_name = "COMMAND",
        num_args = 1..,
        allow_hyphen_values = true,
        conflicts_with_all = ["dry_run", "staging", "csr"]
    )]
    pub(crate) then: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) state: StateArgument,
    #[command(flatten)]
    pub(crate) store: StoreArgument,
}

/// What runs a command again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Timer {
    /// Two units of systemd
    Systemd,
    /// A line of crontab
    Cron,
}
