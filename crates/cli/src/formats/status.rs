//! How a service stands, as `keyway status --format json` writes it.

use std::net::IpAddr;

use keyway_config::model::ProtocolVersion;
use keyway_config::{Endpoint, Service};
use keyway_issue::renewal::{self, Why};
use keyway_report::{DAY, Kind as _, Timestamp, Verdict, escape};
use schemars::JsonSchema;
use serde::Serialize;

use super::outside::Outside;
use crate::failure::Failure;
use crate::intent::issuing::{Managed, Planned, held_off};
use crate::intent::service::Judged;
use crate::voice;

/// The contract's name.
pub(crate) const SCHEMA: &str = "keyway.status/1";

/// How a service stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Status {
    /// `keyway.status/1`.
    pub(crate) schema: &'static str,
    /// The service file.
    pub(crate) file: String,
    /// `auto`, `enabled` or `disabled`.
    #[serde(rename = "status")]
    pub(crate) tls: &'static str,
    /// The hosts: those of the service, then those of its other certificates.
    pub(crate) hosts: Vec<String>,
    /// The addresses that it listens on, from the file or by default.
    pub(crate) listen: Vec<String>,
    /// The versions of TLS that it offers; none in plain text.
    pub(crate) versions: Vec<String>,
    /// What the DNS has to hold, where the file says an endpoint.
    pub(crate) records: Vec<Record>,
    /// What is behind.
    pub(crate) upstreams: Vec<String>,
    /// Whether the name is managed.
    pub(crate) managed: bool,
    /// Whether there is a label, and no name of it yet.
    #[serde(skip)]
    pub(crate) is_unnamed: bool,
    /// Whether a renewal is asked for.
    pub(crate) renew: bool,
    /// How it goes with the certificate that is made and renewed, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewal: Option<Renewal>,
    /// The certificates that the file names, or that are made for it.
    pub(crate) certificates: Vec<CertificateStatus>,
    /// Why a certificate could not be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missing: Option<String>,
    /// How many findings `keyway config check` has.
    pub(crate) findings: usize,
    /// What others say and serve.
    #[serde(flatten)]
    pub(crate) outside: Outside,
}

/// How it goes with a certificate that is made and renewed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Renewal {
    /// When something is done next; `null` where it is due now, or there is no certificate yet.
    pub(crate) next: Option<Timestamp>,
    /// `suggested` by the CA (RFC 9773), `used` up as far as it is to be, `ended`, tried `again`, `asked` to wait by
    /// the CA, or as many of its looks at a host failed as it may allow in an hour are `spent`; `null` as above.
    pub(crate) why: Option<&'static str>,
    /// Attempts that failed since the certificate came.
    pub(crate) failures: u32,
    /// Why the last one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// Why nothing is renewed here, where that is so: another service file has a certificate in the same place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
}

impl Renewal {
    /// What is known without asking anybody.
    pub(crate) fn of(managed: &Managed, now: Timestamp) -> Result<Self, Failure> {
        let planned = Planned::of(managed, now)?;
        let planned = planned.map(|planned| (planned.until, planned.why));
        let planned = planned.or_else(|| held_off(managed, now));
        let record = managed.record();
        let failed = record.history.failed_by(now);
        Ok(Self {
            next: planned.map(|(until, _)| until),
            why: planned.map(|(_, why)| match why {
                Why::Suggested => "suggested",
                Why::Used => "used",
                Why::Ended => "ended",
                Why::Again => "again",
                Why::Asked => "asked",
                Why::Spent => "spent",
            }),
            failures: failed.map_or(0, |failures| failures.count),
            error: failed.and(record.error),
            refused: managed
                .rival()
                .map(|other| voice::renew::shared(&managed.hosts, &other)),
        })
    }
}

/// A record that the DNS has to hold.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Record {
    /// The host, escaped.
    pub(crate) name: String,
    /// `A`, `AAAA` or `CNAME`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// The address or name.
    pub(crate) value: String,
}

/// A certificate of the service.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CertificateStatus {
    /// Its file.
    pub(crate) file: String,
    /// Subject, escaped.
    pub(crate) subject: String,
    /// The names and addresses that it is for, escaped; the text says them where there is no subject.
    #[serde(skip)]
    pub(crate) names: Vec<String>,
    /// Issuer, escaped.
    pub(crate) issuer: String,
    /// First second of validity.
    pub(crate) not_before: Timestamp,
    /// Last second of validity.
    pub(crate) not_after: Timestamp,
    /// Whole days to the end; negative past it.
    pub(crate) days_left: i64,
    /// Share of the lifetime that is left, in percent.
    pub(crate) percent_left: u8,
    /// When a new one is due.
    pub(crate) renewal_due: Timestamp,
    /// Whether that has passed.
    #[serde(rename = "overdue")]
    pub(crate) is_overdue: bool,
    /// What a careful client says.
    pub(crate) accepted: Verdict,
    /// The rules of the errors in it.
    pub(crate) codes: Vec<&'static str>,
    /// Whether a server can use it as it is.
    pub(crate) servable: Verdict,
}

