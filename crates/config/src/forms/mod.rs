//! Other tools' forms of a service, in and out.
//!
//! An export says which fields the form does not say as they stand ([`Exported::lost`]), and refuses what would
//! be no service behind TLS ([`Refusal`]); an import says what in it has no place here.

mod asking;
mod azure;
mod behind;
mod caddy;
mod called;
mod claimed;
mod exported;
mod fates;
mod fields;
mod glob;
mod haproxy;
mod hidden;
mod kubernetes;
mod leading;
mod left;
mod nginx;
mod otherwise;
mod paths;
mod pem;
mod refusal;
mod served;
mod settings;
mod sites;
mod systemd;
mod wild;
mod wiped;
mod words;

pub use exported::{Exported, findings};
pub use glob::{MAX_STEPS, is_match, is_pattern};
pub use refusal::Refusal;

use crate::model::Listed;
use crate::{Finding, Service};
use std::collections::BTreeSet;

/// Makes the enum of all forms out of one list, so that nothing of a form can be forgotten: its name, its
/// word, what it is, and whether it is read, too.
macro_rules! forms {
    ($( $form:ident, $word:literal, $way:ident, $about:literal; )*) => {
        /// A form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Form {
            $( #[doc = concat!($about, ".")] $form, )*
        }

        impl Form {
            /// Every form, in the order in which they are listed.
            pub const ALL: &[Self] = &[$( Self::$form ),*];

            /// What it is called.
            pub const fn word(self) -> &'static str {
                match self {
                    $( Self::$form => $word, )*
                }
            }

            /// What it is, in a few words.
            pub const fn about(self) -> &'static str {
                match self {
                    $( Self::$form => $about, )*
                }
            }

            /// Whether it is read, too.
            pub const fn is_read(self) -> bool {
                match self {
                    $( Self::$form => Way::$way.is_read(), )*
                }
            }
        }
    };
}

/// Which way a form goes.
#[derive(Clone, Copy)]
enum Way {
    Both,
    Out,
}

impl Way {
    const fn is_read(self) -> bool {
        matches!(self, Self::Both)
    }
}

forms! {
    AzureJson, "azure-json", Both,
        "`SslConfiguration` of Azure ML v1, as JSON; certificate and key are the PEM texts";
    AzureCluster, "azure-cluster", Both,
        "Arguments of `enable_ssl` of Azure ML v1 as JSON, for a new cluster; certificate and key are paths";
    AzureContainer, "azure-container", Both,
        "Arguments of `AciWebservice.deploy_configuration` as JSON, for a single container";
    AzureCli, "azure-cli", Both,
        "The command line `az ml computetarget update aks`; certificate and key are paths";
    AzurePython, "azure-python", Both,
        "Python for `azureml.core`: read are calls with literal arguments, and nothing is executed";
    KubernetesSecret, "kubernetes-secret", Both,
        "TLS Secrets of Kubernetes: they hold the private keys";
    KubernetesIngress, "kubernetes-ingress", Both, "Ingress of Kubernetes";
    Gateway, "gateway", Out, "Gateway and HTTPRoute of the Gateway API";
    CertManager, "cert-manager", Out, "Certificate of cert-manager";
    KubernetesDeployment, "kubernetes-deployment", Out,
        "ConfigMap, Deployment, Service and PodDisruptionBudget that run the service in a cluster";
    Nginx, "nginx", Both, "Servers of nginx: below `http`, or `stream` in TCP mode";
    Haproxy, "haproxy", Both, "Frontends and backends of HAProxy";
    Caddy, "caddy", Out, "A Caddyfile";
    Systemd, "systemd", Out, "A systemd unit that serves the service file";
}

impl Form {
    /// Whether private keys themselves are in it.
    pub const fn holds_keys(self) -> bool {
        matches!(self, Self::AzureJson | Self::KubernetesSecret)
    }

    /// Whether it is a server's configuration.
    const fn is_server(self) -> bool {
        matches!(self, Self::Nginx | Self::Haproxy | Self::Caddy)
    }

    /// The form that is called so.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|form| form.word() == word)
    }
}

/// Texts of files that a service names: a path as it is written, and what is in it.
pub type Files<'f> = &'f dyn Fn(&str) -> Option<String>;

