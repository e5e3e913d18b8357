//! What HAProxy leads on by its defaults, by listeners of its own and to hosts apart is led there, or told.
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

#[test]
fn a_default_backend_of_the_defaults_leads_what_nothing_else_leads() {
    let text = |front: &str| {
        format!(
            "defaults\n mode http\n default_backend b\nfrontend f\n bind :443 ssl crt /a.pem\n{front}backend b\n \
             server s 10.0.0.1:80\nbackend c\n server s 10.0.0.2:80\n"
        )
    };
    for (front, upstream) in [
        ("", "http://10.0.0.1:80"),
        (" default_backend c\n", "http://10.0.0.2:80"),
        (" use_backend c if { path_beg /c }\n", "http://10.0.0.1:80"),
    ] {
        let (imported, found) = read(&text(front));
        assert!(imported.service.upstream.iter().eq([upstream]), "{front}");
        assert!(imported.service.tls.default_certificate, "{front}");
        assert_eq!(found, [""; 0], "{front}");
    }
    // It comes last, wherever it stands.
    let (imported, _) = read(&text(" use_backend c if { hdr(host) -i c.example }\n"));
    assert!(imported.service.host.iter().eq(["c.example"]));
    let listen = text("").replace("frontend f", "listen f") + " server t 10.0.0.3:80\n";
    let (imported, _) = read(&listen);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
}

/// A frontend whose backend has another listener of the text for a server.
fn chain(server: &str, bind: &str, guard: &str) -> String {
    format!(
        "frontend f\n mode http\n bind :443 ssl crt /a.pem\n default_backend b\nbackend b\n mode http\n server s {server}\n\
         frontend inner\n mode http\n bind {bind}\n {guard}\n default_backend app\nbackend app\n mode http\n \
         server t 10.0.0.1:80\n"
    )
}

#[test]
fn who_is_kept_out_behind_a_listener_that_a_server_is_is_told_to_get_in() {
    let deny = "http-request deny unless { src 10.0.0.0/8 }";
    for (server, bind) in [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("127.0.0.1:8080 send-proxy", ":8080 accept-proxy"),
        ("localhost:8080", "*:8080"),
        ("[::1]:8080", "[::1]:8080,192.0.2.1:80"),
        ("192.0.2.1:80", "192.0.2.1:80"),
        ("unix@/run/i.sock", "/run/i.sock mode 600"),
        ("abns@inner send-proxy-v2", "abns@inner accept-proxy"),
    ] {
        let (imported, found) = read(&chain(server, bind, deny));
        let told = format!("guard-left-behind 11 frontend inner: {deny}");
        assert!(found.contains(&told), "{server} {found:?}");
        let link = "line 7: a server that is frontend inner of line 8: HAProxy has to stay for it";
        assert!(
            imported.lost.contains(&link.to_owned()),
            "{:?}",
            imported.lost
        );
    }
    for (server, bind, guard) in [
        ("127.0.0.1:8080", "127.0.0.1:8081", deny),
        ("10.0.0.9:8080", "127.0.0.1:8080", deny),
        ("127.0.0.1:8080", "127.0.0.1:8080", "option httplog"),
    ] {
        let (_, found) = read(&chain(server, bind, guard));
        assert_eq!(found, [""; 0], "{server} {bind} {guard}");
    }
    // A listener may be the next one's, and the backend of a `listen` section.
    let far = chain("127.0.0.1:8080", "127.0.0.1:8080", "option httplog")
        .replace("10.0.0.1:80", "127.0.0.1:9000")
        + &format!(
            "listen last\n mode http\n bind 127.0.0.1:9000\n {deny}\n server u 10.0.0.2:80\n"
        );
    let told = format!("guard-left-behind 19 listen last: {deny}");
    assert_eq!(read(&far).1, [told]);
    // Round and round nobody goes.
    let round =
        chain("127.0.0.1:8080", "127.0.0.1:8080", deny).replace("10.0.0.1:80", "127.0.0.1:8080");
    assert_eq!(read(&round).1.len(), 1);
}

#[test]
fn who_is_kept_out_before_the_service_is_come_to_is_told_to_get_in() {
    let reject = "tcp-request content reject unless { src 10.0.0.0/8 }";
    let text = format!(
        "frontend sni\n mode tcp\n bind :443\n {reject}\n use_backend a if {{ req_ssl_sni -i a.example }}\nbackend a\n \
         mode tcp\n server s 127.0.0.1:8443 send-proxy-v2\nfrontend f\n mode http\n \
         bind 127.0.0.1:8443 accept-proxy ssl crt /a.pem\n default_backend app\nbackend app\n mode http\n \
         server t 10.0.0.1:80\n"
    );
    let (imported, found) = read(&text);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(
        found,
        [format!("guard-left-behind 4 frontend sni: {reject}")]
    );
}

#[test]
fn a_part_that_goes_through_a_listener_that_turns_somebody_away_is_told() {
    let part = "use_backend c if { path_beg /admin }";
    let text = chain("10.0.0.5:80", "127.0.0.1:9000", "http-request auth").replace(
        " default_backend b\n",
        &format!(" {part}\n default_backend b\n"),
    ) + "backend c\n mode http\n server v 127.0.0.1:9000\n";
    let told = format!("guard-left-behind 12 {part} (frontend inner) http-request auth");
    assert_eq!(read(&text).1, [told]);
}

#[test]
fn another_frontend_with_certificates_of_its_own_that_leads_elsewhere_is_missed() {
    let text = |more: &str, backend: &str| {
        format!(
            "frontend f\n mode http\n bind 192.0.2.1:443 ssl crt /a.pem\n default_backend b\nfrontend g\n mode http\n \
             bind 192.0.2.2:443 {more}\n default_backend {backend}\nbackend b\n server s 10.0.0.1:80\nbackend c\n \
             server s 10.0.0.2:80\nbackend none\n mode http\n"
        )
    };
    let tls = "ssl crt /g.pem";
    let apart = ["upstream-left-behind 5 frontend g"];
    assert_eq!(read(&text(tls, "c")).1, apart);
    assert_eq!(
        read(&text(tls, "b")).1,
        ["certificates-left-behind 5 frontend g"]
    );
    for (more, backend) in [(tls, "none"), ("", "c")] {
        let (imported, found) = read(&text(more, backend));
        assert_eq!(found, [""; 0], "{more} {backend}");
        assert!(imported.lost.contains(&"line 5: frontend g".to_owned()));
    }
    let own = text(tls, "b").replace("frontend g", "listen g").replace(
        &format!("{tls}\n default_backend b"),
        &format!("{tls}\n server t 10.0.0.3:80"),
    );
    assert_eq!(read(&own).1, apart);
}

#[test]
fn hosts_with_a_backend_of_their_own_get_no_answer_which_is_told() {
    let text = |front: &str| {
        format!(
            "frontend f\n mode http\n bind :443 ssl crt /a.pem\n use_backend b if {{ hdr(host) -i a.example }}\n {front}\n\
             backend b\n server s 10.0.0.1:80\nbackend c\n server s 10.0.0.2:80\nbackend none\n mode http\n"
        )
    };
    let other = "use_backend c if { hdr(host) -i b.example }";
    assert_eq!(
        read(&text(other)).1,
        [format!("upstream-left-behind 5 {other}")]
    );
    for nobody in [
        // Nobody comes to the second one of a host, and nobody is behind the other.
        "use_backend c if { hdr(host) -i a.example }",
        "use_backend none if { hdr(host) -i b.example }",
    ] {
        assert_eq!(read(&text(nobody)).1, [""; 0], "{nobody}");
    }
}
