//! What a server refuses by its own word, and what commands do to each other in one folder.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::net::UdpSocket;
use std::sync::atomic::Ordering;
use std::thread;

use name_servers::NameServer;
use name_servers::between::{Between, UPDATE, between};
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 120
@ NS ns1
ns1 A 127.0.0.1
www 60 A 192.0.2.1
";

const NEED: &str = "dns plan --host www.example.com --endpoint 192.0.2.7 --ttl 60";

/// A server that answers questions as another one does, and to each update a code alone.
fn answers_updates(server: &NameServer, code: u8) -> String {
    // The head, as an answer without any record.
    let refused =
        move |message: &[u8]| Some([&message[..2], &[0x80 | UPDATE, code], &[0; 8]].concat());
    between(server.port, refused).address
}

#[test]
fn a_server_that_does_not_speak_for_the_zone_or_take_updates_says_so_in_its_own_words() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let key = server.path("hmac-sha256.key");
    let words = [
        (9, "NOTAUTH: it does not speak for the zone"),
        (
            5,
            "REFUSED: it does not do this for you; does it allow updates from here",
        ),
        (4, "NOTIMP: it does not do this at all"),
        (10, "NOTZONE: a name is not in the zone"),
        (8, "NXRRSET: something is not there any more"),
    ];
    for (code, words) in words {
        let address = answers_updates(&server, code);
        let made = stage.run(&format!("{NEED} --server {address} --out plan.json"));
        assert_eq!(made.code, Some(0), "{made:?}");
        let refused = stage.run(&format!(
            "dns apply --plan plan.json --server {address} --tsig {}",
            key.display()
        ));
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(
            refused.stderr.contains(words),
            "{words}: {}",
            refused.stderr
        );
        assert_eq!(server.dig("www.example.com", "A"), "192.0.2.1");
    }
    let whole = stage.run(&format!("{NEED} --server {} --transfer", server.address()));
    assert!(
        whole.stderr.contains("does it allow transfers from here"),
        "{whole:?}"
    );
}

#[test]
fn after_a_step_no_more_is_looked_at_than_it_is_about() {
    const HOSTS: usize = 20;
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let Between {
        address,
        asked: count,
    } = between(server.port, |_| None);
    let hosts = (0..HOSTS).map(|number| format!("--host h{number}.example.com"));
    let hosts: Vec<String> = hosts.collect();
    let made = stage.run(&format!(
        "dns plan {} --endpoint 192.0.2.7 --server {address} --out plan.json",
        hosts.join(" ")
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    count.store(0, Ordering::SeqCst);
    let done = stage.run(&format!(
        "dns apply --plan plan.json --server {address} --tsig {}",
        server.path("hmac-sha256.key").display()
    ));
    assert_eq!(done.code, Some(0), "{done:?}");
    // Before: every type of every host, and of the wildcard above; after: their addresses, and whether they are aliases.
    let (all, own) = ((HOSTS + 1) * 20, (HOSTS + 1) * 2);
    let asked = count.load(Ordering::SeqCst);
    assert!((all + own..2 * all).contains(&asked), "{asked}");
}

#[test]
fn commands_in_one_folder_take_nothing_from_each_other() {
    let stage = Stage::new();
    stage.write("whole.zone", ZONE);
    let need = format!("{NEED} --zone-file whole.zone --zone example.com");
    let runs: Vec<Vec<Run>> = thread::scope(|scope| {
        let at_once = |name: usize| {
            let (need, stage) = (&need, &stage);
            scope.spawn(move || {
                let line = format!("{need} --out plan-{name}.json");
                (0..12).map(|_| stage.run(&line)).collect()
            })
        };
        let threads: Vec<_> = (0..4).map(at_once).collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap());
        ended.collect()
    });
    for run in runs.into_iter().flatten() {
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    let left = std::fs::read_dir(stage.path()).unwrap();
    let names = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let unfinished: Vec<String> = names.filter(|it| it.contains("keyway-new")).collect();
    assert!(unfinished.is_empty(), "{unfinished:?}");
}

#[test]
fn a_key_that_cannot_be_read_keeps_nobody_from_looking() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    stage.write(
        "keyway.toml",
        "host = \"www.example.com\"\nendpoint = \"192.0.2.1\"\nupstream = \"http://127.0.0.1:5001\"\n\
         [tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n\
         [dns]\nttl = 60\ntsig = { name = \"key\", secret = { file = \"of-root-alone.secret\" } }\n",
    );
    let at = format!("--server {}", server.address());
    let line = format!("dns plan keyway.toml {at} --out plan.json");
    let made = stage.run(&line);
    assert_eq!(made.code, Some(0), "{made:?}");
    let seen = stage.run(&format!("dns verify keyway.toml {at} --no-other-servers"));
    assert_eq!(seen.code, Some(0), "{seen:?}");
    // Who signs reads it.
    for signing in [
        format!("dns apply --plan plan.json keyway.toml {at}"),
        format!("dns plan keyway.toml {at} --transfer"),
    ] {
        let refused = stage.run(&signing);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(
            refused.stderr.contains("of-root-alone.secret"),
            "{refused:?}"
        );
    }
}

/// Says to every question that there is nothing, and not even where.
fn says_nothing() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            bytes[2] |= 0x80;
            bytes[3] = 0x80;
            socket.send_to(&bytes[..length], from).unwrap();
        }
    });
    address
}