/// The files that an `include` names by a path or a pattern, each with its path and its text; `None` where one is not
/// there or cannot be read.
pub type Included<'f> = &'f dyn Fn(&str) -> Option<Vec<(String, String)>>;

/// The main file of a server, which may include the text that is read.
#[derive(Clone, Copy)]
pub struct Main<'f> {
    /// Where it is.
    pub path: &'f str,
    /// What is in it.
    pub text: &'f str,
    /// Whether a file that it includes, of this path, is the one that is read.
    pub is_own: &'f dyn Fn(&str) -> bool,
}

/// What lies around a text that is read.
#[derive(Clone, Copy)]
pub struct Sources<'f> {
    /// Texts of the files that it names.
    pub files: Files<'f>,
    /// Texts of the files that it includes.
    pub included: Included<'f>,
    /// The folder that its paths count from. Without one they stay as they are.
    pub folder: Option<&'f str>,
    /// The main file, where the text is another one: what stands around it there counts for nginx.
    pub main: Option<Main<'f>>,
}

/// A service out of another tool's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The service.
    pub service: Service,
    /// What has no place in it, as it is written there, escaped.
    pub lost: Vec<String>,
    /// What the service must not be without, and has no place in it either: who is kept out, what is led to.
    pub findings: Vec<Finding>,
}

impl Imported {
    fn new(service: Service, lost: Vec<String>) -> Self {
        Self {
            service,
            lost,
            findings: Vec::new(),
        }
    }
}

/// Why a text is not in the form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It is longer than is read.
    #[error("the text is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It is something else.
    #[error("line {line}: {message}")]
    Form {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The form is only written.
    #[error("{form} is written here, not read")]
    OutOnly {
        /// The form.
        form: &'static str,
    },
}

/// By what certificates are judged where the service is served: what `keyway serve` is told beside the file.
#[derive(Clone, Copy, Default)]
pub struct Trust<'p> {
    /// Values of `--roots`: words, or paths in full. Without one it is what holds where nothing is said.
    pub roots: &'p [String],
    /// The certificates of those that are files, as PEM, for where the files do not go.
    pub anchors: Option<&'p str>,
    /// The value of `--profile`, where it is said.
    pub profile: Option<&'p str>,
}

/// What forms want to know that no service file says.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    /// Texts of the files that the service names.
    pub files: Files<'p>,
    /// Where the service file lies.
    pub file: &'p str,
    /// The folder that paths in it start from: forms that name files write them in full. Without one they stay
    /// as they are.
    pub folder: Option<&'p str>,
    /// How many pods run the service.
    pub replicas: u16,
    /// The image that they run.
    pub image: &'p str,
    /// By what its certificates are judged, in the forms that run `keyway serve`.
    pub trust: Trust<'p>,
    /// The class of an Ingress or a Gateway. Default: the cluster's, and for a Gateway `nginx`.
    pub class: Option<&'p str>,
    /// Whether the server knows the group X25519MLKEM768: nginx and HAProxy with OpenSSL from 3.5 on, Caddy
    /// from 2.10 on.
    pub post_quantum: bool,
}

impl<'p> Place<'p> {
    /// Where nothing but the files is known.
    pub fn new(files: Files<'p>) -> Self {
        Self {
            files,
            file: "/etc/keyway/keyway.toml",
            folder: None,
            replicas: 2,
            image: concat!("keyway:", env!("CARGO_PKG_VERSION")),
            trust: Trust::default(),
            class: None,
            post_quantum: false,
        }
    }
}

/// Writes a service in another tool's form.
pub fn export(service: &Service, form: Form, files: Files<'_>) -> Exported {
    export_at(service, form, &Place::new(files))
}

