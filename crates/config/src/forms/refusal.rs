//! Why a service is not written in a form: what would come of it is no service behind TLS.

use zeroize::Zeroizing;

use super::sites::{Chosen, client, has_others_alone, sites};
use super::{Files, Form, caddy, haproxy, leading, nginx, pem, settings};
use crate::Service;
use crate::forms::fields::Lost;
use crate::model::{ClientMode, Material, Secret, Status};

/// Why a service must not be written in a form. The text that there is shuts everybody out, or does less than
/// the service file asks for: it is no export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The certificate is made by Keyway, and nothing makes it there.
    #[error(
        "`tls.status` is auto: the certificate is made and renewed by Keyway, and in {form} nobody \
         would make it; give the service a certificate of its own (`keyway update --cert --key --host`), \
         or run it by Keyway"
    )]
    Managed {
        /// The form.
        form: &'static str,
    },
    /// A single container of Azure takes own certificates alone.
    #[error(
        "a single container takes an own certificate alone, and `tls.status` is auto; the form for a managed name \
         is azure-cluster"
    )]
    LabelInContainer,
    /// TLS is off, and the form turns it on.
    #[error(
        "`tls.status` is disabled, and the arguments of `enable_ssl` turn TLS on; azure-json, azure-cli, \
         azure-python and, for a single container, azure-container say that it is off"
    )]
    TurnsOn,
    /// A managed name is made of a label, and there is none.
    #[error(
        "`tls.status` is auto, and there is no `tls.leaf_domain_label` for {form} to make a name of; set it, or \
         set `tls.status` to enabled"
    )]
    NoLabel {
        /// The form.
        form: &'static str,
    },
    /// A managed name that is not made yet.
    #[error(
        "no host is said, and what {form} takes in the place of a managed certificate is issued for \
         hosts; set `host`"
    )]
    NoHost {
        /// The form.
        form: &'static str,
    },
    /// TLS is on, and the form can name no certificate.
    #[error(
        "TLS is on, and {form} can be given no certificate: {}; set `tls.certificate` and `tls.key` to paths \
         of plain letters", missing.join(" and ")
    )]
    NoCertificate {
        /// The form.
        form: &'static str,
        /// What is wrong with each field, the field in front.
        missing: Vec<String>,
    },
    /// Clients have to show a certificate, and the form cannot say whose.
    #[error(
        "`tls.client.mode` lets in whom `tls.client.ca` vouches for, and {form} can be given no such file; \
         nobody would be let in"
    )]
    NoClientCa {
        /// The form.
        form: &'static str,
    },
    /// Clients have to show a certificate, and the form asks for none.
    #[error(
        "`tls.client.mode` is required, and {form} has no place for it: everybody would be let in; nginx, haproxy, \
         caddy and kubernetes-deployment have one"
    )]
    ClientsUnasked {
        /// The form.
        form: &'static str,
    },
    /// Certificates of clients that were revoked would be good there.
    #[error(
        "`tls.client.crl` says whose certificates are revoked, and {form} {why}: whoever is on a list would be \
         let in"
    )]
    RevokedClients {
        /// The form.
        form: &'static str,
        /// What it has no place for, and what to do.
        why: &'static str,
    },
    /// A key is encrypted, and there is no place for its password.
    #[error(
        "the key of `{field}` is encrypted, and {form} has no place for its password: the server would not \
         start; write it without one (`openssl pkey -in KEY -out PLAIN`), and export that"
    )]
    EncryptedKey {
        /// The form.
        form: &'static str,
        /// The field.
        field: String,
    },
    /// There is nothing behind the service, and nothing else to answer with.
    #[error(
        "in TCP mode {form} needs an upstream, and there is none that it can be given; set `upstream`"
    )]
    NoUpstream {
        /// The form.
        form: &'static str,
    },
    /// There is something behind the service, and the form would lead nowhere, or there without TLS.
    #[error("{form} can be led to no `upstream` of the service ({upstreams}): {why}")]
    Upstream {
        /// The form.
        form: &'static str,
        /// The first of them, escaped.
        upstreams: String,
        /// What it has no place for, and what to do.
        why: &'static str,
    },
    /// Connections begin with what says for whom they are made, and the form reads or writes none of it.
    #[error("`{field}`: connections begin with the PROXY protocol, and {form} {why}")]
    ProxyProtocol {
        /// The form.
        form: &'static str,
        /// The field.
        field: &'static str,
        /// What it takes, and what to do.
        why: &'static str,
    },
    /// The form proxies HTTP.
    #[error(
        "{form} leads HTTP alone, and `mode` is tcp; nginx, haproxy and kubernetes-deployment are forms for it"
    )]
    TcpMode {
        /// The form.
        form: &'static str,
    },
    /// Caddy refuses the address.
    #[error(
        "Caddy takes {scheme} at port {port} for a mistake, and would not start; listen at another port in \
         `listen`"
    )]
    PortOfOthers {
        /// What would be spoken there.
        scheme: &'static str,
        /// The port that it is not at home at.
        port: u16,
    },
    /// There is neither a certificate nor a key.
    #[error("the service names no certificate, and a Secret of it would be empty")]
    Empty,
}

