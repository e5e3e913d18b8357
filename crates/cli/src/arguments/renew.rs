//! The arguments of `keyway renew`.

use clap::Args;

use super::service::{FileArgument, StateArgument, TrustArguments};

#[derive(Debug, Args)]
pub(crate) struct RenewArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    /// Renew it although it is not due
    #[arg(long)]
    pub(crate) force: bool,
    /// Say whether it is due, and what would be done; nobody is asked for anything
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Order although the CA will say no, by what is seen from here: where names lead elsewhere for others
    #[arg(long)]
    pub(crate) no_preflight: bool,
    /// Ask Let's Encrypt's CA for trying things: nobody trusts its certificate, and the one that is served stays
    #[arg(long)]
    pub(crate) staging: bool,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) state: StateArgument,
}