/// Writes a service in another tool's form, for a place.
pub fn export_at(service: &Service, form: Form, place: &Place<'_>) -> Exported {
    let (service, is_full) = paths::full(service, form, place.folder);
    let mut exported = written(&service, form, place);
    let asked = fates::Asked::of(&service, form, &exported.text, place.files);
    exported.fates = exported
        .lost
        .iter()
        .map(|field| asked.fate(field))
        .collect();
    exported.refused = refusal::refusal(&service, form, place.files);
    if service.upstream.is_empty() && exported.refused.is_none() && form.is_server() {
        exported = exported.noting(
            "no upstream is said, and there is nothing to lead to: everybody is answered with an error; set \
             `upstream`",
        );
    }
    if let Some(folder) = place.folder.filter(|_| is_full) {
        let folder = keyway_report::escape::text(folder);
        exported = exported.noting(format!("paths are written in full, from {folder}"));
    }
    exported
}

fn written(service: &Service, form: Form, place: &Place<'_>) -> Exported {
    match form {
        Form::AzureJson => azure::json(service, place.files),
        Form::AzureCluster => azure::cluster(service),
        Form::AzureContainer => azure::container(service),
        Form::AzureCli => azure::command(service),
        Form::AzurePython => azure::python(service),
        Form::KubernetesSecret => kubernetes::secret::export(service, place.files),
        Form::KubernetesIngress => kubernetes::ingress::export(service, place.class),
        Form::Gateway => kubernetes::gateway::export(service, place.class),
        Form::CertManager => kubernetes::certificate::export(service),
        Form::KubernetesDeployment => kubernetes::deployment::export(service, place),
        Form::Nginx => nginx::export(service, place.post_quantum),
        Form::Haproxy => haproxy::export(service, place.post_quantum),
        Form::Caddy => caddy::export(service, place.post_quantum),
        Form::Systemd => systemd::export(service, place),
    }
}

/// Reads a service out of another tool's form, where none of the files that it names is at hand.
///
/// # Errors
///
/// As [`import_from`].
pub fn import(text: &str, form: Form) -> Result<Imported, ImportError> {
    import_with(text, form, &|_| None)
}

/// Reads a service out of another tool's form, where of the files that it names some are at hand.
///
/// # Errors
///
/// As [`import_from`].
pub fn import_with(text: &str, form: Form, files: Files<'_>) -> Result<Imported, ImportError> {
    let sources = Sources {
        files,
        included: &|_| None,
        folder: None,
        main: None,
    };
    import_from(text, form, &sources)
}

/// Reads a service out of another tool's form. Of the files that it names, those are looked at by which alone can be
/// told where a key is; those that it includes are read.
///
/// # Errors
///
/// [`ImportError`] when it is something else, with the line.
pub fn import_from(text: &str, form: Form, sources: &Sources<'_>) -> Result<Imported, ImportError> {
    if text.len() > crate::MAX_BYTES {
        return Err(ImportError::TooLarge {
            limit: crate::MAX_BYTES,
        });
    }
    let mut imported = read(text, form, sources)?;
    let service = &mut imported.service;
    once(&mut service.host);
    for own in &mut service.tls.certificates {
        once(&mut own.host);
    }
    Ok(imported)
}

/// Takes hosts out that are said before, whatever the letters: no tool minds them.
fn once(hosts: &mut Listed) {
    let mut seen = BTreeSet::new();
    hosts
        .0
        .retain(|host| seen.insert(host.to_ascii_lowercase()));
}

fn read(text: &str, form: Form, sources: &Sources<'_>) -> Result<Imported, ImportError> {
    match form {
        Form::AzureJson | Form::AzureCluster => azure::from_json(text),
        Form::AzureContainer => azure::container_from_json(text),
        Form::AzureCli => azure::from_command(text),
        Form::AzurePython => azure::from_python(text),
        Form::KubernetesSecret => kubernetes::secret::import(text),
        Form::KubernetesIngress => kubernetes::ingress::import(text),
        Form::Nginx => nginx::import(text, sources),
        Form::Haproxy => haproxy::import(text, sources),
        Form::Gateway
        | Form::CertManager
        | Form::KubernetesDeployment
        | Form::Caddy
        | Form::Systemd => Err(ImportError::OutOnly { form: form.word() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_read_is_read_and_words_lead_to_their_forms() {
        for form in Form::ALL {
            let is_out_only = matches!(import("", *form), Err(ImportError::OutOnly { .. }));
            assert_eq!(form.is_read(), !is_out_only, "{form:?}");
            assert_eq!(Form::named(form.word()), Some(*form));
        }
    }
}
