//! Names with quotes, line ends, semicolons and braces in them stay inside their words.

use std::fs;

use keyway_config::Service;
use keyway_config::forms::{Form, Refusal, export};
use keyway_config::model::{ClientMode, Hsts, Material, Mode, OwnCertificate, Secret};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::judges::{SERVERS, accepted, folder, full, import};

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\\n\\t\u{e4}\u{85}\u{202e}]{0,16}",
        "[a-z]{1,5}(\\.[a-z]{1,5}){0,2}",
        prop::sample::select(vec![
            "\";}", "';\n", "$host", "{$HOME}", "\\", "a\\\"; b", "#", "a b", "}", "{", "\\'",
            "x\\",
        ])
        .prop_map(str::to_owned),
    ]
}

prop_compose! {
    fn service()(
        hosts in prop::collection::vec(hostile(), 0..3),
        own in prop::collection::vec((hostile(), hostile()), 0..2),
        upstream in prop::collection::vec(prop_oneof![
            hostile(), Just("http://127.0.0.1:5001".to_owned()), Just("http://10.0.0.1:80".to_owned()),
        ], 0..3),
        path in hostile(), ca in prop::option::of(hostile()), name in prop::option::of(hostile()),
        flags in any::<[bool; 3]>(),
        alpn in prop::collection::vec(hostile(), 0..2),
        idle in prop::option::of(any::<u32>()),
    ) -> Service {
        let mut service = Service { name, ..Service::default() };
        service.host.0 = hosts;
        service.upstream.0 = upstream;
        service.tls.certificate = Some(Material::Path(path.clone()));
        service.tls.key = Some(Material::Path(path));
        service.tls.client.ca = ca.map(Material::Path);
        service.tls.certificates = own.into_iter().map(|(host, path)| OwnCertificate {
            host: [host].into_iter().collect(),
            certificate: Material::Path(path.clone()),
            key: Material::Path(path),
            password: None,
            ocsp: None,
        }).collect();
        service.tls.redirect = flags[0];
        service.tls.hsts = flags[1].then_some(Hsts { max_age: 1, include_subdomains: true, preload: false });
        service.tls.client.mode = if flags[2] { ClientMode::Required } else { ClientMode::None };
        service.tls.alpn.0 = alpn;
        service.timeouts.idle = idle;
        service
    }
}

/// Whether it is what turns others away, which is what a service does by itself.
pub(crate) fn turns_away(left: &str) -> bool {
    let words = ["strict-sni", "ssl_reject_handshake", "return 421"];
    words.iter().any(|words| left.contains(words))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_imported_is_exported_as_it_was(service in service()) {
        for form in [Form::Nginx, Form::Haproxy] {
            let exported = export(&service, form, &|_| None);
            let imported = import(&exported.text, form)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{}", exported.text)))?;
            // Without a certificate it is no export, and another server may come first.
            if matches!(exported.refused, Some(Refusal::NoCertificate { .. })) {
                continue;
            }
            // What has no ending may be a folder, which is said beside it.
            let mut lost = imported.lost.iter().filter(|lost| {
                !lost.ends_with("if it is a folder")
                    && !lost.contains("where HAProxy is started")
                    && !turns_away(lost)
            });
            prop_assert_eq!(lost.next(), None, "{}", exported.text);
            let is_kept = |field: &str| !exported.lost.iter().any(|lost| lost == field);
            let mut same = imported.service.clone();
            // Where nobody can be turned away, it is read as it stands there.
            same.tls.default_certificate &= is_kept("tls.default_certificate");
            let again = export(&same, form, &|_| None);
            // For which hosts a certificate is stands in its file, and there is none.
            if !again.lost.iter().any(|lost| lost.starts_with("tls.certificates[")) {
                prop_assert_eq!(&again.text, &exported.text);
            }
            if is_kept("host") {
                let (own, more) = imported.service.host.0.split_at(service.host.0.len());
                // Names of other languages are said as A-labels.
                let mut said = own.iter().zip(&service.host.0);
                prop_assert!(said.all(|(own, host)| own == host || !host.is_ascii()));
                // HAProxy leads the hosts of other certificates to the same backend.
                let others = service.tls.certificates.iter().flat_map(|own| own.host.iter());
                let others: Vec<&str> = others.filter(|_| form == Form::Haproxy).collect();
                prop_assert!(more.iter().all(|host| host.contains("xn--") || others.contains(&host.as_str())));
            }
            if is_kept("upstream") {
                prop_assert_eq!(&imported.service.upstream, &service.upstream);
            }
            if is_kept("tls.certificate") {
                prop_assert_eq!(&imported.service.tls.certificate, &service.tls.certificate);
            }
            if is_kept("tls.hsts.max_age") {
                prop_assert_eq!(&imported.service.tls.hsts, &service.tls.hsts);
            }
            if is_kept("tls.client.ca") {
                prop_assert_eq!(&imported.service.tls.client.ca, &service.tls.client.ca);
            }
        }
    }

    #[test]
    fn any_text_is_imported_or_refused(text in "[a-z {};'\"\\\\#\\n]{0,120}") {
        drop(import(&text, Form::Nginx));
        drop(import(&text, Form::Haproxy));
    }
}

