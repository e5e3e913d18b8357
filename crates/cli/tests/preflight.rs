//! What `keyway renew` sees before an order is spent: where names lead, and what CAA says.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod renewing;
mod serving;
mod stage;

use std::fs;

use keyway_testkit::pebble::Pebble;
use name_servers::{NameServer, silent};
use renewing::{HOST, Machine, make_due};
use serving::until;

/// What was said, without the breaks of its lines.
fn plain((code, text): (Option<i32>, String)) -> (Option<i32>, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    (code, words.join(" "))
}

/// A machine whose resolver has this zone of `example.com`, and nothing else.
fn machine_by(zone: &str) -> (Machine, NameServer) {
    let top = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
    let bind = NameServer::bind(&format!("{top}{zone}"), &[]);
    let machine = Machine::with(&Pebble::default());
    machine.service(&format!("[dns]\nresolvers = \"{}\"", bind.address()));
    (machine, bind)
}

#[test]
fn a_name_that_leads_nowhere_spends_no_order() {
    let (machine, _bind) = machine_by("");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("leads nowhere") && text.contains("--no-preflight"),
        "{text}"
    );
    assert!(!text.contains("doing    order"), "{text}");
    // Pebble asks another resolver, for whom it leads here.
    let (code, text) = machine.renew("--no-preflight");
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn what_is_seen_from_here_keeps_no_certificate_from_being_renewed_that_ends() {
    let (_, bind) = machine_by("");
    let machine = Machine::with(&Pebble::default().valid_for(3));
    machine.service(&format!("[dns]\nresolvers = \"{}\"", bind.address()));
    assert_eq!(machine.renew("--no-preflight").0, Some(0));
    let first = machine.serial();
    let (code, text) = machine.renew("--force");
    let is_late = text.contains("asked all the same");
    assert!(
        is_late || (code == Some(2) && text.contains("leads nowhere")),
        "{text}"
    );
    let renewed = until(|| {
        let (code, text) = plain(machine.renew(""));
        code == Some(0)
            && text.contains("the CA is asked all the same, as the certificate in place ends at")
    });
    assert!(renewed);
    assert_ne!(machine.serial(), first);
}

#[test]
fn caa_that_lets_the_ca_issue_nothing_is_seen_before() {
    let (machine, bind) = machine_by("www A 127.0.0.1\n@ CAA 0 issue \"digicert.com\"\n");
    let text = format!(
        "host = \"{HOST}\"\nupstream = \"http://127.0.0.1:1\"\nlisten = \"127.0.0.1:8443\"\n[tls]\n\
         status = \"auto\"\n[dns]\nresolvers = \"{}\"\n",
        bind.address()
    );
    fs::write(machine.path("keyway.toml"), &text).unwrap();
    let (code, said) = machine.renew("--dry-run");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("leads to 127.0.0.1") && said.contains("CAA records of example.com."),
        "{said}"
    );
}

#[test]
fn what_the_resolver_cannot_say_spends_no_order_and_is_told_with_name_type_and_server() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    machine
        .pebble
        .tell("set-servfail", &format!("{{\"host\": \"{HOST}.\"}}"));
    let asked = machine.pebble.names().to_string();
    for (more, ended) in [("", 2), ("--dry-run", 1)] {
        let (code, text) = plain(machine.renew(more));
        assert_eq!(code, Some(ended), "{text}");
        let told = format!("which A and AAAA records it has: {asked} says SERVFAIL");
        assert!(text.contains(&told), "{text}");
        let told = format!("which CAA records {HOST}. has: {asked} says SERVFAIL");
        assert!(text.contains(&told), "{text}");
        assert!(text.contains(&format!("missing DNS {HOST}")), "{text}");
    }
    assert!(!machine.pebble.log().contains("Added order"));
    // Whoever looks later is told why, too.
    let (_, text) = plain(machine.run("status --offline"));
    assert!(
        text.contains("would say no") && text.contains("SERVFAIL"),
        "{text}"
    );
    // By a record, it may lead nowhere.
    machine.service("challenges = [\"dns-01\"]\nhook = [\"false\"]");
    let (code, text) = plain(machine.renew("--dry-run"));
    assert!(code == Some(0) && !text.contains("AAAA records"), "{text}");
}

