//! Whom a service lets in: the CAs that clients' certificates are verified with, and their revocation lists.

use keyway_chain::algorithms::{Memo, Outcome, PublicKey, Signed, aws_lc_rs};
use keyway_chain::read::{HeldCertificate, HeldCrl};
use keyway_chain::x509::Certificate;
use keyway_chain::{Bundle, Input, ReadOptions, read};
use keyway_config::Service;
use keyway_config::model::Material;
use keyway_config::rules::clients_shut_out::ClientsShutOut;
use keyway_report::Timestamp;

use super::ServiceFile;
use super::certificates::load;
use super::pairs::{Named, said};
use crate::failure::Failure;
use crate::intent::heap::holds;

/// The CAs that clients' certificates are verified with, and their revocation lists, in DER.
#[derive(Default)]
pub(crate) struct ClientCas {
    /// Certificates.
    pub(crate) roots: Vec<Vec<u8>>,
    /// Lists (RFC 5280, section 5).
    pub(crate) revoked: Vec<Vec<u8>>,
    /// The file of the certificates, as it is told.
    file: String,
    held: Vec<HeldCertificate>,
    /// With the files that they are in.
    lists: Vec<(String, HeldCrl)>,
}

impl From<ClientCas> for keyway_termination::protocol::ClientCas {
    fn from(read: ClientCas) -> Self {
        Self {
            roots: read.roots.into_iter().map(Into::into).collect(),
            revoked: read.revoked.into_iter().map(Into::into).collect(),
        }
    }
}

/// Reads the files that clients' certificates are verified with: they hold CAs and revocation lists.
pub(crate) fn clients(file: &ServiceFile, service: &Service) -> Result<ClientCas, Failure> {
    let client = &service.tls.client;
    let mut cas = ClientCas::default();
    if let Some(ca) = &client.ca {
        let given = load(file, ca, "tls.client.ca")?;
        let bundle = alone(&given)?;
        if bundle.certificates.is_empty() {
            let wanted = "no certificate is in it, and `tls.client.ca` names the CAs of clients";
            return Err(unfit(given.0, wanted, &bundle));
        }
        let held = bundle.certificates.iter();
        cas.roots = held.map(|held| held.certificate.der().to_vec()).collect();
        cas.file = given.0;
        cas.held = bundle.certificates;
    }
    for crl in client.crl.iter() {
        let list = Material::Path(crl.to_owned());
        let given = load(file, &list, "tls.client.crl")?;
        let bundle = alone(&given)?;
        if bundle.crls.is_empty() {
            let wanted = "no revocation list is in it, and `tls.client.crl` names such lists";
            return Err(unfit(given.0, wanted, &bundle));
        }
        for list in bundle.crls {
            cas.lists.push((given.0.clone(), list));
        }
    }
    newest_first(&mut cas.lists);
    let ders = cas.lists.iter().map(|(_, held)| held.der.clone());
    cas.revoked = ders.collect();
    Ok(cas)
}

/// rustls-webpki believes the first list of a CA that it comes to, and the newest one says most.
fn newest_first(lists: &mut [(String, HeldCrl)]) {
    lists.sort_by_key(|(_, held)| std::cmp::Reverse(held.list.this_update));
}

impl ClientCas {
    /// What shuts out clients that are meant to come in, at a moment.
    pub(crate) fn shut_out(&self, now: Timestamp) -> Vec<ClientsShutOut> {
        let mut cas = self.held.iter().map(|held| &held.certificate);
        // Whoever is pinned by an own, self-signed certificate is vouched for by that.
        let vouches = |ca: &Certificate| ca.is_ca() || ca.is_self_issued();
        if !self.held.is_empty() && !cas.any(vouches) {
            let file = self.file.clone();
            return vec![ClientsShutOut::NoCa { file }];
        }
        let mut faults = Vec::new();
        for (name, held) in &self.lists {
            let list = &held.list;
            // Of one CA the newest list counts.
            let is_replaced = self.lists.iter().any(|(_, other)| {
                other.list.issuer == list.issuer && other.list.this_update > list.this_update
            });
            let due = list.next_update.filter(|due| *due <= now && !is_replaced);
            if let Some(due) = due {
                let (file, ca) = (name.clone(), list.issuer.short());
                faults.push(ClientsShutOut::ListOver { file, ca, due });
            }
        }
        if !self.lists.is_empty() {
            let without = self.without_list().map(|ca| ClientsShutOut::NoList {
                file: self.file.clone(),
                ca: ca.subject.short(),
            });
            faults.extend(without);
        }
        faults
    }

    /// The CAs that signed none of the lists. One that has the next CA down beside it may need none.
    fn without_list(&self) -> impl Iterator<Item = &Certificate> {
        let memo = Memo::new(aws_lc_rs());
        let is_above = |ca: &Certificate| {
            let mut others = self.held.iter().map(|held| &held.certificate);
            others.any(|other| !other.is_self_issued() && other.issuer == ca.subject)
        };
        let cas = self.held.iter().map(|held| &held.certificate);
        cas.filter(move |ca| {
            let mut lists = self.lists.iter().map(|(_, held)| held);
            let has_list =
                lists.any(|held| held.list.issuer == ca.subject && is_signed(&memo, held, ca));
            ca.is_ca() && !has_list && !is_above(ca)
        })
    }
}

/// Whether a CA's key made a list's signature. Where the algorithm is not known here, it may.
fn is_signed(memo: &Memo<'_>, held: &HeldCrl, ca: &Certificate) -> bool {
    let halves = PublicKey::read(ca.spki()).zip(Signed::read(&held.der));
    halves.is_some_and(|(key, signed)| memo.verify_signed(key, signed) != Outcome::Invalid)
}

/// What one file holds.
fn alone((name, bytes): &Named) -> Result<Bundle, Failure> {
    Ok(read(
        &[Input { name, bytes }],
        &ReadOptions { passwords: &[] },
    )?)
}

fn unfit(name: String, wanted: &str, bundle: &Bundle) -> Failure {
    let there = bundle.inputs.first().map(holds).unwrap_or_default();
    Failure::Unfit {
        path: name.into(),
        why: format!("{wanted}; it holds {}", said(&there)),
    }
}

#[cfg(test)]
mod tests {
    use keyway_testkit::{Certificate, Crl, DAY, NOW};

    use super::*;

    #[test]
    fn of_two_lists_the_newer_one_is_asked_first_wherever_it_stands() {
        let ca = Certificate::root("Clients").build();
        let list = |days: i64| {
            let list = Crl::by(&ca).this_update(NOW - days * DAY).build();
            let pem = list.pem().into_bytes();
            let bundle = alone(&("a.crl".to_owned(), pem.into())).unwrap();
            (format!("{days} days old"), bundle.crls[0].clone())
        };
        for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
            let mut lists = order.map(list);
            newest_first(&mut lists);
            let names = lists.each_ref().map(|(name, _)| name.as_str());
            assert_eq!(names, ["1 days old", "2 days old", "3 days old"]);
        }
    }
}
