//! A service file that may be anything: read, checked, written again and changed.

use keyway_config::model::{Material, Secret};
use keyway_config::{Draft, Edit, Finding, MAX_BYTES, Service, Surroundings, check, read};
use keyway_report::escape;

/// So much of a secret's text is told from chance.
const TELLING: usize = 12;

/// Reading and checking end and say the same twice, every place lies inside the file, what is written reads
/// back as the same service, an edit changes its own field alone, and what is shown holds no inline secret.
pub fn service(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let draft = match (read(&text), read(&text)) {
        (Ok(first), Ok(second)) => {
            assert_eq!(first.service, second.service, "not the same twice");
            first
        }
        (first, second) => {
            let (first, second) = (first.err(), second.err());
            assert_eq!(first, second, "not the same twice");
            if let Some(bytes) = first.and_then(|error| error.bytes()) {
                assert!(bytes.start <= bytes.end && bytes.end <= text.len());
            }
            return;
        }
    };
    findings_stand_inside(&draft);
    reads_back(&draft.service);
    edits_one_field(&draft);
    shows_no_secret(&draft);
}

fn findings_stand_inside(draft: &Draft) {
    let all = || check(draft, "service", &Surroundings::default());
    let findings: Vec<Finding> = all();
    assert_eq!(findings, all(), "not the same twice");
    let length = draft.text().len();
    let lines = draft.text().matches('\n').count() + 1;
    for finding in &findings {
        let told = serde_json::to_value(finding).expect("plain values");
        let message = told["message"].as_str().expect("a message");
        let field = told["where"]["field"].as_str().unwrap_or_default();
        for text in [message, field] {
            for ch in text.chars() {
                let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
                assert!(shown.starts_with(ch), "{ch:?} in {text:?}");
            }
        }
        if let Some([start, end]) = finding.at.bytes {
            assert!(start <= end && end <= length, "{start}..{end} of {length}");
        }
        if let Some(line) = finding.at.line {
            assert!((1..=lines).contains(&(line as usize)), "{line} of {lines}");
        }
    }
}

/// Both forms that are written read back as the service that they were made of.
fn reads_back(service: &Service) {
    for text in [service.to_toml(), service.to_json()] {
        // Escapes may make it longer than what is read.
        if text.len() > MAX_BYTES {
            continue;
        }
        match read(&text) {
            Ok(again) => assert_eq!(again.service, *service, "{text}"),
            Err(error) => panic!("{error} in\n{text}"),
        }
    }
}

/// An edit leaves all other fields as they are, and what it makes reads again.
fn edits_one_field(draft: &Draft) {
    let Ok(changed) = Edit::new().set("endpoint", "192.0.2.1").apply(draft) else {
        // What is written can be longer than what is read.
        assert!(
            draft.text().len() + 64 > MAX_BYTES / 6,
            "an edit that does not apply"
        );
        return;
    };
    assert_eq!(changed.service.endpoint.as_deref(), Some("192.0.2.1"));
    let mut expected = draft.service.clone();
    expected.endpoint = Some("192.0.2.1".to_owned());
    assert_eq!(changed.service, expected);
    let without = Edit::new().remove("endpoint").apply(&changed);
    let without = without.expect("what was changed can be changed");
    expected.endpoint = None;
    assert_eq!(without.service, expected);
}

/// Secrets of the service are nowhere in what may be shown, as far as they stand nowhere else.
fn shows_no_secret(draft: &Draft) {
    let shown = draft.shown();
    let redacted = draft.service.clone().redacted();
    assert!(redacted.open_secrets().len() <= draft.service.open_secrets().len());
    for secret in secrets(&draft.service) {
        let is_telling = secret.len() >= TELLING && draft.text().matches(secret).count() == 1;
        assert!(!is_telling || !shown.contains(secret), "{secret} is shown");
        let debug = format!("{:?}", draft.service);
        let elsewhere = redacted.to_json().contains(secret);
        assert!(elsewhere || !is_telling || !debug.contains(secret));
    }
}

fn secrets(service: &Service) -> Vec<&str> {
    let tls = &service.tls;
    let own = tls.certificates.iter();
    let passwords = own.clone().map(|own| own.password.as_ref());
    let tsig = service.dns.tsig.as_ref().map(|tsig| &tsig.secret);
    let passwords = passwords.chain([tls.password.as_ref(), tsig]).flatten();
    let inline = passwords.filter_map(|secret| match secret {
        Secret::Inline(text) => Some(text.as_str()),
        _ => None,
    });
    let keys = own.map(|own| &own.key).chain(tls.key.as_ref());
    let keys = keys.filter_map(|key| match key {
        Material::Pem(text) => Some(text.as_str()),
        Material::Path(_) => None,
    });
    inline.chain(keys).collect()
}
