//! CAA records that may be anything: judged, mended and written.

use keyway_dns::caa::{
    Climb, Climbed, Dnssec, End, Found, Issuer, Property, Request, check, judge, malformed,
};
use keyway_dns::name::Name;
use keyway_report::{Verdict, escape};

/// What is read is written as the same bytes, what was probably meant is right, the smallest change is enough,
/// and every message is safe to show. The first byte says who asks; then records, each with its length in front.
pub fn caa(data: &[u8]) {
    let Some((&asks, data)) = data.split_first() else {
        return;
    };
    let records = records(data);
    records.iter().for_each(|record| reads_back(record));
    let request = request(asks);
    let way = climbed(&records);
    let judgement = judge(&way, &request);
    assert_eq!(judgement, judge(&way, &request), "not the same twice");
    if let (Verdict::No, End::Records { records, .. }) = (judgement.verdict, way.end()) {
        let after = judge(&climbed(&judgement.change.applied(records)), &request);
        assert_ne!(after.verdict, Verdict::No, "{judgement:?}");
    }
    for finding in check(&way, &request, &judgement, Dnssec::Unknown) {
        let told = serde_json::to_value(&finding).expect("plain values");
        for part in ["message", "fix"] {
            for ch in told[part].as_str().expect("a text").chars() {
                let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
                assert!(shown.starts_with(ch), "{ch:?} in {told}");
            }
        }
    }
}

fn records(mut data: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while let Some((&length, rest)) = data.split_first() {
        let (record, next) = rest.split_at(usize::from(length).min(rest.len()));
        records.push(record.to_vec());
        data = next;
    }
    records
}

fn reads_back(record: &[u8]) {
    if let Some(property) = Property::read(record) {
        assert_eq!(property.data(), record);
        if let Ok(issuer) = Issuer::read(&property.value) {
            let again = Issuer::read(issuer.to_string().as_bytes());
            assert_eq!(again.as_ref(), Ok(&issuer));
        }
    }
    for meant in malformed(record).into_iter().flat_map(|found| found.meant) {
        assert_eq!(malformed(&meant.data()), None, "{meant}");
    }
}

fn request(asks: u8) -> Request {
    let request = Request::to("letsencrypt.org").expect("a CA");
    let mut request = request.wildcard(asks & 1 != 0);
    if asks & 2 != 0 {
        request = request.with_account("https://a.example/1").expect("a URI");
    }
    if asks & 4 != 0 {
        request = request.with_method("dns-01").expect("a label");
    }
    request
}

fn climbed(records: &[Vec<u8>]) -> Climbed {
    let name = Name::read("www.example.com").expect("a name");
    Climb::with(&name, |_| Found::Records(records.to_vec()).into())
}
