//! nginx.

use keyway_config::forms::Form;

use super::read;

/// A server of nginx on a line of its own.
fn server(listen: &str, names: &str, inside: &str) -> String {
    format!(
        "server {{ listen 443 ssl{listen}; server_name {names}; ssl_certificate a; ssl_certificate_key a; {inside} }}\n"
    )
}

fn pass(upstream: &str) -> String {
    format!("location / {{ proxy_set_header Host $host; proxy_pass http://10.0.0.{upstream}; }}")
}

#[test]
fn a_server_of_nginx_for_all_other_hosts_that_leads_elsewhere_is_an_error() {
    let own = server("", "a.test", &pass("1:80"));
    for (listen, inside, is_told) in [
        (" default_server", pass("2:80"), true),
        (" default_server", pass("1:80"), false),
        (" default_server", "return 444;".to_owned(), false),
        (
            " default_server",
            "return 301 https://a.test;".to_owned(),
            false,
        ),
        // The first one answers for them.
        ("", pass("2:80"), false),
    ] {
        let (imported, found) = read(&(own.clone() + &server(listen, "_", &inside)), Form::Nginx);
        let told = "2 server _: passes to http://10.0.0.2:80";
        let told: Vec<&str> = [told].into_iter().filter(|_| is_told).collect();
        assert_eq!(found, told, "{listen} {inside}");
        assert!(imported.service.host.iter().eq(["a.test"]));
    }
}

#[test]
fn a_name_of_nginx_that_begins_with_a_dot_is_that_host_and_all_below_it() {
    let (imported, found) = read(&server("", "a.test .w.test", &pass("1:80")), Form::Nginx);
    assert_eq!(found, [""; 0]);
    let mut hosts: Vec<&str> = imported.service.host.iter().collect();
    hosts.sort_unstable();
    assert_eq!(hosts, ["*.w.test", "a.test", "w.test"]);
    let text = server("", "x.w.test", &pass("1:80")) + &server("", ".w.test", &pass("2:80"));
    let (_, found) = read(&text, Form::Nginx);
    assert_eq!(
        found,
        ["2 server w.test *.w.test: passes to http://10.0.0.2:80"]
    );
    // Other patterns are hosts that nobody can name: they are lost where the server is not for all.
    let names = server("", "a.test a.*", &pass("1:80"));
    assert_eq!(read(&names, Form::Nginx).1, [""; 0]);
    let text = names + &server(" default_server", "b.test", &pass("2:80"));
    let told = [
        "1 server_name a.*",
        "2 server b.test: passes to http://10.0.0.2:80",
    ];
    assert_eq!(read(&text, Form::Nginx).1, told);
}

#[test]
fn an_upstream_of_nginx_that_nobody_reached_is_not_led_to() {
    for (line, is_sent) in [
        ("return 301 https://b.test$request_uri;", true),
        ("return 302 /elsewhere;", true),
        ("return https://b.test;", true),
        ("rewrite ^ https://b.test$request_uri? permanent;", true),
        ("rewrite ^/(.*)$ https://b.test/$1;", true),
        ("rewrite ^/old$ /new permanent;", false),
        ("rewrite ^/(.*)$ /x/$1;", false),
        ("location /old { return 301 https://b.test; }", false),
    ] {
        let (imported, found) = read(
            &server("", "a.test", &(line.to_owned() + &pass("1:80"))),
            Form::Nginx,
        );
        let told = format!("1 {}", line.trim_end_matches(';'));
        let told: Vec<String> = [told].into_iter().filter(|_| is_sent).collect();
        assert_eq!(found, told);
        assert_eq!(imported.service.upstream.is_empty(), is_sent, "{line}");
    }
}

#[test]
fn a_server_of_nginx_for_both_that_sends_plain_text_on_is_one_with_a_redirect() {
    let inside = |condition: &str, to: &str| {
        format!("listen 80; if ({condition}) {{ return 301 {to}; }} ") + &pass("1:80")
    };
    let own = "https://$host$request_uri";
    for (condition, to, redirects) in [
        ("$scheme = http", own, true),
        ("$scheme != \"https\"", own, true),
        ("$scheme = https", own, false),
        ("$scheme = http", "https://b.test", false),
    ] {
        let (imported, found) = read(&server("", "a.test", &inside(condition, to)), Form::Nginx);
        assert_eq!(found, [""; 0]);
        assert_eq!(imported.service.tls.redirect, redirects, "{condition} {to}");
        assert_eq!(imported.lost.is_empty(), redirects, "{:?}", imported.lost);
        assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    }
}
