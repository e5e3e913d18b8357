//! Who was led by HAProxy to a backend that turns people away is not let in by another one.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
use keyway_report::Kind as _;

/// An import with its findings, each as its code, its line and what it names.
fn read(text: &str) -> (Imported, Vec<String>) {
    let imported = import(text, Form::Haproxy).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        let line = finding.at.line.unwrap_or_default();
        format!("{} {line} {what}", finding.code().replace("config.", ""))
    });
    let told = told.collect();
    (imported, told)
}

const SERVER: &str = "server s 10.0.0.2:80";

/// A frontend whose backend is `b`, and another backend `c`.
fn web(front: &str, other: &str) -> String {
    format!(
        "frontend f\n mode http\n bind :443 ssl crt /a.pem\n {front}\nbackend b\n mode http\n server s 10.0.0.1:80\n\
         backend c\n {other}\n"
    )
}

#[test]
fn a_backend_for_a_part_that_turns_somebody_away_is_told_to_let_everybody_in() {
    let part = "use_backend c if { path_beg /admin }";
    let front = format!("{part}\n default_backend b");
    for (other, line, told) in [
        ("http-request deny", 10, "http-request deny"),
        (
            "acl lan src 10.0.0.0/8\n http-request deny unless lan",
            11,
            "http-request deny unless lan",
        ),
        (
            "http-request auth unless { http_auth(people) }",
            10,
            "http-request auth unless { http_auth(people) }",
        ),
        ("http-request tarpit", 10, "http-request tarpit"),
        ("http-request reject", 10, "http-request reject"),
        (
            "http-request return status 403",
            10,
            "http-request return status 403",
        ),
        (
            "tcp-request content reject",
            10,
            "tcp-request content reject",
        ),
        (
            "acl known req.cook(s) -m found\n http-request redirect location /login unless known",
            11,
            "http-request redirect location /login unless known",
        ),
    ] {
        for server in [SERVER, ""] {
            let (imported, found) = read(&web(&front, &format!("{other}\n {server}")));
            assert_eq!(found, [format!("guard-left-behind {line} {part} {told}")]);
            assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
        }
    }
    for (other, told) in [
        ("mode http", "(without servers)"),
        ("errorfile 503 /blocked.http", "(without servers)"),
        ("server s 10.0.0.2:80 check disabled", "(without servers)"),
        ("disabled\n server s 10.0.0.2:80", "(disabled)"),
    ] {
        let (_, found) = read(&web(&front, other));
        assert_eq!(
            found,
            [format!("guard-left-behind 4 {part} {told}")],
            "{other}"
        );
    }
    // What answers everybody keeps nobody out, and a `listen` section is a backend, too.
    for other in [
        SERVER,
        "http-request return status 200",
        "http-request redirect location /new",
        "stats enable",
        "acl lan src 10.0.0.0/8\n server s 10.0.0.2:80",
    ] {
        assert_eq!(read(&web(&front, other)).1, [""; 0], "{other}");
    }
    let text = web(&front, "http-request deny").replace("backend c\n", "listen c\n");
    let told = format!("guard-left-behind 10 {part} http-request deny");
    assert_eq!(read(&text).1, [told]);
}

