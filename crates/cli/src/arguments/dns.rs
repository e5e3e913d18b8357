//! The arguments of the commands about DNS.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ListFormat;
use super::service::StateArgument;

/// What `dns caa` ends with.
const CAA_EXITS: &str = "Exit codes: 0 the CA may issue and nothing is wrong; 1 it may not, or something of severity \
error was found, for example signatures that do not hold; 2 nobody can say: a look-up failed, the record asks for \
an account or a method that was not given, or a critical tag is one that not every CA knows.";

/// What `dns verify` and `dns wait` end with.
const VERIFY_EXITS: &str = "Exit codes: 0 every server that resolvers may come to has what the service needs; 1 one does \
not, or something else is wrong; 2 nobody can say: a server that resolvers may come to was not asked (name it with \
--server, or a --resolver that knows it), there is no way to a host from here, or nobody answered.";

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
#[derive(Debug, Clone, Args)]
pub(crate) struct AskArguments {
    /// A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) resolver: Vec<String>,
    /// A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]
    #[arg(long, value_name = "SERVER")]
    pub(crate) server: Vec<String>,
    /// The port of the zone's servers, where none is named
    #[arg(long, value_name = "PORT", default_value_t = 53, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: u16,
    /// How long a server is waited for, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) timeout: u64,
}

impl AskArguments {
    /// Where nothing was typed.
    pub(crate) fn usual() -> Self {
        Self {
            resolver: Vec::new(),
            server: Vec::new(),
            port: 53,
            timeout: 5,
        }
    }
}

/// Which records a service needs: from its file, from what is typed, or from both.
#[derive(Debug, Args)]
pub(crate) struct NeedArguments {
    /// The service file, TOML or JSON [default: keyway.toml, unless --host is given]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// A name that clients ask for (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Where the service is: an address (may be repeated), a name, or a URL with one of them
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) endpoint: Vec<String>,
    /// The zone that the records are in [default: found by asking]
    #[arg(long, value_name = "NAME")]
    pub(crate) zone: Option<String>,
    /// How long answers may be remembered, seconds [default: the file's, else 300]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) ttl: Option<u32>,
    /// A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) ca: Vec<String>,
    /// The account at the CA that may ask, as a URI (RFC 8657)
    #[arg(long, value_name = "URI", requires = "ca")]
    pub(crate) account: Option<String>,
    /// A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)
    #[arg(long, value_name = "METHOD", requires = "ca")]
    pub(crate) method: Vec<String>,
    /// A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)
    #[arg(long, value_name = "FILE")]
    pub(crate) tlsa: Vec<PathBuf>,
    /// The TCP port of the pinned service [default: that of the endpoint, else 443]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) tlsa_port: Option<u16>,
    /// Make an HTTPS record with the service's protocols (RFC 9460)
    #[arg(long)]
    pub(crate) https: bool,
    /// Put the addresses into the HTTPS record, too
    #[arg(long, requires = "https")]
    pub(crate) hints: bool,
    /// A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)
    #[arg(long, value_name = "VALUE")]
    pub(crate) challenge: Vec<String>,
    /// A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)
    #[arg(long, value_name = "VALUE")]
    pub(crate) challenge_done: Vec<String>,
    /// Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)
    #[arg(long, requires_all = ["ca", "account"])]
    pub(crate) persist: bool,
    /// The moment from which that record holds no more: 2027-11-23, or @SECONDS
    #[arg(long, value_name = "DATE", requires = "persist")]
    pub(crate) persist_until: Option<String>,
    #[command(flatten)]
    pub(crate) state: StateArgument,
}

/// With which key messages are signed.
#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// A key file as `tsig-keygen` prints it (RFC 8945) [default: the service file's key]
    #[arg(long, value_name = "FILE")]
    pub(crate) tsig: Option<PathBuf>,
}

/// In whose words a plan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanForm {
    /// Lines of a zone file
    Zone,
    /// Input of nsupdate(1)
    Nsupdate,
    /// Commands of Azure's az
    AzureCli,
    /// Change batches of Amazon Route 53
    Route53,
    /// octoDNS's YAML
    Octodns,
    /// What to type into a registrar's form
    Card,
}