#[test]
fn a_resolver_that_is_silent_is_waited_for_once_and_no_order_is_spent() {
    let machine = Machine::with(&Pebble::default());
    let (_socket, silent) = silent();
    let hosts: Vec<String> = (0..8)
        .map(|number| format!("\"a{number}.example.com\""))
        .collect();
    let hosts = format!("host = [{}]", hosts.join(", "));
    machine.service_of(&hosts, "", &format!("[dns]\nresolvers = \"{silent}\""));
    let began = std::time::Instant::now();
    let (code, text) = plain(machine.renew(""));
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("a7.example.com") && text.contains(&format!("{silent} did not answer")),
        "{text}"
    );
    // Eight times three questions, one after the other, take two minutes.
    assert!(began.elapsed().as_secs() < 40, "{:?}", began.elapsed());
    assert!(!machine.pebble.log().contains("Added order"));
}

#[test]
fn caa_is_looked_at_where_the_ca_does_not_say_what_it_is_called_there() {
    let (machine, _bind) = machine_by("www A 127.0.0.1\n@ CAA 0 issue \"digicert.com\"\n");
    let (code, text) = plain(machine.renew("--dry-run"));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("doubtful DNS")
            && text.contains("CAA records of example.com. let digicert.com"),
        "{text}"
    );
    for records in ["@ CAA 0 issue \";\"\n", "@ CAA 128 unheardof \"x\"\n"] {
        let (machine, _bind) = machine_by(&format!("www A 127.0.0.1\n{records}"));
        let (code, text) = plain(machine.renew(""));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("let this CA issue nothing"), "{text}");
        assert!(!machine.pebble.log().contains("Added order"));
    }
}

#[test]
fn a_program_that_is_not_there_spends_no_order() {
    let machine = Machine::with(&Pebble::default());
    fs::write(machine.path("data"), "").unwrap();
    for (hook, why) in [
        ("./nope", "./nope: No such file"),
        ("keyway-has-no-such-program", "keyway-has-no-such-program: "),
        ("./data", "./data: permission denied"),
        ("", "`tls.acme.hook` names no program"),
    ] {
        machine.service(&format!("challenges = [\"dns-01\"]\nhook = [\"{hook}\"]"));
        let (code, text) = plain(machine.renew(""));
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains(why) && text.contains("no way can be gone from here"),
            "{text}"
        );
        let (code, text) = plain(machine.renew("--dry-run"));
        assert!(code == Some(2) && text.contains(why), "{text}");
    }
    assert!(!machine.pebble.log().contains("accounts in memory"));
}

/// Servers that take no update: what `[dns]` says of each, and why.
fn unwilling(bind: &NameServer) -> [(String, &'static str); 4] {
    let tsig = |name: &str| {
        format!("tsig = {{ name = \"{name}\", secret = {{ file = \"tsig.secret\" }} }}\n")
    };
    let server = format!("server = \"{}\"\n", bind.address());
    [
        (format!("{server}{}", tsig("key-hmac-sha256")), "BADSIG"),
        (format!("{server}{}", tsig("another")), "BADKEY"),
        (server, "REFUSED"),
        (
            format!("server = \"127.0.0.1:1\"\n{}", tsig("another")),
            "127.0.0.1:1",
        ),
    ]
}

#[test]
fn a_server_that_takes_no_update_spends_no_order_and_another_way_is_gone() {
    let zone = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
    let bind = NameServer::bind(zone, &["hmac-sha256"]);
    let machine = Machine::with(&Pebble::default());
    fs::write(
        machine.path("tsig.secret"),
        "bm8gc3VjaCBzZWNyZXQgYW55d2hlcmU=",
    )
    .unwrap();
    let resolvers = format!("resolvers = \"{}\"\n", machine.pebble.names());
    for (server, why) in unwilling(&bind) {
        let dns = format!("[dns]\nzone = \"example.com\"\n{resolvers}{server}");
        machine.service(&format!("challenges = [\"dns-01\"]\n{dns}"));
        for more in ["", "--dry-run"] {
            let (code, text) = plain(machine.renew(more));
            let told = text.contains(why) && text.contains("no way can be gone from here");
            assert!(code == Some(2) && told, "{why}: {text}");
        }
        assert!(!machine.pebble.log().contains("accounts in memory"));
        machine.service(&format!("challenges = [\"dns-01\", \"http-01\"]\n{dns}"));
        let (code, text) = plain(machine.renew("--dry-run"));
        let is_warned = text.contains("warning: dns-01 cannot be shown from here");
        assert!(code == Some(0) && is_warned, "{why}: {text}");
    }
    let (code, text) = plain(machine.renew(""));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("to be shown by http-01"), "{text}");
}

