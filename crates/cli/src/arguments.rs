//! What was typed. Nothing is resolved here: see [`crate::intent`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod connect;
mod dev;
mod dns;
mod renew;
mod serve;
mod service;

pub(crate) use connect::{ConnectArguments, Starttls};
pub(crate) use dev::{DevCaArguments, DevCertArguments, DevCommand, UpArguments};
pub(crate) use dns::{
    ApplyArguments, AskArguments, CaaArguments, DnsCommand, NeedArguments, PlanArguments, PlanForm,
    SignArguments, VerifyArguments, WaitArguments, ZoneArguments,
};
pub(crate) use renew::{RenewArguments, Timer};
pub(crate) use serve::{AccessLog, ServeArguments};
pub(crate) use service::{
    ChangeArguments, ConfigCommand, DisableArguments, EnableArguments, ExportArguments,
    OutsideArguments, SERVICE_FILE, StatusArguments, TrustArguments, UpdateArguments,
};

/// Check, explain and repair certificate chains
#[derive(Debug, Parser)]
#[command(
    name = "keyway",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; `auto` follows the terminal and `NO_COLOR`
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Colour,
}

/// The contract of every command.
const EXIT_CODES: &str = "\
Exit codes: 0 nothing of severity error, 1 something of severity error, 2 could not run as asked \
(a file that was named cannot be read, an option makes no sense, nothing could be written).";

/// Where nothing is judged.
const PLAIN_EXIT_CODES: &str = "Exit codes: 0 shown, 2 could not run as asked.";

/// Where a file is edited.
const SERVICE_EXIT_CODES: &str = "\
Exit codes: 0 done, 1 something of severity error was found and nothing was written, 2 could not run as \
asked. The file is replaced whole or not at all; the one before is kept beside it as NAME.previous.";

/// Where others are asked.
const STATUS_EXIT_CODES: &str = "\
Exit codes: 0 nothing of severity error, 1 something of severity error, 2 could not run as asked. What \
cannot be looked at, as without a network, is said to be unknown, and is no error.";

/// The same for many files.
const SCAN_EXIT_CODES: &str = "\
Exit codes: 0 nothing of severity error, 1 a file with an error, or one below a folder that cannot be \
read (a dangling link, no permission), 2 something that was named cannot be read, or an option makes \
no sense. A broken file never stops the rest; each has a line of its own. Pipes, sockets and devices \
below a folder are not opened, and links to folders are not followed. Files past 16 MiB are not read; \
that is an error where the name promises certificates, as .pem and .crt do.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// From nothing to https: make what is missing, serve, and prove it
    ///
    /// For this machine and one's own networks, and by a public CA for names that others visit. What is good is kept.
    #[command(after_help = EXIT_CODES)]
    Up(UpArguments),
    /// Certificates for development, by a CA of one's own
    #[command(subcommand, after_help = EXIT_CODES)]
    Dev(DevCommand),
    /// Say what files hold, or what is served, whether a server can use it, and who will accept it
    #[command(after_help = EXIT_CODES)]
    Check(CheckArguments),
    /// Write the files that a server wants, out of whatever was given
    #[command(after_help = EXIT_CODES)]
    Fix(FixArguments),
    /// Show what files hold, without judging it
    #[command(after_help = PLAIN_EXIT_CODES)]
    Inspect(InspectArguments),
    /// Check every file below folders: a line for each with certificates, and a summary
    #[command(after_help = SCAN_EXIT_CODES)]
    Scan(ScanArguments),
    /// Explain a finding by its code
    #[command(after_help = PLAIN_EXIT_CODES)]
    Explain(ExplainArguments),
    /// Put a service behind TLS, with an own certificate or a managed name
    #[command(after_help = SERVICE_EXIT_CODES)]
    Enable(EnableArguments),
    /// Give a service new certificate files, another name, or a renewed certificate
    #[command(after_help = SERVICE_EXIT_CODES)]
    Update(UpdateArguments),
    /// Renew a managed certificate where it is due, check it, put it in place, and look that it is served
    ///
    /// What is there stays until the new one is good. `keyway serve` does so by itself; this is for a timer, and for now.
    #[command(after_help = EXIT_CODES)]
    Renew(RenewArguments),
    /// Take a service from behind TLS; its certificate stays named
    #[command(after_help = SERVICE_EXIT_CODES)]
    Disable(DisableArguments),
    /// Show how a service stands: name, certificate, time left, next renewal, what is served, DNS
    ///
    /// The first 100 hosts are looked up, and up to 256 addresses are connected to: where DNS leads, and the
    /// address of the endpoint. What is beyond that is counted.
    #[command(after_help = STATUS_EXIT_CODES)]
    Status(StatusArguments),
    /// Serve a service: TLS in front of what is behind, with certificates that were checked
    ///
    /// The service file and the files that it names are followed: what changes there is read and judged, and
    /// takes the place of what was served, without a connection lost. What is not good is refused, and the old
    /// stays. SIGHUP reads everything again; SIGTERM lets those end who are there, and ends.
    #[command(after_help = EXIT_CODES)]
    Serve(ServeArguments),
    /// Check, show, import and export service files
    #[command(subcommand, after_help = EXIT_CODES)]
    Config(ConfigCommand),
    /// Plan, change, verify and wait for DNS records; check zone files; judge CAA
    #[command(subcommand, after_help = EXIT_CODES)]
    Dns(DnsCommand),
    /// Print a shell's completions
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
    /// Write the generated pages of the project
    #[command(hide = true)]
    Generate(GenerateArguments),
}

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Files in any form and order, folders (their files, without subfolders), or `-` for standard
    /// input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// A private key in a file of its own (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Vec<PathBuf>,
    /// A certificate revocation list (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) crl: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordArguments,
}

