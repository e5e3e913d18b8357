//! What people type, and what certificates present.

use keyway_chain::name::{Host, Presented};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;

use crate::leaf;

/// A host on the first line, one dNSName behind it: whether the two meet is what rustls-webpki says
/// (save where both end in a dot), and a mismatch is explained exactly where there is one.
pub fn names(data: &[u8]) {
    let line_end = data.iter().position(|byte| *byte == b'\n');
    let (typed, entry) = line_end.map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let Ok(host) = Host::parse(&String::from_utf8_lossy(typed)) else {
        return;
    };
    let again = Host::parse(&host.to_string()).expect("what is shown can be typed");
    assert_eq!(again, host);
    // The one exception: a dot at the end of both, which Go and Node match.
    let is_rooted = entry.ends_with(b".") && host.name().is_some();
    let meets = Presented::dns(entry).matches(&host);
    if !(is_rooted && meets) {
        agrees(&host, &Presented::dns(entry), leaf::DNS_NAME, entry);
    }
    agrees(&host, &Presented::ip(entry), leaf::IP_ADDRESS, entry);
}

fn agrees(host: &Host, presented: &Presented, tag: u8, entry: &[u8]) {
    let ours = presented.matches(host);
    assert_eq!(ours, presented.why_not(host).is_none());
    let _ = presented.to_string();
    let Some(name) = host.server_name() else {
        assert!(matches!(host, Host::Literal(_)));
        return;
    };
    let der = CertificateDer::from(leaf::with_name(tag, entry));
    let Ok(certificate) = EndEntityCert::try_from(&der) else {
        // Over 64 KiB, which is all that webpki reads.
        assert!(
            der.len() > usize::from(u16::MAX),
            "the template is a certificate"
        );
        return;
    };
    let theirs = certificate.verify_is_valid_for_subject_name(&name).is_ok();
    assert_eq!(ours, theirs, "{host} against {presented}");
}
