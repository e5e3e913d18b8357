//! What is typed to look at what is served.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

/// Where to connect to, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is served")]
pub(crate) struct ConnectArguments {
    /// Judge what is served there, instead of files or against them: HOST, HOST:PORT, or an address, IPv6 in
    /// brackets [default port: 443, with --starttls that of the protocol]
    ///
    /// The system's resolver says which addresses the name has. The first that takes the connection is looked
    /// at; with --all-addresses, or with FILE, each of them. With FILE, the certificate of the files has to be
    /// the one that is loaded (--metrics) and served, everywhere. FILE may be a service file (.toml, .json): of its
    /// certificates, those for the host count. Not looked at are TLS 1.1 and older, and addresses that only other
    /// resolvers know.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) connect: Option<String>,
    /// The name to ask the server for (SNI) [default: HOST; none where it is an address]
    #[arg(long, value_name = "NAME", requires = "connect")]
    pub(crate) sni: Option<String>,
    /// With FILE: where a running `keyway serve --metrics ADDRESS` is asked, in plain HTTP, whether it has loaded
    /// the certificate of the files (may be repeated, for each of several)
    #[arg(long, value_name = "ADDRESS", requires_all = ["connect", "files"])]
    pub(crate) metrics: Vec<SocketAddr>,
    /// The protocol in which TLS begins
    #[arg(long, value_enum, value_name = "PROTOCOL", requires = "connect")]
    pub(crate) starttls: Option<Starttls>,
    /// Look at every address of the name (at most 32), and compare what they serve
    #[arg(long, requires = "connect")]
    pub(crate) all_addresses: bool,
    /// How long a server is waited for, seconds, in each of some ten handshakes
    #[arg(long, value_name = "SECONDS", default_value_t = 5, requires = "connect",
          value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(crate) timeout: u64,
}

/// Protocols that begin without TLS, and change to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Starttls {
    /// Mail, RFC 3207; port 25
    Smtp,
    /// Mail, RFC 9051; port 143
    Imap,
    /// Mail, RFC 2595; port 110
    Pop3,
    /// Directories, RFC 4511; port 389
    Ldap,
    /// PostgreSQL; port 5432
    Postgres,
    /// MySQL and MariaDB; port 3306
    Mysql,
    /// Files, RFC 4217; port 21
    Ftp,
    /// Chat, from clients, RFC 6120; port 5222
    Xmpp,
}

impl Starttls {
    /// Where such servers listen (IANA, "Service Name and Transport Protocol Port Number Registry").
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Smtp => 25,
            Self::Imap => 143,
            Self::Pop3 => 110,
            Self::Ldap => 389,
            Self::Postgres => 5432,
            Self::Mysql => 3306,
            Self::Ftp => 21,
            Self::Xmpp => 5222,
        }
    }

    /// What it is called.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Ldap => "LDAP",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Ftp => "FTP",
            Self::Xmpp => "XMPP",
        }
    }
}