/// The arguments of `keyway dns plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) need: NeedArguments,
    /// Plan against a zone file, and ask nobody
    #[arg(long, value_name = "FILE", conflicts_with_all = ["transfer", "server"])]
    pub(crate) zone_file: Option<PathBuf>,
    /// Fetch the whole zone (AXFR, RFC 5936), so that everything in it counts
    #[arg(long)]
    pub(crate) transfer: bool,
    #[command(flatten)]
    pub(crate) ask: AskArguments,
    #[command(flatten)]
    pub(crate) sign: SignArguments,
    /// Write the plan to this file, for `keyway dns apply`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print the plan for somebody who carries it out
    #[arg(long, value_enum, value_name = "FORM", conflicts_with = "format")]
    pub(crate) render: Option<PlanForm>,
    /// How much of the zone's records may go, percent; of a zone that nobody has looked at all of, none [default: 25,
    /// or 4 records where that is more; 16 where the number is not known]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) max_share: Option<u8>,
    /// Take away however much of the zone it is, and addresses of hosts that NS records name as servers, too
    #[arg(long)]
    pub(crate) yes_really: bool,
    /// Take away what others may have beside what is planned, too: pins other than 3 1 1, CAA of other CAs and accounts,
    /// other values at _acme-challenge and _validation-persist
    #[arg(long)]
    pub(crate) replace_others: bool,
    /// What the plan starts from, and where it leads, has stood for longer than caches remember: nothing waits for that
    #[arg(long)]
    pub(crate) settled: bool,
    /// How to print the plan
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// The arguments of `keyway dns apply`.
#[derive(Debug, Args)]
pub(crate) struct ApplyArguments {
    /// The plan, as `keyway dns plan --out` wrote it
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: PathBuf,
    /// A service file with the server and the key
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ask: AskArguments,
    #[command(flatten)]
    pub(crate) sign: SignArguments,
    /// Wait between steps as long as the plan says, instead of stopping there
    #[arg(long)]
    pub(crate) wait: bool,
    /// Wait no longer than this in all, looks at the servers included; what a step left is looked at all the same [default: for servers that are behind an hour, for caches as long as it takes]
    #[arg(long, value_name = "SECONDS", requires = "wait")]
    pub(crate) deadline: Option<u64>,
    /// Take old pins away: the service serves with a key that stays pinned, in all its places
    #[arg(long)]
    pub(crate) key_switched: bool,
    /// Go on where nobody can say which servers resolvers may come to beside those that are asked: there are no others
    #[arg(long)]
    pub(crate) no_other_servers: bool,
    /// The moment to sign at: 2026-11-23T12:00:00Z or @SECONDS [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// What servers are held against.
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    pub(crate) need: NeedArguments,
    /// A plan that was carried out: its records are looked for
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "host", "endpoint"])]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ask: AskArguments,
    /// Connect to every address, and hold the certificate that is served there against this one
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,
    /// The port to connect to [default: that of the endpoint, else 443]
    #[arg(long, value_name = "PORT", requires = "cert", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connect_port: Option<u16>,
    /// Count on there being no servers that resolvers may come to beside those that can be named
    #[arg(long)]
    pub(crate) no_other_servers: bool,
    /// The moment to reckon from: 2026-11-23T12:00:00Z or @SECONDS [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// How to print what was seen
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// The arguments of `keyway dns wait`.
#[derive(Debug, Args)]
pub(crate) struct WaitArguments {
    #[command(flatten)]
    pub(crate) verify: VerifyArguments,
    /// Give up after so many seconds, looks included; one of a second is taken at least
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    pub(crate) deadline: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DnsCommand {
    /// Say which records a service needs, and the changes that lead there
    Plan(Box<PlanArguments>),
    /// Make the changes of a plan, exactly (RFC 2136)
    Apply(Box<ApplyArguments>),
    /// Ask every server whether the records are there
    #[command(after_help = VERIFY_EXITS)]
    Verify(Box<VerifyArguments>),
    /// Ask again and again until every server has them
    #[command(after_help = VERIFY_EXITS)]
    Wait(Box<WaitArguments>),
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
    /// Say whether a CA may issue for a name, which CAA record decides, and what would have to change
    #[command(after_help = CAA_EXITS)]
    Caa(CaaArguments),
}

/// Who asks for a certificate, and how.
#[derive(Debug, Args)]
pub(crate) struct CaaArguments {
    /// The name of the certificate; `*.NAME` is a wildcard, and international names are converted
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The CA, by the domain that it looks for in CAA, for example letsencrypt.org
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) ca: String,
    /// Ask for a wildcard of the name
    #[arg(long)]
    pub(crate) wildcard: bool,
    /// The URI of the account that asks the CA
    #[arg(long, value_name = "URI")]
    pub(crate) account: Option<String>,
    /// How the CA is shown that the name is yours, for example http-01, dns-01, tls-alpn-01
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    #[command(flatten)]
    pub(crate) asking: AskArguments,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}