/// Why a service is not written in a form, if it is not.
pub(super) fn refusal(service: &Service, form: Form, files: Files<'_>) -> Option<Refusal> {
    let word = form.word();
    let tls = &service.tls;
    let is_managed = service.status() == Status::Auto && tls.certificate.is_none();
    let of_server = |is_said, chosen| {
        let server = Server {
            form: word,
            is_said,
            chosen,
        };
        no_service(service, server, is_managed)
    };
    let refusal = match form {
        Form::KubernetesSecret if is_managed => Some(Refusal::Managed { form: word }),
        Form::KubernetesSecret => {
            let is_empty = tls.certificate.is_none()
                && tls.key.is_none()
                && tls.certificates.is_empty()
                && tls.client.ca.is_none();
            is_empty.then_some(Refusal::Empty)
        }
        Form::CertManager | Form::KubernetesDeployment if is_managed => {
            let is_known = !service.host.is_empty();
            (!is_known).then_some(Refusal::NoHost { form: word })
        }
        Form::AzureContainer if service.status() == Status::Auto => Some(Refusal::LabelInContainer),
        Form::AzureCluster if service.status() == Status::Disabled => Some(Refusal::TurnsOn),
        Form::AzureJson
        | Form::AzureCluster
        | Form::AzureContainer
        | Form::AzureCli
        | Form::AzurePython
            if service.status() != Status::Disabled =>
        {
            azure(service, form)
        }
        Form::Nginx => of_server(nginx::is_said, Chosen::HostsAndKeys),
        Form::Haproxy => of_server(haproxy::is_said, Chosen::Names),
        Form::Caddy | Form::KubernetesIngress | Form::Gateway if !service.is_http() => {
            Some(Refusal::TcpMode { form: word })
        }
        Form::Caddy => of_server(caddy::is_said, Chosen::Hosts).or_else(|| {
            let (scheme, port) = caddy::refused_at(service.status());
            let listens = settings::listens(service, &mut Lost::default());
            let is_there = listens.iter().any(|listen| listen.port() == port);
            is_there.then_some(Refusal::PortOfOthers { scheme, port })
        }),
        _ => None,
    };
    refusal
        .or_else(|| leading::upstream(service, form))
        .or_else(|| leading::proxies(service, form))
        .or_else(|| clients(service, form))
        .or_else(|| encrypted(service, form, files))
}

/// Why a form would let in more clients than the service file does. A Secret and a Certificate are no service.
fn clients(service: &Service, form: Form) -> Option<Refusal> {
    let client = &service.tls.client;
    if service.status() == Status::Disabled || client.mode == ClientMode::None {
        return None;
    }
    let word = form.word();
    let is_one = |is_said: fn(&str) -> bool| match client.crl.0.as_slice() {
        [] => None,
        [crl] if is_said(crl) => None,
        [_] => Some("cannot be given the path of it; rename the file"),
        _ => Some("takes one file of them; write all lists into one"),
    };
    let none = |why| (!client.crl.is_empty()).then_some(why);
    let why = match form {
        Form::AzureJson
        | Form::AzureCluster
        | Form::AzureContainer
        | Form::AzureCli
        | Form::AzurePython
        | Form::KubernetesIngress
        | Form::Gateway => {
            let is_asked = client.mode == ClientMode::Required;
            return is_asked.then_some(Refusal::ClientsUnasked { form: word });
        }
        Form::Nginx => is_one(nginx::is_said),
        Form::Haproxy => is_one(haproxy::is_said),
        Form::Caddy => none("looks at no such list; nginx and haproxy do"),
        Form::KubernetesDeployment => none("carries no such list into its pods"),
        Form::KubernetesSecret | Form::CertManager | Form::Systemd => None,
    };
    why.map(|why| Refusal::RevokedClients { form: word, why })
}