#[test]
fn hostile_paths_are_said_right_or_told_to_be_lost() {
    let odd = [
        "it's.pem", "a b.pem", "q\".pem", "c;}.pem", "h#.pem", "d$x.pem", "b\\.pem", "n{x}.pem",
        "e\\", "l\n.pem",
    ];
    let folder = folder(&[&odd[..], &["pair.pem", "other.pem"]].concat());
    for name in odd {
        let mut service = full(folder.path());
        let path = Material::Path(folder.path().join(name).to_string_lossy().into_owned());
        service.tls.certificate = Some(path.clone());
        service.tls.key = Some(path);
        service.host.0.push(format!("x{name}"));
        for form in SERVERS {
            let exported = export(&service, form, &|_| None);
            assert!(exported.lost.contains(&"host".to_owned()));
            // The file is found under its name, so the name was understood.
            if let Err(told) = accepted(form, &service, &exported.text, folder.path()) {
                panic!("{} {name}: {told}\n{}", form.word(), exported.text);
            }
        }
    }
}

/// A name that is a word the servers do not know, if it gets out of its string: what could close one comes
/// before it, what could begin something new behind it.
fn canary() -> impl Strategy<Value = String> {
    let closers = prop::sample::select(vec![
        "",
        "\"",
        "'",
        "\\\"",
        "\\'",
        "\\",
        "`",
        "\";",
        "';",
        "\" ;}",
        "\"}\n",
        "'\n",
        "\n",
        "\r\n",
        "\t",
        " ",
        "}",
        "{",
        "#",
        ";",
        "$",
        "${",
        "{$",
        "{env.HOME}",
        "\\\n",
        "\u{85}",
        "\u{2028}",
        "\u{e4}\"",
    ]);
    let openers = prop::sample::select(vec![
        "",
        ";",
        " {",
        "{}",
        "\"",
        "'",
        "`",
        "\\",
        "\n",
        "\nkeyway_canary\n",
        " #",
        "$(x)",
        "}",
        ";\"",
        "\" \"",
        "\t",
    ]);
    (closers.clone(), openers, closers)
        .prop_map(|(before, behind, end)| format!("{before}keyway_canary{behind}{end}"))
}

#[test]
fn nothing_gets_out_of_its_string_in_the_eyes_of_the_servers() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let pair = fs::read(folder.path().join("pair.pem")).expect("a file");
    // Each case asks three programs: a tenth of a second for all of them.
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let cases = (canary(), canary(), canary(), canary(), any::<bool>());
    let answer = runner.run(&cases, |(path, own, ca, other, is_tcp)| {
        let made = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, &pair).expect("a file");
            Material::Path(path.to_string_lossy().into_owned())
        };
        let mut service = full(folder.path());
        service.tls.certificate = Some(made(&path));
        service.tls.key = Some(made(&path));
        service.tls.client.ca = Some(made(&ca));
        let password = made(&other).path().map(str::to_owned);
        service.tls.password = password.map(Secret::File);
        service.tls.certificates[0].certificate = made(&own);
        service.tls.certificates[0].key = made(&own);
        service.host.0.push(other.clone());
        service.tls.certificates[0].host.0.push(path.clone());
        // Behind a port, so that it never is a name that somebody would be asked for.
        service
            .upstream
            .0
            .push(format!("http://127.0.0.1:80{other}"));
        service.listen.0.push(other.clone());
        service.name = Some(own.clone());
        if is_tcp {
            service.mode = Mode::Tcp;
            service.upstream.0 = vec!["127.0.0.1:5432".to_owned(), format!("127.0.0.1:80{other}")];
            service.tls.alpn.0.push(other.clone());
        }
        for form in SERVERS {
            let exported = export(&service, form, &|_| None);
            if let Err(told) = accepted(form, &service, &exported.text, folder.path()) {
                let text = &exported.text;
                return Err(TestCaseError::fail(format!(
                    "{}: {told}\n{text}",
                    form.word()
                )));
            }
        }
        Ok(())
    });
    answer.expect("every server takes every case");
}
