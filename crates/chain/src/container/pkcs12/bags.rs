//! The bags of a PFX file, sorted by what they hold.

use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Encode};
use zeroize::Zeroizing;

use super::structure::{
    CERT_BAG, CRL_BAG, EncryptedKey, KEY_BAG, SAFE_CONTENTS_BAG, SHROUDED_KEY_BAG, SafeBag,
    TypedOctets, X509_CERTIFICATE, X509_CRL, elements,
};
use super::{CertificateBag, KeyBag, Pfx, Pkcs12Error, attributes};
use crate::container::pbe::{Budget, Password, decrypt};
use crate::container::{ber, element};

/// Bags in one list. Java trust stores hold about 150 certificates.
const MAX_BAGS: usize = 4096;

/// Lists of bags inside bags (RFC 7292, 4.2.6); no known writer nests at all.
const MAX_NESTING: usize = 4;

/// Takes bags in, keeps what was in them.
pub(super) struct Collector<'a, 'h> {
    pub(super) password: &'a Password<'a>,
    pub(super) budget: &'a mut Budget<'h>,
    /// Whether something has shown that the password is right.
    pub(super) password_proven: bool,
    found: Pfx,
}

impl<'a, 'h> Collector<'a, 'h> {
    pub(super) fn new(
        password: &'a Password<'a>,
        budget: &'a mut Budget<'h>,
        authenticated: bool,
    ) -> Self {
        Self {
            password,
            budget,
            password_proven: authenticated,
            found: Pfx {
                authenticated,
                ..Pfx::default()
            },
        }
    }

    pub(super) fn finish(self) -> Pfx {
        self.found
    }

    /// `error`, or a wrong password when nothing has shown yet that it is right.
    pub(super) fn wrong_or(&self, error: Pkcs12Error) -> Pkcs12Error {
        if self.password_proven || matches!(error, Pkcs12Error::Limit { .. }) {
            error
        } else {
            Pkcs12Error::WrongPassword
        }
    }

    /// Takes in a `SafeContents`, a SEQUENCE of bags.
    pub(super) fn safe_contents(&mut self, der: &[u8], depth: usize) -> Result<(), Pkcs12Error> {
        if depth > MAX_NESTING {
            return Err(Pkcs12Error::Limit {
                what: "nested bags",
                limit: MAX_NESTING as u64,
            });
        }
        let list = AnyRef::from_der(der).map_err(|_| Pkcs12Error::Malformed)?;
        for bag in elements::<SafeBag<'_>>(list.value(), MAX_BAGS)? {
            self.bag(&bag, depth)?;
        }
        Ok(())
    }

    fn bag(&mut self, bag: &SafeBag<'_>, depth: usize) -> Result<(), Pkcs12Error> {
        match bag.kind {
            CERT_BAG => self.certificate(bag),
            CRL_BAG => self.crl(bag),
            KEY_BAG => {
                let pkcs8 = element(0x30, &[bag.value.value()]);
                self.key(&pkcs8, bag)
            }
            SHROUDED_KEY_BAG => self.shrouded_key(bag),
            SAFE_CONTENTS_BAG => {
                let nested = element(0x30, &[bag.value.value()]);
                self.safe_contents(&nested, depth + 1)
            }
            _ => {
                self.found.others += 1;
                Ok(())
            }
        }
    }

    fn certificate(&mut self, bag: &SafeBag<'_>) -> Result<(), Pkcs12Error> {
        let (kind, der) = typed_octets(bag)?;
        if kind != X509_CERTIFICATE {
            self.found.others += 1;
            return Ok(());
        }
        let attributes = attributes::read(bag.attributes)?;
        self.found.certificates.push(CertificateBag {
            der,
            friendly_name: attributes.friendly_name,
            local_key_id: attributes.local_key_id,
        });
        Ok(())
    }

    fn crl(&mut self, bag: &SafeBag<'_>) -> Result<(), Pkcs12Error> {
        match typed_octets(bag)? {
            (X509_CRL, der) => self.found.crls.push(der),
            _ => self.found.others += 1,
        }
        Ok(())
    }

    fn shrouded_key(&mut self, bag: &SafeBag<'_>) -> Result<(), Pkcs12Error> {
        let key: EncryptedKey<'_> = bag.value.decode_as().map_err(|_| Pkcs12Error::Malformed)?;
        let opened = decrypt(
            &key.algorithm,
            self.password,
            key.data.as_bytes(),
            self.budget,
        );
        let plain = match opened.map_err(Pkcs12Error::from) {
            Ok(plain) if ber::normalise(&plain).is_ok() => plain,
            Ok(_) | Err(Pkcs12Error::WrongPassword) if self.password_proven => {
                self.found.locked_keys += 1;
                return Ok(());
            }
            Ok(_) => return Err(Pkcs12Error::WrongPassword),
            Err(error) => return Err(error),
        };
        self.password_proven = true;
        self.key(&plain, bag)
    }

    fn key(&mut self, plain: &[u8], bag: &SafeBag<'_>) -> Result<(), Pkcs12Error> {
        let normal = ber::normalise(plain)?;
        let attributes = attributes::read(bag.attributes)?;
        self.found.keys.push(KeyBag {
            pkcs8: Zeroizing::new(normal.to_vec()),
            friendly_name: attributes.friendly_name,
            local_key_id: attributes.local_key_id,
        });
        Ok(())
    }
}

fn typed_octets(bag: &SafeBag<'_>) -> Result<(der::asn1::ObjectIdentifier, Vec<u8>), Pkcs12Error> {
    let malformed = |_| Pkcs12Error::Malformed;
    let typed: TypedOctets<'_> = bag.value.decode_as().map_err(malformed)?;
    let value = match typed.value.decode_as::<&OctetStringRef>() {
        Ok(octets) => octets.as_bytes().to_vec(),
        // An SDSI certificate is text; its kind alone matters.
        Err(_) => typed.value.to_der().map_err(malformed)?,
    };
    Ok((typed.kind, value))
}
