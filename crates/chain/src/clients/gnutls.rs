//! Programs that link GnuTLS: wget, parts of GNOME, Debian's apt.

use super::{Family, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "GnuTLS",
    source: "GnuTLS: gnutls_x509_trust_list_verify_crt2(3)",
    enforces: &[],
    ignores: &[],
    refuses: |_| None,
    missing: |evidence| {
        cannot_help(
            evidence,
            "GnuTLS: gnutls_x509_trust_list_set_getissuer_function(3), set by no default",
        )
    },
};