impl Status {
    pub(crate) fn new(
        file: &str,
        service: &Service,
        judged: &[Judged],
        missing: Option<String>,
        findings: usize,
        outside: Outside,
        now: Timestamp,
    ) -> Self {
        let texts = |list: &keyway_config::model::Listed| list.iter().map(escape::text).collect();
        Self {
            schema: SCHEMA,
            file: file.to_owned(),
            tls: service.status().word(),
            hosts: hosts(service),
            listen: listen(service),
            versions: versions(service),
            records: records(service),
            upstreams: texts(&service.upstream),
            managed: service.tls.leaf_domain_label.is_some(),
            is_unnamed: service.tls.leaf_domain_label.is_some() && service.host.is_empty(),
            renew: service.tls.renew,
            renewal: None,
            certificates: judged
                .iter()
                .filter_map(|judged| CertificateStatus::of(judged, now))
                .collect(),
            missing,
            findings,
            outside,
        }
    }
}

fn hosts(service: &Service) -> Vec<String> {
    let own = service.tls.certificates.iter();
    let own = own.flat_map(|own| own.host.iter());
    let mut hosts = Vec::new();
    for host in service.host.iter().chain(own).map(escape::text) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

fn listen(service: &Service) -> Vec<String> {
    if service.listen.is_empty() {
        let is_plain = service.status() == keyway_config::model::Status::Disabled;
        return vec![if is_plain { "[::]:80" } else { "[::]:443" }.to_owned()];
    }
    service.listen.iter().map(escape::text).collect()
}

/// The oldest version of TLS that a service allows.
pub(crate) fn oldest(service: &Service) -> ProtocolVersion {
    let tls = &service.tls;
    let oldest = tls.profile.guideline().min_version;
    tls.min_version.unwrap_or(oldest).max(oldest)
}

fn versions(service: &Service) -> Vec<String> {
    use ProtocolVersion::{Tls12, Tls13};
    if service.status() == keyway_config::model::Status::Disabled {
        return Vec::new();
    }
    let oldest = oldest(service);
    let newest = service.tls.max_version.unwrap_or(Tls13);
    let offered = [Tls12, Tls13]
        .into_iter()
        .filter(|version| (oldest..=newest).contains(version));
    offered.map(|version| version.to_string()).collect()
}

fn records(service: &Service) -> Vec<Record> {
    let Some(endpoint) = service.endpoint.as_deref().and_then(Endpoint::parse) else {
        return Vec::new();
    };
    let kind = match &endpoint {
        Endpoint::Address(IpAddr::V4(_)) => "A",
        Endpoint::Address(IpAddr::V6(_)) => "AAAA",
        Endpoint::Name(_) => "CNAME",
    };
    let names = service
        .host
        .iter()
        .filter(|host| host.parse::<IpAddr>().is_err());
    names
        .map(|host| Record {
            name: escape::text(host),
            kind,
            value: endpoint.to_string(),
        })
        .collect()
}

impl CertificateStatus {
    fn of(judged: &Judged, now: Timestamp) -> Option<Self> {
        let leaf = judged.report.certificates.first()?;
        let (from, to) = (leaf.not_before.seconds(), leaf.not_after.seconds());
        let life = to.saturating_sub(from).max(0);
        let left = to.saturating_sub(now.seconds());
        let share = if life > 0 {
            left.clamp(0, life) * 100 / life
        } else {
            0
        };
        let due = renewal::due(leaf.not_before, leaf.not_after);
        let mut codes = Vec::new();
        let errors = judged.report.findings.iter().map(|finding| &finding.kind);
        for kind in errors.filter(|kind| kind.is_error()) {
            if !codes.contains(&kind.rule().code) {
                codes.push(kind.rule().code);
            }
        }
        Some(Self {
            file: judged.name.clone(),
            subject: leaf.subject.clone(),
            names: leaf
                .dns_names
                .iter()
                .chain(&leaf.ip_addresses)
                .cloned()
                .collect(),
            issuer: leaf.issuer.clone(),
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            days_left: left.div_euclid(DAY),
            percent_left: u8::try_from(share).unwrap_or(100),
            renewal_due: due,
            is_overdue: due < now,
            accepted: judged.report.verdicts.accepted,
            codes,
            servable: judged.report.verdicts.servable,
        })
    }
}
