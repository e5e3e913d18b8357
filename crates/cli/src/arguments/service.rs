//! The arguments of the commands about a service file.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use keyway_config::forms::Form;

use super::{ListFormat, Profile};

/// The service file where none is named.
pub(crate) const SERVICE_FILE: &str = "keyway.toml";

/// Which service file.
#[derive(Debug, Args)]
pub(crate) struct FileArgument {
    /// The service file, TOML or JSON. Paths in it count from its folder; where this is a link, from the folder
    /// of the link
    #[arg(default_value = SERVICE_FILE, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// What certificates that the file names are judged by.
#[derive(Debug, Clone, Args)]
pub(crate) struct TrustArguments {
    /// Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)
    #[arg(long, value_name = "ROOTS", default_value = "mozilla")]
    pub(crate) roots: Vec<PathBuf>,
    /// Which rules apply to the certificate
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: Profile,
    /// The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
}

/// Where what is made here is kept.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StateArgument {
    /// Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service,
    /// `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]
    #[arg(long, value_name = "DIR", env = "KEYWAY_STATE")]
    pub(crate) state: Option<PathBuf>,
}

/// Where replicas share a managed certificate.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StoreArgument {
    /// Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX,
    /// az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER
    #[arg(long = "store", value_name = "URL", env = "KEYWAY_STORE")]
    pub(crate) address: Option<String>,
}

/// What the service is to be. The names of Azure's flags are taken, too.
#[derive(Debug, Args)]
pub(crate) struct ChangeArguments {
    /// The certificate with its chain; comes with --key and --host where the file names none yet
    #[arg(long, value_name = "FILE", alias = "ssl-cert-file")]
    pub(crate) cert: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", alias = "ssl-key-file")]
    pub(crate) key: Option<PathBuf>,
    /// A file with the password of the key, on its first line
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub(crate) password_file: Option<PathBuf>,
    /// An environment variable that holds the password of the key
    #[arg(long, value_name = "NAME")]
    pub(crate) password_env: Option<String>,
    /// A name that clients ask for (may be repeated); where the file has certificates for hosts of their own, it says
    /// whose files --cert and --key are
    #[arg(long, value_name = "NAME", alias = "ssl-cname")]
    pub(crate) host: Vec<String>,
    /// The first label of a managed name, without the six characters that are added to it
    #[arg(
        long,
        value_name = "LABEL",
        alias = "ssl-leaf-domain-label",
        conflicts_with_all = ["cert", "key", "host", "password_file", "password_env"]
    )]
    pub(crate) leaf_domain_label: Option<String>,
    /// The second label of a managed name
    #[arg(long, value_name = "REGION", requires = "leaf_domain_label")]
    pub(crate) region: Option<String>,
    /// The zone of a managed name
    #[arg(long, value_name = "ZONE", requires = "leaf_domain_label")]
    pub(crate) zone: Option<String>,
    /// Make a new managed name in place of the one there is
    #[arg(long)]
    pub(crate) overwrite_existing_domain: bool,
    /// The same, as Azure writes it
    #[arg(long, hide = true, value_parser = truth, value_name = "True|False")]
    pub(crate) ssl_overwrite_domain: Option<bool>,
    /// Print what would change, as a diff, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) state: StateArgument,
}

impl ChangeArguments {
    /// Whether they say where a password of the key is.
    pub(crate) fn has_password(&self) -> bool {
        self.password_file.is_some() || self.password_env.is_some()
    }

    /// Whether a new managed name is asked for.
    pub(crate) fn overwrites(&self) -> bool {
        self.overwrite_existing_domain || self.ssl_overwrite_domain == Some(true)
    }
}

/// As Azure's command line writes it: `True`.
fn truth(given: &str) -> Result<bool, String> {
    match given.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err("True or False is wanted; name the service file before it".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct EnableArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    #[command(flatten)]
    pub(crate) change: ChangeArguments,
    /// What is behind, http://HOST:PORT (may be repeated), in the place of what the file says
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    #[command(flatten)]
    pub(crate) change: ChangeArguments,
    /// Ask for a renewal of the managed certificate, due or not: `keyway serve` follows, and `keyway renew`
    #[arg(long, conflicts_with_all = ["cert", "key"])]
    pub(crate) renew: bool,
    /// The same, as Azure writes it
    #[arg(
        long,
        hide = true,
        value_parser = truth,
        value_name = "True|False",
        num_args = 0..=1,
        default_missing_value = "True",
        conflicts_with_all = ["cert", "key"]
    )]
    pub(crate) ssl_renew: Option<bool>,
}

