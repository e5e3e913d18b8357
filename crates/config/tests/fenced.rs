//! What keeps nobody out who gets in here refuses no import, in HAProxy's language.
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

fn web(front: &str) -> String {
    format!(
        "frontend f\n mode http\n bind :443 ssl crt /a.pem\n {front}\nbackend b\n mode http\n server s 10.0.0.1:80\n\
         backend c\n mode http\n server s 10.0.0.2:80\n"
    )
}

#[test]
fn a_condition_that_always_holds_is_none_and_one_that_never_does_leads_nobody() {
    for condition in ["if TRUE", "unless FALSE", "if { always_true }"] {
        let (imported, found) = read(&web(&format!("use_backend b {condition}")));
        assert_eq!(found, [""; 0], "{condition}");
        assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
        assert!(imported.service.tls.default_certificate);
    }
    for condition in ["if FALSE", "unless TRUE", "unless { always_true }"] {
        let line = format!("use_backend c {condition}");
        let (imported, found) = read(&web(&format!("{line}\n default_backend b")));
        assert_eq!(found, [""; 0], "{condition}");
        assert!(imported.lost.contains(&format!("line 4: {line}")));
        assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    }
    // A name that is given anew is what it is given to.
    let own = "acl TRUE src 10.0.0.0/8\n use_backend c if TRUE\n default_backend b";
    let (_, found) = read(&web(own));
    assert_eq!(found, ["guard-left-behind 5 use_backend c if TRUE"]);
    let (_, found) = read(&web("use_backend c if METH_POST\n default_backend b"));
    assert_eq!(found, [""; 0]);
    let (_, found) = read(&web("use_backend c if LOCALHOST\n default_backend b"));
    assert_eq!(found, ["guard-left-behind 4 use_backend c if LOCALHOST"]);
}

#[test]
fn who_asks_for_other_hosts_than_the_services_is_turned_away_here_as_well() {
    let acl = "acl h hdr(host) -i a.example\n acl w hdr(host) -i www.a.example";
    let named = "use_backend b if h or w";
    for fence in [
        "http-request deny if !h !w",
        "http-request deny deny_status 421 unless h or w",
        "http-request reject unless h || w",
        "http-request tarpit unless { hdr(host) -i a.example www.a.example }",
        "tcp-request content reject if !{ ssl_fc_sni -i a.example www.a.example }",
    ] {
        let (imported, found) = read(&web(&format!("{acl}\n {fence}\n default_backend b")));
        assert_eq!(found, [""; 0], "{fence}");
        let hosts = ["a.example", "www.a.example"];
        assert!(imported.service.host.iter().eq(hosts), "{fence}");
        assert!(!imported.service.tls.default_certificate, "{fence}");
    }
    let one = "use_backend b if h";
    let fence = "http-request deny if !h";
    let (imported, found) = read(&web(&format!(
        "{acl}\n {fence}\n {one}\n default_backend b"
    )));
    assert_eq!(found, [""; 0]);
    assert!(imported.service.host.iter().eq(["a.example"]));
    assert!(!imported.service.tls.default_certificate);
    // What turns away somebody who asks for one of the hosts is a guard.
    for fence in [
        "http-request deny if h",
        "http-request deny unless h { src 10.0.0.0/8 }",
        "http-request deny if !h or { src 10.0.0.0/8 }",
        "http-request deny if !h { path_beg /x }",
        "http-request deny if !{ hdr(host) -i b.example }",
        "http-request deny if !x",
        "http-request deny",
    ] {
        let (_, found) = read(&web(&format!("{acl}\n {fence}\n {one}")));
        assert_eq!(found, [format!("guard-left-behind 6 {fence}")]);
    }
    let (_, found) = read(&web(&format!("{acl}\n {fence}\n {named}")));
    assert_eq!(found, [format!("guard-left-behind 6 {fence}")]);
    let other = format!("frontend o\n mode http\n bind :81\n {fence}\n default_backend b\n");
    let (imported, found) = read(&(web("default_backend b") + &other));
    assert_eq!(found, [""; 0]);
    assert!(imported.lost.contains(&format!("line 14: {fence}")));
}

#[test]
fn many_lines_that_name_many_hosts_take_time_as_their_number_grows() {
    // Each names all of the hosts: 4,000 of each were minutes.
    let hosts = (0..4_000).map(|at| format!("acl h hdr(host) -i h{at}.example\n "));
    let hosts = hosts.collect::<Vec<_>>().concat();
    let fences = "http-request deny if !h\n ".repeat(4_000);
    let (imported, found) = read(&web(&format!("{hosts}{fences}default_backend b")));
    assert_eq!(imported.service.host.0.len(), 4_000);
    assert!(found.len() > 100, "{}", found.len());
}

#[test]
fn what_is_gone_is_kept_from_nobody() {
    let (_, found) = read(&web(
        "http-request return status 410 if { path_beg /old }\n default_backend b",
    ));
    assert_eq!(found, [""; 0]);
    let some = "http-request return status 410 if { src 10.0.0.0/8 }";
    let (_, found) = read(&web(&format!("{some}\n default_backend b")));
    assert_eq!(found, [format!("guard-left-behind 4 {some}")]);
}

#[test]
fn lines_under_a_condition_are_read_where_they_decide_nothing() {
    let default = "default_backend b";
    for part in [
        ".if defined(DEBUG)\n option httplog\n .endif",
        ".if 1\n log stdout format raw local0\n .elif 0\n option dontlognull\n .else\n option httplog\n .endif",
        ".if 1\n .if 0\n option httplog\n .endif\n .endif",
        ".if 1\n .endif",
    ] {
        let (imported, found) = read(&web(&format!("{part}\n {default}")));
        let (plain, _) = read(&web(default));
        assert_eq!(found, [""; 0], "{part}");
        assert_eq!(imported.service, plain.service, "{part}");
        let told = format!("line 4: {}", part.lines().next().unwrap());
        assert!(imported.lost.contains(&told), "{:?}", imported.lost);
    }
    let global = format!(
        ".if defined(X)\nglobal\n nbthread 4\n.endif\n{}",
        web(default)
    );
    assert_eq!(read(&global).1, [""; 0]);
    for (part, line) in [
        (".if 0\n maxconn 5\n .endif", 4),
        (".if 0\n maxconn 5\n .else\n maxconn 6\n .endif", 4),
        (".if 0\n option httplog\n .else\n maxconn 6\n .endif", 6),
        (".if 1\n http-request deny\n .endif", 4),
        (".if 1\n disabled\n .else\n enabled\n .endif", 4),
        (
            ".if 1\n acl x src 10.0.0.1\n .endif\n use_backend c if x",
            4,
        ),
    ] {
        let text = web(&format!("{part}\n {default}"));
        let refused = import(&text, Form::Haproxy).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("line {line}: `."))
                && refused.contains("decides which lines stand"),
            "{part} {refused}"
        );
    }
    for (part, told) in [
        (".if 1\n option httplog", "line 4: `.if` is not ended"),
        (".endif", "line 4: `.endif` stands behind no `.if`"),
        (".else", "line 4: `.else` stands behind no `.if`"),
    ] {
        let text = web(&format!("{part}\n {default}"));
        let refused = import(&text, Form::Haproxy).unwrap_err().to_string();
        assert!(refused.starts_with(told), "{refused}");
    }
    let many = ".if 1\n option httplog\n .endif\n ".repeat(40);
    let refused = import(&web(&(many + default)), Form::Haproxy).unwrap_err();
    assert!(
        refused.to_string().contains("more than 32 parts"),
        "{refused}"
    );
}
