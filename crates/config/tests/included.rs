//! What a configuration of nginx includes is read as if it stood there, and what could not be read is told.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, Sources, import_from};
use keyway_report::Kind as _;

/// An import where these files are at hand, by the names that they are included by.
fn read(text: &str, files: &[(&str, &str)]) -> Imported {
    let included = |named: &str| {
        let known = files.iter().filter(|(name, _)| *name == named);
        let known: Vec<_> = known
            .map(|(name, text)| (format!("/n/{name}"), (*text).to_owned()))
            .collect();
        (!known.is_empty()).then_some(known)
    };
    let sources = Sources {
        files: &|_| None,
        included: &included,
        folder: Some("/n"),
        main: None,
    };
    import_from(text, Form::Nginx, &sources).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn told(imported: &Imported) -> Vec<String> {
    let findings = imported.findings.iter();
    let told = findings.map(|found| {
        let message = found.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        format!(
            "{} {} {what}",
            found.code(),
            found.at.line.unwrap_or_default()
        )
    });
    told.collect()
}

const MAIN: &str = "http {\n include mime.types;\n include sites/*;\n}\n";

const SITE: &str = "server {\n listen 443 ssl; server_name a.test;\n include tls.conf;\n location / {\n  include auth.conf;\n  proxy_set_header Host $host; \
    proxy_pass http://10.0.0.1;\n }\n}\n";

const TLS: &str = "ssl_certificate certs/a.pem;\nssl_certificate_key certs/a.key;\n";

#[test]
fn what_is_included_counts_as_if_it_stood_there() {
    let files = [
        ("sites/*", SITE),
        ("tls.conf", TLS),
        ("auth.conf", "\ndeny all;\n"),
        ("mime.types", "types { text/html html; }\n"),
    ];
    let imported = read(MAIN, &files);
    let tls = &imported.service.tls;
    assert_eq!(
        tls.certificate.as_ref().unwrap().path(),
        Some("/n/certs/a.pem")
    );
    assert_eq!(tls.key.as_ref().unwrap().path(), Some("/n/certs/a.key"));
    assert!(imported.service.host.iter().eq(["a.test"]));
    assert_eq!(
        told(&imported),
        ["config.guard-left-behind 2 /n/auth.conf: deny all"]
    );
    assert_eq!(imported.lost, ["/n/mime.types, line 1: types"]);
}

#[test]
fn what_cannot_be_read_is_an_error_in_the_service_and_a_note_elsewhere() {
    let imported = read(MAIN, &[("sites/*", SITE), ("tls.conf", TLS)]);
    assert_eq!(
        told(&imported),
        ["config.include-left-behind 5 /n/sites/*: include auth.conf"]
    );
    assert_eq!(imported.lost, ["line 2: include mime.types"]);
    // What everybody has is known, and what another service includes is nothing of this one.
    let known = SITE.replace("auth.conf", "/etc/nginx/proxy_params");
    let known = known.replace("tls.conf", "/etc/letsencrypt/options-ssl-nginx.conf");
    let other = "server { listen 80; server_name b.test; include auth.conf; return 404; }\n";
    assert_eq!(told(&read(&(known + other), &[])), [""; 0]);
    // A file with a slip is not read either.
    let imported = read(SITE, &[("tls.conf", TLS), ("auth.conf", "deny all")]);
    assert_eq!(
        told(&imported),
        ["config.include-left-behind 5 include auth.conf"]
    );
}

#[test]
fn files_that_include_each_other_without_an_end_are_told() {
    let imported = read(
        SITE,
        &[
            ("tls.conf", TLS),
            ("auth.conf", "include auth.conf; include auth.conf;"),
        ],
    );
    let told = told(&imported);
    assert!(
        !told.is_empty() && told.iter().all(|told| told.contains("include-left-behind")),
        "{told:?}"
    );
}

#[test]
fn an_error_in_a_file_that_is_included_has_its_place_there() {
    let sources = Sources {
        files: &|_| None,
        included: &|_| {
            Some(vec![(
                "/n/a.conf".to_owned(),
                "\n\nssl_verify_client maybe;".to_owned(),
            )])
        },
        folder: None,
        main: None,
    };
    let error = import_from(
        "server { listen 80; include a.conf; }",
        Form::Nginx,
        &sources,
    );
    let error = error.unwrap_err().to_string();
    assert!(error.starts_with("line 3: of /n/a.conf: "), "{error}");
}

#[test]
fn a_dump_holds_the_files_with_their_lines() {
    let dump = format!(
        "nginx: the configuration file /e/nginx.conf syntax is ok\n# configuration file /e/nginx.conf:\n{MAIN}\n\
         # configuration file /e/mime.types:\ntypes {{ text/html html; }}\n\n# configuration file /e/sites/a:\n{SITE}\n\
         # configuration file /e/tls.conf:\n{TLS}\n# configuration file /e/auth.conf:\ndeny all;\n\n"
    );
    let imported = read(&dump, &[]);
    let line = dump
        .lines()
        .position(|line| line.starts_with("deny"))
        .unwrap()
        + 1;
    assert_eq!(
        told(&imported),
        [format!("config.guard-left-behind {line} deny all")]
    );
    let certificate = imported.service.tls.certificate.unwrap();
    assert_eq!(certificate.path(), Some("/e/certs/a.pem"));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1"]));
}

#[test]
fn a_dump_of_many_files_that_include_many_costs_what_its_text_does() {
    let mut dump = "# configuration file /e/nginx.conf:\nhttp {\n".to_owned();
    for _ in 0..20_000 {
        dump += "include a*a*/b*b*;\n";
    }
    dump +=
        "server { listen 80; server_name a.test; location / { proxy_pass http://10.0.0.1; } } }\n";
    let files =
        (0..15_000).map(|number| format!("# configuration file /e/aaaaa/bbbbb{number}:\n\n"));
    dump.extend(files);
    let imported = read(&dump, &[]);
    assert!(imported.service.host.iter().eq(["a.test"]));
    assert!(
        imported
            .lost
            .iter()
            .any(|lost| lost.ends_with("include a*a*/b*b*"))
    );
}

#[test]
fn patterns_that_are_costly_to_find_are_told_and_not_followed() {
    let mut dump = "# configuration file /n/nginx.conf:\nhttp {\n".to_owned();
    let pattern = format!("/n/*{}b", "a".repeat(200));
    dump += &format!("include {pattern};\n").repeat(150);
    dump += SITE;
    dump += "}\n";
    let long = "a".repeat(400);
    let files = (0..2000).map(|number| format!("# configuration file /n/{long}{number:05}:\n\n"));
    dump.extend(files);
    let imported = read(&dump, &[]);
    assert!(imported.service.host.iter().eq(["a.test"]));
    let is_told = |lost: &String| lost.contains("include /n/*aaa");
    assert!(imported.lost.iter().any(is_told), "{:?}", imported.lost);
}