impl UpdateArguments {
    /// Whether the managed certificate is to be renewed now.
    pub(crate) fn renews(&self) -> bool {
        self.renew || self.ssl_renew == Some(true)
    }
}

#[derive(Debug, Args)]
pub(crate) struct DisableArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    /// Print what would change, as a diff, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How to look at what others say of a service, and serve.
#[derive(Debug, Args)]
pub(crate) struct OutsideArguments {
    /// Read files only: ask no server, and connect to nothing
    #[arg(long, conflicts_with_all = ["resolver", "server", "timeout", "connect_port"])]
    pub(crate) offline: bool,
    /// A resolver to ask, as ADDRESS or ADDRESS:PORT (at most 8: the first that answers counts) [default:
    /// those of the file, else of the system]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) resolver: Vec<String>,
    /// A server of the zone to ask in their place, as ADDRESS, ADDRESS:PORT or NAME (at most 8: the first
    /// that answers counts)
    #[arg(long, value_name = "SERVER")]
    pub(crate) server: Vec<String>,
    /// How long a server is waited for, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(crate) timeout: u64,
    /// The port to connect to [default: that of the endpoint, else the first that is listened on, else 443]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connect_port: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    #[command(flatten)]
    pub(crate) state: StateArgument,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) outside: OutsideArguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// Which form, and what it wants to know beside the service file.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    pub(crate) file: FileArgument,
    /// The form
    #[arg(long, value_name = "FORM", value_parser = written())]
    pub(crate) to: Form,
    /// How many pods run the service, in kubernetes-deployment
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) replicas: u16,
    /// The image that they run
    #[arg(long, value_name = "IMAGE", default_value = concat!("keyway:", env!("CARGO_PKG_VERSION")))]
    pub(crate) image: String,
    /// Whom to trust where it is served, in systemd and kubernetes-deployment: mozilla, system, none, or a file or folder
    /// of CA certificates, which go into the ConfigMap (may be repeated)
    #[arg(long, value_name = "ROOTS", default_value = "mozilla")]
    pub(crate) roots: Vec<PathBuf>,
    /// Which rules apply to the certificate there
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: Profile,
    /// The moment at which it is to start there: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// The class of an Ingress or a Gateway [default: the cluster's; for a Gateway nginx]
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,
    /// Name the group X25519MLKEM768 in nginx, haproxy and caddy: their OpenSSL is 3.5 or newer, Caddy
    /// 2.10 or newer
    #[arg(long)]
    pub(crate) post_quantum: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say what is wrong with a service file, and with the certificates that it names
    Check {
        #[command(flatten)]
        file: FileArgument,
        #[command(flatten)]
        trust: TrustArguments,
        /// How to print the findings
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Serve it on loopback, shake hands in every way, and say of each setting what was seen of it
    ///
    /// The server listens at a port of its own, to this machine alone, before a stand-in for what is behind.
    Prove {
        #[command(flatten)]
        file: FileArgument,
        #[command(flatten)]
        trust: TrustArguments,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Print a service file as it is understood, without its secrets
    Show {
        #[command(flatten)]
        file: FileArgument,
    },
    /// Print the JSON Schema of service files
    Schema,
    /// Print a service in a form of another tool
    Export(ExportArguments),
    /// Print another tool's form as a service file
    ///
    /// It is printed whatever is found in it. Who is kept out there, what hosts are led to and which certificates are
    /// shown, and has no place in a service file, is of severity error. What leads parts of a host, such as a path,
    /// elsewhere is told to be left behind, and so is what is still to be said, as the form says it elsewhere, such as
    /// the files of certificates: neither is an error. What nginx includes is read from the folder of `nginx.conf`, or
    /// out of what `nginx -T` prints.
    Import {
        /// The file, or `-` for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The form
        #[arg(long, value_name = "FORM", value_parser = read())]
        from: Form,
    },
}

/// The forms that are written, by their words.
fn written() -> impl TypedValueParser<Value = Form> {
    forms(|_| true)
}

/// Those that are read.
fn read() -> impl TypedValueParser<Value = Form> {
    forms(Form::is_read)
}

fn forms(is_taken: fn(Form) -> bool) -> impl TypedValueParser<Value = Form> {
    let forms = Form::ALL.iter().filter(move |form| is_taken(**form));
    let values = forms.map(|form| PossibleValue::new(form.word()).help(form.about()));
    PossibleValuesParser::new(values)
        .try_map(|word| Form::named(&word).ok_or("there is no such form"))
}