/// Where passwords come from. Never from the command line itself, which other users can see.
#[derive(Debug, Args)]
pub(crate) struct PasswordArguments {
    /// A file with the password of what is encrypted, on its first line (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Vec<PathBuf>,
    /// An environment variable that holds the password (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub(crate) password_env: Vec<String>,
}

/// What to judge by.
#[derive(Debug, Clone, Args)]
pub(crate) struct JudgeArguments {
    /// A name or address that clients will ask for, not a pattern (may be repeated); with --purpose
    /// client, a name that the certificate has to carry
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)
    #[arg(long, value_name = "ROOTS", default_value = "mozilla")]
    pub(crate) roots: Vec<PathBuf>,
    /// What the certificate is for
    #[arg(long, value_enum, default_value_t)]
    pub(crate) purpose: Purpose,
    /// Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: Profile,
    /// At most this many intermediates between server certificate and root; more than 6 are never
    /// followed, as rustls-webpki does not
    #[arg(long, value_name = "N")]
    pub(crate) max_intermediates: Option<u8>,
    /// Warn when less than this share of the lifetime is left
    #[arg(long, value_name = "PERCENT", default_value_t = keyway_chain::check::WARN_AT_PERCENT,
          value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) warn_at: u8,
}

impl JudgeArguments {
    /// What a server's certificate is judged by for these hosts.
    pub(crate) fn server(host: Vec<String>, trust: &TrustArguments) -> Self {
        Self {
            host,
            at: trust.at.clone(),
            roots: trust.roots.clone(),
            purpose: Purpose::Server,
            profile: trust.profile,
            max_intermediates: None,
            warn_at: keyway_chain::check::WARN_AT_PERCENT,
        }
    }
}

#[derive(Debug, Args)]
#[command(mut_arg("files", |files| files.required(false).required_unless_present("connect")))]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) connect: ConnectArguments,
    #[command(flatten)]
    pub(crate) judge: JudgeArguments,
    /// How to print the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// Print only errors, one a line (text only)
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FixArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) judge: JudgeArguments,
    /// Folder to write into; made when it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t)]
    pub(crate) to: Form,
    /// Keep the root at the end of the chain
    #[arg(long)]
    pub(crate) keep_root: bool,
    /// Replace files of an earlier run; those that are not written anew are kept as NAME.old
    #[arg(long)]
    pub(crate) force: bool,
    /// With --to p12: a file with the password for the PKCS#12 file that is written, on its first line
    #[arg(long, value_name = "FILE", conflicts_with = "to_password_env")]
    pub(crate) to_password_file: Option<PathBuf>,
    /// With --to p12: an environment variable that holds the password for the PKCS#12 file that is written
    #[arg(long, value_name = "NAME")]
    pub(crate) to_password_env: Option<String>,
    /// Print only what could not be repaired
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// How to print the facts
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// Files, folders with all below them, and patterns such as 'certs/**/*.pem'
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordArguments,
    #[command(flatten)]
    pub(crate) judge: JudgeArguments,
    /// How to print the lines
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    /// Print only files with errors, and the summary (text only)
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Also print a line for files below folders that hold no certificate (text only)
    #[arg(long, short, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Codes, for example chain.missing-intermediate
    #[arg(
        required_unless_present = "all",
        conflicts_with = "all",
        value_name = "CODE"
    )]
    pub(crate) codes: Vec<String>,
    /// Every code
    #[arg(long)]
    pub(crate) all: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ProseFormat,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// What to generate
    #[arg(value_enum)]
    pub(crate) what: Generated,
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A picture for people
    #[default]
    Text,
    /// The report, `keyway.report/1`
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ProseFormat {
    /// For people
    #[default]
    Text,
    /// An array of rules
    Json,
    /// A page a rule
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Form {
    /// fullchain.pem, chain.pem and key.pem
    #[default]
    Pem,
    /// bundle.p12, for IIS and Java; --to-password-file or --to-password-env gives its password, else it is asked for
    P12,
    /// chain.p7b, certificates only
    P7b,
    /// cert.der, chain-1.der and so on, and key.der
    Der,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Purpose {
    /// A TLS server
    #[default]
    Server,
    /// A TLS client, whose certificate is named for no host
    Client,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Profile {
    /// RFC 5280 and the CA/B Forum rules that browsers apply
    #[default]
    Webpki,
    /// RFC 5280 alone
    Rfc5280,
    /// An own CA: what clients need to accept it
    Private,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generated {
    /// A page for each rule, and an index
    Rules,
    /// The JSON Schema of the report
    Schema,
    /// Completions of every shell
    Completions,
    /// Manual pages
    Man,
}