/// Why Azure could not serve TLS.
fn azure(service: &Service, form: Form) -> Option<Refusal> {
    let word = form.word();
    if service.status() == Status::Auto {
        let has_label = service.tls.leaf_domain_label.is_some();
        return (!has_label).then_some(Refusal::NoLabel { form: word });
    }
    let is_said = |path: &str| !path.is_empty();
    no_certificate(service, word, is_said, form.holds_keys())
}

/// What is missing of the service's own pair: what is not set, and what the form cannot say.
fn no_certificate(
    service: &Service,
    form: &'static str,
    is_said: fn(&str) -> bool,
    takes_text: bool,
) -> Option<Refusal> {
    let tls = &service.tls;
    let parts = [("tls.certificate", &tls.certificate), ("tls.key", &tls.key)];
    let missing = parts.into_iter().filter_map(|(field, material)| {
        let fault = match material {
            None => "is not set",
            Some(Material::Pem(_)) if takes_text => return None,
            Some(Material::Pem(_)) => "holds the text itself, and a file is named there",
            Some(Material::Path(path)) if !is_said(path) => {
                "is a path that cannot be written there"
            }
            Some(Material::Path(_)) => return None,
        };
        Some(format!("`{field}` {fault}"))
    });
    let missing: Vec<String> = missing.collect();
    (!missing.is_empty()).then_some(Refusal::NoCertificate { form, missing })
}

/// What is wrong with the certificates for hosts of their own, where the form can say none of them.
fn no_other(service: &Service, server: Server) -> Option<Refusal> {
    let Server { form, is_said, .. } = server;
    let said = sites(service, is_said, server.chosen, &mut Lost::default());
    if said.iter().any(|site| site.pair.is_some()) {
        return None;
    }
    let own = service.tls.certificates.first()?;
    let is_path = |material: &Material| material.path().is_some_and(is_said);
    let (field, fault) = if !is_path(&own.certificate) {
        ("certificate", "is no path that can be written there")
    } else if !is_path(&own.key) {
        ("key", "is no path that can be written there")
    } else {
        ("host", "names nobody who could ask for it")
    };
    let missing = vec![format!("`tls.certificates[0].{field}` {fault}")];
    Some(Refusal::NoCertificate { form, missing })
}

/// A server's form: its word, which paths it can say, and what it chooses certificates by.
#[derive(Clone, Copy)]
struct Server {
    form: &'static str,
    is_said: fn(&str) -> bool,
    chosen: Chosen,
}

/// Why a server could not serve TLS.
fn no_service(service: &Service, server: Server, is_managed: bool) -> Option<Refusal> {
    let Server { form, is_said, .. } = server;
    if service.status() == Status::Disabled {
        return None;
    }
    if is_managed {
        return Some(Refusal::Managed { form });
    }
    let tls = &service.tls;
    // nginx looks at no names in TCP mode.
    let takes_others = service.is_http() || form != Form::Nginx.word();
    let missing = if has_others_alone(service) && takes_others {
        no_other(service, server)
    } else {
        no_certificate(service, form, is_said, false)
    };
    if missing.is_some() {
        return missing;
    }
    let wants_clients = tls.client.mode == ClientMode::Required;
    let is_closed = wants_clients && client(service, is_said, &mut Lost::default()).is_none();
    is_closed.then_some(Refusal::NoClientCa { form })
}

/// The key that a server would not open.
fn encrypted(service: &Service, form: Form, files: Files<'_>) -> Option<Refusal> {
    let is_kept = |password: Option<&Secret>| match form {
        Form::Nginx => matches!(password, Some(Secret::File(path)) if nginx::is_said(path)),
        // Keyway itself opens it; the others name Secrets, which are refused where they are made.
        Form::Systemd | Form::KubernetesIngress | Form::Gateway | Form::CertManager => true,
        _ => false,
    };
    if service.status() == Status::Disabled && !form.holds_keys() {
        return None;
    }
    let tls = &service.tls;
    let first = tls
        .key
        .iter()
        .map(|key| ("tls.key".to_owned(), key, &tls.password));
    let own = tls.certificates.iter().enumerate().map(|(index, own)| {
        (
            format!("tls.certificates[{index}].key"),
            &own.key,
            &own.password,
        )
    });
    let is_locked = |key: &Material| match key {
        Material::Pem(text) => pem::is_encrypted(text),
        Material::Path(path) => files(path)
            .map(Zeroizing::new)
            .is_some_and(|text| pem::is_encrypted(&text)),
    };
    first
        .chain(own)
        .find(|(_, key, password)| !is_kept(password.as_ref()) && is_locked(key))
        .map(|(field, ..)| Refusal::EncryptedKey {
            form: form.word(),
            field,
        })
}
