//! Whether a CA may issue, and what decides it.

use keyway_report::Verdict;

use super::change::Change;
use super::issuer::{Issuer, is_domain};
use super::property::{Property, Tag};
use super::{Climbed, End};

/// The parameter that names an account (RFC 8657, section 3).
pub(super) const ACCOUNT: &str = "accounturi";

/// The parameter that names methods (RFC 8657, section 4).
pub(super) const METHODS: &str = "validationmethods";

/// Who asks for a certificate, where, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) ca: String,
    pub(super) is_wildcard: bool,
    pub(super) account: Option<String>,
    pub(super) method: Option<String>,
}

/// What cannot be asked, as no record could say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// A CA is known by its domain.
    #[error("a CA is named by the domain that it looks for in CAA, for example letsencrypt.org")]
    Ca,
    /// An account is known by its URI.
    #[error(
        "an account is named by its URI, for example https://acme-v02.api.letsencrypt.org/acme/acct/1"
    )]
    Account,
    /// A method is known by its label.
    #[error("a method is named by its label, for example http-01, dns-01 or tls-alpn-01")]
    Method,
}

impl Request {
    /// A request to a CA for a name, by nobody in particular.
    ///
    /// # Errors
    /// [`RequestFault`] where it is no domain (RFC 8659, section 4.2).
    pub fn to(ca: &str) -> Result<Self, RequestFault> {
        let ca = ca.strip_suffix('.').unwrap_or(ca).to_ascii_lowercase();
        if !is_domain(&ca) {
            return Err(RequestFault::Ca);
        }
        Ok(Self {
            ca,
            is_wildcard: false,
            account: None,
            method: None,
        })
    }

    /// The same to one of the public CAs, whose domains have more than one label: `letsencrypt` is what service files call
    /// one, and no CA looks for that.
    ///
    /// # Errors
    /// [`RequestFault`] as of [`Self::to`].
    pub fn to_public(ca: &str) -> Result<Self, RequestFault> {
        let request = Self::to(ca)?;
        let is_public = request.ca.contains('.');
        is_public.then_some(request).ok_or(RequestFault::Ca)
    }

    /// One that meets what an issuer asks for, where there is a CA.
    pub(crate) fn of(issuer: &Issuer) -> Option<Self> {
        let request = Self::to(issuer.domain.as_deref()?).ok()?;
        let methods = issuer.parameter(METHODS).flat_map(|it| it.split(','));
        Some(Self {
            account: issuer.parameter(ACCOUNT).next().map(str::to_owned),
            method: { methods }.next().map(str::to_owned),
            ..request
        })
    }

    /// The same for a wildcard.
    #[must_use]
    pub fn wildcard(mut self, is_wildcard: bool) -> Self {
        self.is_wildcard = is_wildcard;
        self
    }

    /// The same from an account, by its URI.
    ///
    /// # Errors
    /// [`RequestFault`] where it cannot stand in a record (RFC 8657, section 3).
    pub fn with_account(mut self, uri: &str) -> Result<Self, RequestFault> {
        let can_stand = |byte: u8| byte.is_ascii_graphic() && byte != b';';
        if !uri.contains(':') || !uri.bytes().all(can_stand) {
            return Err(RequestFault::Account);
        }
        self.account = Some(uri.to_owned());
        Ok(self)
    }

    /// The same by a method, by its label.
    ///
    /// # Errors
    /// [`RequestFault`] where it cannot stand in a record (RFC 8657, section 4).
    pub fn with_method(mut self, label: &str) -> Result<Self, RequestFault> {
        let can_stand = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if label.is_empty() || !label.bytes().all(can_stand) {
            return Err(RequestFault::Method);
        }
        self.method = Some(label.to_owned());
        Ok(self)
    }

    /// The CA's domain, in lower case.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// The URI of the account, where it is known.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The label of the method, where it is known.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// Whether it is for a wildcard.
    pub fn is_wildcard(&self) -> bool {
        self.is_wildcard
    }
}

/// What else a record asks for, beside the CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// This account.
    Account(String),
    /// One of these methods.
    Methods(Vec<String>),
    /// The same parameter twice: nobody meets that (RFC 8657, sections 3 and 4).
    Repeated(&'static str),
}

/// What decides. Numbers are those of the records where the way up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There are no records: every CA may.
    NoRecords,
    /// There are records, and none says who may: every CA may (RFC 8659, section 4.1).
    NotRestricted,
    /// This one allows it.
    Allows(usize),
    /// This one is critical, and no CA knows its tag (RFC 8659, section 4.1).
    Critical(usize),
    /// This one is no CAA record.
    Unreadable(usize),
    /// Those that may; empty where nobody may.
    Others(Vec<String>),
    /// This one allows the CA, but not for the account or by the method.
    Limited(usize, Limit),
    /// This one allows the CA, for an account or by a method that was not said.
    Unsaid(usize, Limit),
    /// They allow it, and this one is critical with a tag that a CA need not know (RFC 8659, section 4.1; CA/B Forum
    /// BR 3.2.2.8): Boulder, for one, knows `issuemail` and not `contactemail`.
    CriticalForSome(usize),
    /// The way up has no end: a CA must not take that for permission (CA/B Forum BR 3.2.2.8).
    Failed,
}

/// Whether a CA may issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it may.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The smallest change after which it surely may; empty where nothing has to change, or nobody can say.
    pub change: Change,
}

