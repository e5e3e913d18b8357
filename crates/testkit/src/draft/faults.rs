//! The fields as no CA may write them. Bytes are whole values, tag and length included, unless the
//! method says otherwise; the signature covers them, so only what is faulty is at fault.

use super::Draft;
use crate::{SpkiFault, der, timestamps};

impl Draft {
    /// X.509 version 1 (the field is absent) without extensions.
    pub fn version_one(self) -> Self {
        self.version_der(&[]).without_extensions()
    }

    /// This number in the version field: 0 is version 1, 2 is version 3. Extensions stay.
    pub fn version_number(self, number: u64) -> Self {
        self.version_der(&der::explicit(0, &der::integer(number)))
    }

    /// These bytes as the version field.
    pub fn version_der(mut self, bytes: &[u8]) -> Self {
        self.faults.version = Some(bytes.to_vec());
        self
    }

    /// These bytes as Validity.
    pub fn validity_der(mut self, bytes: &[u8]) -> Self {
        self.faults.validity = Some(bytes.to_vec());
        self
    }

    /// Both moments as `GeneralizedTime`, which RFC 5280 4.1.2.5 allows only from 2050.
    pub fn generalized_times(self) -> Self {
        let (start, end) = (self.not_before, self.not_after);
        let times = [
            timestamps::generalized_time(start),
            timestamps::generalized_time(end),
        ];
        self.validity_der(&der::sequence(&times))
    }

    /// Both moments as `UTCTime`, whatever the year.
    pub fn utc_times(self) -> Self {
        let times = [
            timestamps::utc_time(self.not_before),
            timestamps::utc_time(self.not_after),
        ];
        self.validity_der(&der::sequence(&times))
    }

    /// These bytes as `SubjectPublicKeyInfo`. Key identifiers stay those of the key.
    pub fn spki_der(mut self, bytes: &[u8]) -> Self {
        self.faults.spki = Some(bytes.to_vec());
        self
    }

    /// The subject's key written wrongly.
    pub fn faulty_spki(self, fault: SpkiFault) -> Self {
        let bytes = self.key.faulty_spki_der(fault);
        self.spki_der(&bytes)
    }

    /// These bytes as the `AlgorithmIdentifier` inside the signed part.
    pub fn inner_algorithm_der(mut self, bytes: &[u8]) -> Self {
        self.faults.inner_algorithm = Some(bytes.to_vec());
        self
    }

    /// These bytes as the `AlgorithmIdentifier` beside the signature.
    pub fn outer_algorithm_der(mut self, bytes: &[u8]) -> Self {
        self.faults.outer_algorithm = Some(bytes.to_vec());
        self
    }

    /// Unique identifiers of issuer and subject, which the Baseline Requirements forbid.
    pub fn unique_ids(mut self) -> Self {
        let id = [0, 0x4b]; // no unused bits, one byte
        self.faults.unique_ids = [der::implicit(1, &id), der::implicit(2, &id)].concat();
        self
    }

    /// These bytes as the whole field of extensions, `[3]` included.
    pub fn extensions_field_der(mut self, bytes: &[u8]) -> Self {
        self.faults.extensions = Some(bytes.to_vec());
        self
    }

    /// Changes the parts of `TBSCertificate` before they are joined and signed: 0 version, 1 serial,
    /// 2 algorithm, 3 issuer, 4 validity, 5 subject, 6 key, 7 unique identifiers, 8 extensions.
    /// An absent field is empty; further parts may be pushed.
    pub fn tbs_parts(mut self, change: fn(&mut Vec<Vec<u8>>)) -> Self {
        self.faults.tbs = Some(change);
        self
    }

    /// One bit of the signature flipped.
    pub fn broken_signature(mut self) -> Self {
        self.faults.broken_signature = true;
        self
    }

    /// These bytes as the content of the signature.
    pub fn signature_bytes(mut self, bytes: &[u8]) -> Self {
        self.faults.signature = Some(bytes.to_vec());
        self
    }

    /// Bytes after the certificate's end.
    pub fn trailing_bytes(mut self, bytes: &[u8]) -> Self {
        self.faults.trailing = bytes.to_vec();
        self
    }
}