/// What `[dns]` says of a server that takes updates by a key whose secret is put beside the service file.
fn updates(machine: &Machine, bind: &NameServer, resolvers: &str) -> String {
    let key = fs::read_to_string(bind.path("hmac-sha256.key")).unwrap();
    let secret = key.split('"').nth(3).unwrap();
    fs::write(machine.path("tsig.secret"), secret).unwrap();
    format!(
        "[dns]\nserver = \"{}\"\nresolvers = \"{resolvers}\"\n\
         tsig = {{ name = \"key-hmac-sha256\", secret = {{ file = \"tsig.secret\" }} }}\n",
        bind.address()
    )
}

#[test]
fn an_alias_at_a_provider_leads_to_the_one_zone_that_the_server_has() {
    let zone = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
    let there = "www A 127.0.0.1\n_acme-challenge.www CNAME x.alias.test.\n\
                 @ CAA 0 issue \"pebble.letsencrypt.org\"\n";
    let there = format!("{zone}{there}");
    let provider = NameServer::bind_zones(&[("provider.test", &there, "")], &[]);
    let machine = Machine::with(&Pebble::default());
    let own = NameServer::bind_zones(&[("alias.test", zone, "")], &["hmac-sha256"]);
    let dns = updates(&machine, &own, &provider.address());
    for zone in ["", "zone = \"alias.test\"\n"] {
        let ways = format!("challenges = [\"dns-01\"]\n{dns}{zone}");
        machine.service_of("host = \"www.provider.test\"", "", &ways);
        let (code, text) = plain(machine.renew("--dry-run"));
        assert!(code == Some(0) && !text.contains("cannot be"), "{text}");
    }
}

#[test]
fn a_server_of_the_zone_that_does_not_answer_spends_no_order_and_another_way_is_gone() {
    // Nobody answers there, where servers of zones are asked.
    let zone = "$TTL 300\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 127.255.255.1\nwww A 127.0.0.1\n";
    let bind = NameServer::bind_zones(&[("example.com", zone, "")], &["hmac-sha256"]);
    let machine = Machine::with(&Pebble::default());
    let dns = updates(&machine, &bind, &bind.address());
    machine.service(&format!("challenges = [\"dns-01\"]\n{dns}"));
    let (code, text) = plain(machine.renew(""));
    let is_told = text.contains("ns.example.com") && text.contains("does not answer here");
    assert!(code == Some(2) && is_told, "{text}");
    assert!(!machine.pebble.log().contains("Added order"));
    machine.service(&format!("challenges = [\"dns-01\", \"http-01\"]\n{dns}"));
    let (code, text) = plain(machine.renew(""));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("to be shown by http-01"), "{text}");
}

#[test]
fn a_policy_that_lets_the_key_change_some_names_alone_is_seen_before() {
    let zone = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n\
                _acme-challenge.www TXT \"another's\"\n";
    let policy =
        "update-policy { grant key-hmac-sha256 name _acme-challenge.www.example.com. TXT; };";
    let bind = NameServer::bind_zones(&[("example.com", zone, policy)], &["hmac-sha256"]);
    let machine = Machine::with(&Pebble::default());
    let key = fs::read_to_string(bind.path("hmac-sha256.key")).unwrap();
    let secret = key.split('"').nth(3).unwrap();
    fs::write(machine.path("tsig.secret"), secret).unwrap();
    let dns = format!(
        "challenges = [\"dns-01\"]\n[dns]\nzone = \"example.com\"\nserver = \"{}\"\nresolvers = \"{}\"\n\
         tsig = {{ name = \"key-hmac-sha256\", secret = {{ file = \"tsig.secret\" }} }}\n",
        bind.address(),
        machine.pebble.names()
    );
    let both = format!("host = [\"{HOST}\", \"mail.example.com\"]");
    machine.service_of(&both, "", &dns);
    for more in ["--dry-run", ""] {
        let (code, text) = plain(machine.renew(more));
        let is_told = text.contains("mail.example.com cannot be shown") && text.contains("REFUSED");
        assert!(code == Some(2) && is_told, "{text}");
    }
    assert!(!machine.pebble.log().contains("accounts in memory"));
    machine.service(&dns);
    let (code, text) = plain(machine.renew("--dry-run"));
    assert!(
        code == Some(0) && !text.contains("cannot be shown"),
        "{text}"
    );
    // Nothing was changed by looking.
    let there = bind.dig("_acme-challenge.www.example.com", "TXT");
    assert_eq!(there, "\"another's\"");
    let start = bind.dig("example.com", "SOA");
    assert!(start.contains(" 1 2 3 4 5"), "{start}");
}