/// Says whether a CA may issue, from what there is on the way up.
pub fn judge(climbed: &Climbed, request: &Request) -> Judgement {
    let (reason, change) = match climbed.end() {
        End::Nothing => (Reason::NoRecords, Change::default()),
        End::Failed { .. } => (Reason::Failed, Change::default()),
        End::Records { at, records, .. } => {
            let properties: Vec<_> = records.iter().map(|data| Property::read(data)).collect();
            let reason = decide(&properties, request);
            let may_bar = |one: &Option<Property>| one.as_ref().is_some_and(Property::may_bar);
            let reason = match properties.iter().position(may_bar) {
                Some(number) if verdict(&reason) == Verdict::Yes => Reason::CriticalForSome(number),
                _ => reason,
            };
            let change = match (verdict(&reason), &reason) {
                (Verdict::No, _) | (_, Reason::CriticalForSome(_)) => {
                    Change::of(at, records, request)
                }
                (Verdict::Yes | Verdict::Unknown, _) => Change::default(),
            };
            (reason, change)
        }
    };
    Judgement {
        verdict: verdict(&reason),
        reason,
        change,
    }
}

/// What a reason comes to.
pub(super) fn verdict(reason: &Reason) -> Verdict {
    match reason {
        Reason::NoRecords | Reason::NotRestricted | Reason::Allows(_) => Verdict::Yes,
        Reason::Critical(_) | Reason::Unreadable(_) | Reason::Others(_) | Reason::Limited(..) => {
            Verdict::No
        }
        Reason::Unsaid(..) | Reason::CriticalForSome(_) | Reason::Failed => Verdict::Unknown,
    }
}

/// The tag that decides: `issue`, or for wildcards `issuewild` where there is one (RFC 8659, section 4.3).
pub(super) fn deciding(properties: &[Option<Property>], request: &Request) -> Tag {
    let mut known = properties.iter().flatten();
    let has_wild = known.any(|property| property.kind() == Tag::IssueWild);
    if request.is_wildcard && has_wild {
        Tag::IssueWild
    } else {
        Tag::Issue
    }
}

/// What decides among the records of one name.
pub(super) fn decide(properties: &[Option<Property>], request: &Request) -> Reason {
    if let Some(number) = properties.iter().position(Option::is_none) {
        return Reason::Unreadable(number);
    }
    let is_barred = |property: &Property| property.is_critical() && property.kind() == Tag::Unknown;
    let mut numbered = properties.iter().flatten();
    if let Some(number) = numbered.position(is_barred) {
        return Reason::Critical(number);
    }
    let tag = deciding(properties, request);
    let numbered = properties.iter().flatten().enumerate();
    let deciding = numbered.filter(|(_, property)| property.kind() == tag);
    let (mut is_restricted, mut others) = (false, Vec::new());
    let (mut limited, mut unsaid) = (None, None);
    for (number, property) in deciding {
        is_restricted = true;
        // What is not of the grammar allows nobody (RFC 8659, section 4.2).
        let Some(issuer) = Issuer::read(&property.value).ok() else {
            continue;
        };
        match &issuer.domain {
            Some(domain) if *domain == request.ca => match fit(&issuer, request) {
                Fit::Good => return Reason::Allows(number),
                Fit::Limited(limit) => {
                    limited.get_or_insert(Reason::Limited(number, limit));
                }
                Fit::Unsaid(limit) => {
                    unsaid.get_or_insert(Reason::Unsaid(number, limit));
                }
            },
            Some(domain) if !others.contains(domain) => others.push(domain.clone()),
            _ => {}
        }
    }
    if !is_restricted {
        return Reason::NotRestricted;
    }
    unsaid.or(limited).unwrap_or(Reason::Others(others))
}

/// Whether a request meets what an issuer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    Good,
    Limited(Limit),
    Unsaid(Limit),
}

pub(super) fn fit(issuer: &Issuer, request: &Request) -> Fit {
    let mut unsaid = None;
    for limit in limits(issuer) {
        let (is_met, is_said) = match &limit {
            Limit::Repeated(_) => (false, true),
            Limit::Account(uri) => {
                let account = &request.account;
                (account.as_deref() == Some(uri), account.is_some())
            }
            Limit::Methods(methods) => {
                let method = &request.method;
                let is_met = method.as_ref().is_some_and(|one| methods.contains(one));
                // No method at all is named: none would do.
                (is_met, method.is_some() || methods.is_empty())
            }
        };
        match (is_met, is_said) {
            (true, _) => {}
            (false, true) => return Fit::Limited(limit),
            (false, false) => unsaid = unsaid.or(Some(limit)),
        }
    }
    unsaid.map_or(Fit::Good, Fit::Unsaid)
}

fn limits(issuer: &Issuer) -> Vec<Limit> {
    let mut limits = Vec::new();
    for tag in [ACCOUNT, METHODS] {
        let mut values = issuer.parameter(tag);
        let Some(value) = values.next() else {
            continue;
        };
        limits.push(if values.next().is_some() {
            Limit::Repeated(tag)
        } else if tag == ACCOUNT {
            Limit::Account(value.to_owned())
        } else {
            let labels = value.split(',').filter(|label| !label.is_empty());
            Limit::Methods(labels.map(str::to_owned).collect())
        });
    }
    limits
}