#[test]
fn a_zone_whose_servers_nobody_knows_is_told_with_an_option_that_there_is() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let at = server.address();
    let made = stage.run(&format!("{NEED} --server {at} --out plan.json"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let nobody = format!("--resolver {}", says_nothing());
    for line in ["apply", "verify"] {
        let refused = stage.run(&format!("dns {line} --plan plan.json {nobody}"));
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains("--server"), "{refused:?}");
        assert!(!refused.stderr.contains("--zone"), "{refused:?}");
    }
    // Where nobody has said the zone, that may be said.
    let unsaid = stage.run(&format!("{NEED} {nobody}"));
    assert!(unsaid.stderr.contains("--zone"), "{unsaid:?}");
}

/// Says SERVFAIL to whoever wants signatures looked at, and that there is nothing to the others.
fn disbelieves() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let is_unchecked = bytes[3] & 0x10 != 0;
            bytes[2] |= 0x80;
            bytes[3] = if is_unchecked { 0x90 } else { 0x82 };
            socket.send_to(&bytes[..length], from).unwrap();
        }
    });
    address
}

#[test]
fn a_zone_that_is_not_found_is_no_other_one() {
    let stage = Stage::new();
    let server = NameServer::bind(ZONE, &[]);
    let resolver = NameServer::unbound(&server);
    let sub = stage.run(&format!(
        "{NEED} --resolver {} --port {} --zone sub.example.com",
        resolver.address(),
        server.port
    ));
    assert_eq!(sub.code, Some(2), "{sub:?}");
    let told = "no zone begins at sub.example.com, as for the resolver sub.example.com is in the zone example.com";
    assert!(sub.stderr.contains(told), "{sub:?}");
    // Nor is the one above it, where its signatures do not hold.
    for zone in ["", "--zone example.com"] {
        let bogus = stage.run(&format!("{NEED} {zone} --resolver {}", disbelieves()));
        assert_eq!(bogus.code, Some(2), "{bogus:?}");
        assert!(bogus.stderr.contains("signatures do not hold"), "{bogus:?}");
    }
}

#[test]
fn a_zone_that_others_register_theirs_below_is_nobodys_but_by_its_name() {
    let stage = Stage::new();
    let server = NameServer::bind(ZONE, &[]);
    let resolver = NameServer::unbound_of(&server, &["com", "example.com"]);
    let asked = format!("--resolver {} --port {}", resolver.address(), server.port);
    for command in ["plan", "verify"] {
        let run = |more: &str| {
            stage.run(&format!(
                "dns {command} --host www.exampel.com --endpoint 192.0.2.1 {asked} {more}"
            ))
        };
        let typed = run("");
        assert_eq!(typed.code, Some(2), "{typed:?}");
        let told = "www.exampel.com. is in no zone below com.";
        assert!(typed.stderr.contains(told), "{typed:?}");
        let meant = run("--zone com");
        assert_ne!(meant.code, Some(2), "{meant:?}");
    }
}

#[test]
fn a_zone_whose_primary_server_is_hidden_says_where_updates_go() {
    // It sends updates to nobody, and names a server that its NS records do not.
    let zone = "@ 60 SOA hidden a 1 2 3 4 5\n@ 60 NS ns\nns 60 A 127.0.0.1\nhidden 60 A 127.0.0.1\nwww 60 A 192.0.2.1\n";
    let server = NameServer::nsd(zone);
    let resolver = NameServer::unbound(&server);
    let stage = Stage::new();
    let asked = format!("--resolver {} --port {}", resolver.address(), server.port);
    let made = stage.run(&format!("{NEED} {asked} --settled --out plan.json"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let line = format!("dns apply --plan plan.json {asked} --no-other-servers");
    let refused = stage.run(&line);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused.stderr.contains("--server hidden.example.com"),
        "{refused:?}"
    );
    let named = stage.run(&format!("{line} --server {}", server.address()));
    assert!(!named.stderr.contains("--server hidden"), "{named:?}");
    let by_name = stage.run(&format!("{NEED} --resolver dns.example"));
    assert!(
        by_name.stderr.contains("is no resolver: write its address"),
        "{by_name:?}"
    );
}