#[test]
fn a_record_that_the_ca_does_not_find_is_told_with_what_is_there() {
    let machine = Machine::with(&Pebble::default());
    machine.service("challenges = [\"dns-01\"]\nhook = [\"true\"]");
    let name = format!("_acme-challenge.{HOST}.");
    let asked = machine.pebble.names();
    for there in ["none there", "\"old\""] {
        let (code, text) = plain(machine.renew("--force"));
        assert_eq!(code, Some(2), "{text}");
        let seen = format!("from here, by {asked}, {there}");
        assert!(
            text.contains(&format!("the TXT record _acme-challenge.{HOST} \""))
                && text.contains(&seen),
            "{text}"
        );
        let record = format!("{{\"host\": \"{name}\", \"value\": \"old\"}}");
        machine.pebble.tell("set-txt", &record);
    }
}

#[test]
fn a_dry_run_says_what_the_renewal_would_and_ends_as_it_does() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let (code, text) = machine.renew("--dry-run");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    // Asked for in the file.
    machine.service_of(&format!("host = \"{HOST}\""), "renew = true", "");
    let (code, text) = machine.renew("--dry-run");
    assert!(code == Some(0) && text.contains("would    order"), "{text}");
    // It is due, as the CA said, and fails.
    machine.service("");
    let record = machine.path(&format!("state/certificates/{HOST}/renewal.json"));
    make_due(&record);
    machine.pebble.end();
    assert_eq!(machine.renew("").0, Some(2));
    for more in ["", "--dry-run"] {
        let (code, text) = plain(machine.renew(more));
        assert!(
            code == Some(1) && text.contains("renewing failed"),
            "{text}"
        );
    }
}

#[test]
fn roots_that_cannot_be_read_spend_no_order() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = plain(machine.run("renew --roots not-there"));
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("not-there") && text.contains("no such file"),
        "{text}"
    );
    // Nor do none at all, which would refuse whatever comes.
    let (code, text) = plain(machine.run("renew --roots none --force"));
    let is_told = text.contains("nothing was ordered");
    assert!(code == Some(2) && is_told, "{text}");
    assert!(!machine.pebble.log().contains("accounts in memory"));
}

#[test]
fn an_address_that_no_public_ca_comes_to_is_told_and_no_certificate_of_one_is_ordered() {
    let (machine, bind) = machine_by("www A 127.0.0.1\n");
    let file = machine.path("keyway.toml");
    let service = |host: &str| {
        let text = format!(
            "host = \"{host}\"\nupstream = \"http://127.0.0.1:1\"\nlisten = \"127.0.0.1:8443\"\n[tls]\n\
             status = \"auto\"\n[dns]\nresolvers = \"{}\"\n",
            bind.address()
        );
        fs::write(&file, text).unwrap();
    };
    // Nor for names that are nobody's.
    for (host, why) in [
        ("localhost", ".localhost is set aside by RFC 6761"),
        ("db.corp", ".corp is set aside"),
        ("com", "it has one label only"),
        ("co.uk", "co.uk is a public suffix"),
        ("a_b.example.com", "it has an underscore"),
        ("2001:db8::1", "2001:db8::/32 is for documentation"),
    ] {
        service(host);
        let (code, text) = plain(machine.renew("--dry-run"));
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.contains("missing DNS")
                && text.contains(&format!("no public CA may vouch for it, as {why}")),
            "{text}"
        );
    }
    for (host, word, ended) in [(HOST, "doubtful", 0), ("127.0.0.1", "missing", 1)] {
        service(host);
        let (code, text) = plain(machine.renew("--dry-run"));
        assert_eq!(code, Some(ended), "{text}");
        assert!(
            text.contains(&format!("{word} DNS"))
                && text.contains("127.0.0.1 is the machine itself"),
            "{text}"
        );
    }
}
