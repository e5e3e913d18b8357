//! The arguments of the commands about DNS.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

/// How a zone file is read.
#[derive(Debug, Args)]
pub(crate) struct ZoneArguments {
    /// The name of the zone [default: that of the file's first SOA record, where it is written whole]
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// Follow $INCLUDE, to files in this folder and nowhere else
    #[arg(long, value_name = "DIR")]
    pub(crate) include: Option<PathBuf>,
}

/// Whom to ask.
#[derive(Debug, Args)]
pub(crate) struct AskArguments {
    /// A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) resolver: Vec<String>,
    /// A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]
    #[arg(long, value_name = "SERVER")]
    pub(crate) server: Vec<String>,
    /// The port of the zone's servers, where none is named
    #[arg(long, value_name = "PORT", default_value_t = 53)]
    pub(crate) port: u16,
    /// How long a server is waited for, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) timeout: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DnsCommand {
    /// Say what is wrong with zone files
    CheckZone {
        /// Zone files, or `-` for standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        zone: ZoneArguments,
        /// How to print the findings
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Print a zone file canonically: sorted, a record a line, every name and every TTL written out
    FormatZone {
        /// The zone file, or `-` for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        zone: ZoneArguments,
    },
}
