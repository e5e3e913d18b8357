//! The smallest change after which a CA may issue.

use super::issuer::{Issuer, Parameter};
use super::judge::{ACCOUNT, Fit, METHODS, Reason, Request, decide, deciding, fit};
use super::malformed::malformed;
use super::property::{Property, Tag};
use crate::name::Name;

/// One record in the place of another, or beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The data of the record that goes.
    pub remove: Option<Vec<u8>>,
    /// The record that comes.
    pub add: Option<Property>,
}

/// What to do, all of it at one name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// The name; `None` where nothing is to be done.
    pub at: Option<Name>,
    /// The records.
    pub steps: Vec<Step>,
}

impl Change {
    /// Of records that do not allow it. Those of others stay as they are, and the set never becomes empty: what
    /// stands further up would decide then.
    pub(super) fn of(at: &Name, records: &[Vec<u8>], request: &Request) -> Self {
        let mut steps = Vec::new();
        let mut left: Vec<Option<Property>> = Vec::new();
        for data in records {
            match Property::read(data) {
                None => steps.push(Step {
                    remove: Some(data.clone()),
                    add: None,
                }),
                Some(property) if property.may_bar() => {
                    let plain = property.plain();
                    steps.push(Step {
                        remove: Some(data.clone()),
                        add: Some(plain.clone()),
                    });
                    left.push(Some(plain));
                }
                Some(property) => left.push(Some(property)),
            }
        }
        let is_enough = match decide(&left, request) {
            Reason::NotRestricted => !left.is_empty(),
            Reason::Allows(_) | Reason::Unsaid(..) => true,
            _ => false,
        };
        if !is_enough {
            let mended = mended(&left, records, request);
            steps.extend(mended.unwrap_or_else(|| vec![grant(&left, request)]));
        }
        Self {
            at: Some(at.clone()),
            steps,
        }
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The records after it.
    pub fn applied(&self, records: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut out = records.to_vec();
        for step in &self.steps {
            if let Some(data) = &step.remove {
                out.retain(|record| record != data);
            }
            out.extend(step.add.iter().map(Property::data));
        }
        out
    }
}

/// A record that is malformed and allows the CA once it is written as it was meant.
fn mended(
    properties: &[Option<Property>],
    records: &[Vec<u8>],
    request: &Request,
) -> Option<Vec<Step>> {
    let whole = properties.iter().flatten().enumerate();
    let mut whole = whole.filter(|(_, property)| records.contains(&property.data()));
    whole.find_map(|(number, property)| {
        let data = property.data();
        // Where nobody can tell what was meant, taking it away would only let more CAs.
        let meant = malformed(&data)?.meant;
        meant.first()?;
        let mut after = properties.to_vec();
        after.remove(number);
        after.extend(meant.iter().cloned().map(Some));
        if !matches!(decide(&after, request), Reason::Allows(_)) {
            return None;
        }
        let mut remove = Some(data);
        let step = |add| Step {
            remove: remove.take(),
            add: Some(add),
        };
        Some(meant.into_iter().map(step).collect())
    })
}

/// The record that lets the CA: its own, made to fit, or a new one.
fn grant(properties: &[Option<Property>], request: &Request) -> Step {
    let tag = deciding(properties, request);
    let own = properties.iter().flatten().find_map(|property| {
        let issuer = Issuer::read(&property.value).ok()?;
        let is_own = property.kind() == tag && issuer.domain.as_ref() == Some(&request.ca);
        is_own.then_some((property, issuer))
    });
    let Some((property, issuer)) = own else {
        let tag = if tag == Tag::IssueWild {
            "issuewild"
        } else {
            "issue"
        };
        let issuer = Issuer::of(&request.ca);
        return Step {
            remove: None,
            add: Some(Property::new(tag, issuer.to_string())),
        };
    };
    let (fitting, is_other_account) = fitted(issuer, request);
    let value = fitting.to_string().into_bytes();
    let add = Property {
        value,
        ..property.clone()
    };
    Step {
        // Another account keeps its record.
        remove: (!is_other_account).then(|| property.data()),
        add: Some(add),
    }
}

/// The issuer with parameters that the request meets, and whether it was for another account.
fn fitted(issuer: Issuer, request: &Request) -> (Issuer, bool) {
    let accounts: Vec<&str> = issuer.parameter(ACCOUNT).collect();
    let is_other_account = match (accounts.as_slice(), &request.account) {
        ([one], Some(account)) => one != account,
        _ => false,
    };
    let wanted = match (accounts.as_slice(), &request.account) {
        ([], _) => None,
        (_, Some(account)) => Some(account.clone()),
        ([first, ..], None) => Some((*first).to_owned()),
    };
    let mut methods: Vec<String> = Vec::new();
    for value in issuer.parameter(METHODS) {
        for label in value.split(',').filter(|label| !label.is_empty()) {
            if !methods.iter().any(|known| known == label) {
                methods.push(label.to_owned());
            }
        }
    }
    let has_methods = issuer.parameter(METHODS).next().is_some();
    if let Some(method) = &request.method
        && !methods.contains(method)
    {
        methods.push(method.clone());
    }
    let mut fitting = issuer;
    if let Some(account) = wanted {
        fitting = fitting.with(ACCOUNT, &account);
    }
    if has_methods && methods.is_empty() {
        // It allows no method, and nobody says by which it shall be.
        fitting
            .parameters
            .retain(|Parameter { tag, .. }| !tag.eq_ignore_ascii_case(METHODS));
    } else if has_methods {
        fitting = fitting.with(METHODS, &methods.join(","));
    }
    debug_assert!(!matches!(fit(&fitting, request), Fit::Limited(_)));
    (fitting, is_other_account)
}