#[test]
fn a_backend_that_turns_people_away_is_told_where_the_hosts_are_the_services_alone() {
    let named = "use_backend b if { hdr(host) -i a.example }";
    // Whoever is turned away there gets no answer here either.
    let deny = format!("http-request deny\n {SERVER}");
    for (front, is_told) in [
        // Behind all that is the service's it comes too late.
        (
            format!("{named}\n use_backend c if {{ path_beg /x }}"),
            false,
        ),
        (
            format!("use_backend c if {{ path_beg /x }}\n {named}"),
            true,
        ),
        (
            format!("use_backend c if {{ hdr(host) -i a.example }} {{ path_beg /x }}\n {named}"),
            true,
        ),
        (
            format!("use_backend c if {{ hdr(host) -i b.example }} {{ path_beg /x }}\n {named}"),
            false,
        ),
        (
            format!(
                "acl other hdr(host) -i b.example\n acl x path_beg /x\n use_backend c if x other or other x\n {named}"
            ),
            false,
        ),
        (
            format!(
                "acl other hdr(host) -i b.example\n acl x path_beg /x\n use_backend c if other x or x\n {named}"
            ),
            true,
        ),
        (
            format!("use_backend c if !{{ hdr(host) -i b.example }} {{ path_beg /x }}\n {named}"),
            true,
        ),
        // Every other host is led there, too.
        (
            format!(
                "use_backend c if {{ hdr(host) -i b.example }} {{ path_beg /x }}\n {named}\n default_backend b"
            ),
            true,
        ),
    ] {
        let (_, found) = read(&web(&front, &deny));
        let told = found.join("\n");
        assert_eq!(
            told.contains("guard-left-behind"),
            is_told,
            "{front}\n{told}"
        );
        assert_eq!(found.len(), usize::from(is_told), "{front}\n{told}");
    }
}

#[test]
fn what_is_disabled_in_haproxy_is_not_served() {
    let off = "frontend old\n disabled\n mode http\n bind :8443 ssl crt-list /old verify unknown\n default_backend b\n";
    let text = off.to_owned() + &web("default_backend b", SERVER);
    let (imported, found) = read(&text);
    assert_eq!(found, [""; 0]);
    assert_eq!(imported.service.listen.0.join(" "), "0.0.0.0:443");
    let told = "line 4: frontend old: bind :8443 ssl crt-list /old verify unknown";
    assert!(
        imported.lost.contains(&told.to_owned()),
        "{:?}",
        imported.lost
    );
    for alone in [
        off.to_owned(),
        off.replace("frontend", "listen"),
        format!("defaults\n disabled\n{}", off.replace(" disabled\n", "")),
    ] {
        let refused = import(&alone, Form::Haproxy).unwrap_err().to_string();
        assert!(refused.contains("is disabled"), "{refused}");
    }
    let on = format!(
        "defaults\n disabled\n{}",
        web("enabled\n default_backend b", "enabled")
    );
    let (imported, found) = read(&on.replace("backend b\n", "backend b\n enabled\n"));
    assert_eq!(found, [""; 0]);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    let (imported, found) = read(&web("default_backend c", &format!("disabled\n {SERVER}")));
    assert!(imported.service.upstream.is_empty());
    assert_eq!(
        found,
        ["upstream-left-behind 4 default_backend c, which is disabled"]
    );
}

#[test]
fn lines_of_haproxy_that_decide_something_under_a_condition_are_refused() {
    let text = web(
        ".if 0\n default_backend c\n .else\n default_backend b\n .endif",
        SERVER,
    );
    let refused = import(&text, Form::Haproxy).unwrap_err().to_string();
    assert!(refused.starts_with("line 4: `.if` decides"), "{refused}");
    // What is only said while it is read decides nothing.
    let (imported, found) = read(&format!(
        ".notice \"hello\"\n{}",
        web(".diag x\n default_backend b", SERVER)
    ));
    assert_eq!(found, [""; 0]);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
}

#[test]
fn a_backend_that_sends_some_hosts_elsewhere_is_not_the_service_though_it_comes_first() {
    let redirect = "http-request redirect prefix https://a.com";
    let front =
        "use_backend c if { hdr(host) -i www.a.com }\n use_backend b if { hdr(host) -i a.com }";
    let (imported, found) = read(&web(front, redirect));
    assert!(imported.service.host.iter().eq(["a.com"]));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    // Whoever asks for those gets no answer, which is told.
    let apart = "upstream-left-behind 4 use_backend c if { hdr(host) -i www.a.com }";
    assert_eq!(found, [apart]);
    let (_, found) = read(&web(front, "http-request return status 404"));
    assert_eq!(found, [""; 0]);
    // Who answers for all hosts would answer for those, too.
    let front = "use_backend c if { hdr(host) -i www.a.com }\n default_backend b";
    let (imported, found) = read(&web(front, redirect));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(found.len(), 1, "{found:?}");
}
