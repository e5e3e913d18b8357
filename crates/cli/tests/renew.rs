//! Managed certificates from a real CA: `keyway renew`, and `keyway serve` that renews by itself.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod renewing;
mod serving;
mod stage;

use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use keyway_testkit::pebble::{DNS_PORT, Pebble};
use name_servers::NameServer;
use renewing::{HOST, Machine, said};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serving::{Ends, Serving, backend, until};

#[test]
fn a_certificate_is_ordered_once_and_kept_until_it_is_due_or_forced() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.renew("--dry-run");
    assert!(code == Some(0) && text.contains("would    order"), "{text}");
    // Who answers at port 80 is seen without a CA, too.
    assert!(text.contains("at port 80"), "{text}");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "done     account",
        "to be shown by http-01 at",
        ":5001\n",
        "done     certificate",
        "nobody listens at",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let first = machine.serial();
    for more in ["", "--dry-run"] {
        let (code, text) = machine.renew(more);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("kept     certificate"), "{text}");
    }
    assert_eq!(machine.serial(), first);
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    assert_ne!(machine.serial(), first);
    let key = machine.chain_of(HOST).with_file_name("key.pem");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn other_hosts_want_another_certificate_at_once() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    machine.service_of(&format!("host = [\"{HOST}\", \"example.com\"]"), "", "");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert_ne!(machine.serial(), first);
}

#[test]
fn what_fails_leaves_what_is_there_and_is_not_tried_again_at_once() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    machine.forget_account();
    machine.pebble.lead(HOST, "127.255.255.1");
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains(HOST) && text.contains("127.255.255.1"),
        "{text}"
    );
    assert!(text.contains("in place stays, and ends at"), "{text}");
    assert_eq!(machine.serial(), first);
    machine.pebble.end();
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("14000"), "{text}");
    assert_eq!(machine.serial(), first);
}

#[test]
fn a_wildcard_is_shown_by_a_record_that_goes_again() {
    // An alias has no record of its own.
    for (alias, place) in [
        ("", "_acme-challenge.example.com"),
        ("_acme-challenge CNAME all.acme\n", "all.acme.example.com"),
    ] {
        shown_by_a_record(alias, place);
    }
}

fn shown_by_a_record(alias: &str, place: &str) {
    let top = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
    let zone = format!("{top}{alias}");
    let policy = format!("update-policy {{ grant key-hmac-sha256 name {place}. TXT; }};");
    let bind = NameServer::bind_zones(&[("example.com", &zone, &policy)], &["hmac-sha256"]);
    let asked = bind.address().parse().unwrap();
    let machine = Machine::with(&Pebble::default().asking(asked));
    let key = fs::read_to_string(bind.path("hmac-sha256.key")).unwrap();
    let secret = key.split('"').nth(3).unwrap();
    fs::write(machine.path("tsig.secret"), secret).unwrap();
    let dns = format!(
        "[dns]\nzone = \"example.com\"\nserver = \"{0}\"\nresolvers = \"{0}\"\n\
         tsig = {{ name = \"key-hmac-sha256\", secret = {{ file = \"tsig.secret\" }} }}",
        bind.address()
    );
    machine.service_of("host = [\"*.example.com\", \"example.com\"]", "", &dns);
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("dns-01"), "{text}");
    assert!(machine.chain_of("_.example.com").exists(), "{text}");
    assert_eq!(bind.dig(place, "TXT"), "");
}

#[test]
fn a_program_of_ones_own_makes_the_record() {
    let machine = Machine::with(&Pebble::default());
    let records = format!("http://{}:8055", machine.pebble.ip);
    let program = format!(
        "#!/bin/sh\nset -eu\ncase $KEYWAY_ACTION in\n\
         present) curl -sS -d \"{{\\\"host\\\":\\\"$KEYWAY_NAME.\\\",\\\"value\\\":\\\"$KEYWAY_VALUE\\\"}}\" {records}/set-txt ;;\n\
         withdraw) curl -sS -d \"{{\\\"host\\\":\\\"$KEYWAY_NAME.\\\"}}\" {records}/clear-txt; echo gone >> log ;;\nesac\n"
    );
    fs::write(machine.path("hook"), program).unwrap();
    machine.service("challenges = [\"dns-01\"]\nhook = [\"sh\", \"hook\"]");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(fs::read_to_string(machine.path("log")).unwrap(), "gone\n");
    machine.forget_account();
    machine.service("challenges = [\"dns-01\"]\nhook = [\"true\"]");
    let (code, text) = machine.renew("--force");
    let name = format!("looks for the TXT record _acme-challenge.{HOST} \"");
    assert!(code == Some(2) && text.contains(&name), "{text}");
    machine.service("challenges = [\"dns-01\"]\nhook = [\"false\"]");
    machine.forget_account();
    let (code, text) = machine.renew("--force");
    assert!(
        code == Some(2) && text.contains("false: exit status: 1"),
        "{text}"
    );
}

/// Has the account be called what the CA calls none, as after it has lost what it knew.
fn make_unknown(machine: &Machine) {
    let folders = fs::read_dir(machine.path("state/acme")).unwrap();
    let mut folders = folders.map(|folder| folder.unwrap().path());
    let folder = folders.find(|it| it.join("account.key").exists()).unwrap();
    let unknown = format!("https://{}:14000/my-account/nobody\n", machine.pebble.ip);
    fs::write(folder.join("account.url"), unknown).unwrap();
}

#[test]
fn an_account_that_the_ca_knows_no_more_is_made_again_in_the_same_attempt() {
    let contact = "contact = \"mailto:ops@example.com\"";
    let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let bound = Pebble::default().external("kid-1", key);
    for (pebble, more) in [
        (Pebble::default(), String::new()),
        (
            bound,
            "external_account = { key_id = \"kid-1\", key = { file = \"eab\" } }".to_owned(),
        ),
    ] {
        let machine = Machine::with(&pebble);
        fs::write(machine.path("eab"), key).unwrap();
        machine.service(&format!("{contact}\n{more}"));
        let (code, text) = machine.renew("");
        assert_eq!(code, Some(0), "{text}");
        let first = machine.serial();
        make_unknown(&machine);
        // Lines end where the address has them end.
        let again = || {
            let (code, text) = machine.renew("--force");
            assert_eq!(code, Some(0), "{text}");
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let text = again();
        assert!(text.contains("my-account/nobody no more"), "{text}");
        assert_ne!(machine.serial(), first);
        // Once more, and it is known.
        let text = again();
        assert!(!text.contains("no more"), "{text}");
    }
}

#[test]
fn what_is_served_renews_itself_and_nobody_who_asks_meanwhile_is_turned_away() {
    let machine = Machine::with(&Pebble::default().valid_for(12));
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("http://127.0.0.1:1", &backend("hello"));
    fs::write(&file, text).unwrap();
    let ip = machine.pebble.ip;
    let mut serve = machine.command();
    let arguments = "serve --threads 2 --roots roots.pem --profile private --metrics";
    serve.args(arguments.split(' ')).arg(format!("{ip}:9100"));
    let serving = Serving::run(serve);
    let (url, to) = (format!("https://{HOST}:8443/"), format!("{HOST}:8443:{ip}"));
    let ask = || {
        let asked = Command::new("curl")
            .args(["-sS", "--max-time", "5", "--cacert"])
            .arg(machine.path("roots.pem"))
            .args(["--resolve", &to, &url])
            .output()
            .unwrap();
        let (code, text) = said(&asked);
        assert_eq!((code, text.as_str()), (Some(0), "hello"));
    };
    let (is_over, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let served = RefCell::new(vec![machine.serial()]);
    thread::scope(|scope| {
        let _ends = Ends(&is_over);
        for _ in 0..6 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    ask();
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let renewed = until(|| {
            let (serial, mut served) = (machine.serial(), served.borrow_mut());
            if !served.contains(&serial) {
                served.push(serial);
            }
            served.len() == 4
        });
        assert!(renewed);
        for _ in 0..3 {
            serving.wait_for("done served");
        }
        assert!(until(|| agree(&machine)));
    });
    let answered = answered.into_inner();
    assert!(answered > 100, "{answered}");
}

/// Whether the file, what is loaded, what is served and where the DNS leads agree.
fn agree(machine: &Machine) -> bool {
    let ip = machine.pebble.ip;
    let by = |script: String| {
        let (code, text) = said(&Command::new("sh").args(["-c", &script]).output().unwrap());
        (code == Some(0)).then(|| text.trim().to_lowercase())
    };
    let dns = format!("dig +short @{ip} -p {DNS_PORT} {HOST} A");
    let address = by(dns).unwrap();
    let served = by(format!(
        "openssl s_client -connect {address}:8443 -servername {HOST} </dev/null 2>/dev/null | openssl x509 -noout -serial"
    ));
    let loaded = by(format!("curl -s http://{ip}:9100/metrics"));
    let file = machine.serial().trim().to_lowercase();
    let serial = file.trim_start_matches("serial=").trim_start_matches('0');
    assert_eq!(address, ip.to_string());
    served.as_ref() == Some(&file)
        && loaded.is_some_and(|loaded| loaded.to_lowercase().contains(serial))
}

#[test]
fn a_key_that_tlsa_records_pin_stays_and_another_is_made_anew() {
    let key = |machine: &Machine| {
        let path = machine.chain_of(HOST).with_file_name("key.pem");
        fs::read_to_string(path).unwrap()
    };
    let pins = |machine: &Machine, selector: &str| {
        let leaf = fs::read(machine.chain_of(HOST)).unwrap();
        let leaf = CertificateDer::from_pem_slice(&leaf).unwrap();
        let leaf = keyway_chain::x509::Certificate::read(&leaf).unwrap();
        let whole = match selector {
            "1" => *leaf.spki_sha256(),
            _ => *leaf.sha256(),
        };
        let mut record = format!("www A 127.0.0.1\n_443._tcp.www TLSA 3 {selector} 1 ");
        for byte in whole {
            let _ = write!(record, "{byte:02x}");
        }
        record + "\n"
    };
    let zone = |more: &str| {
        let top = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
        NameServer::bind(&format!("{top}{more}"), &[])
    };
    let bind = zone("www A 127.0.0.1\n");
    let machine = Machine::with(&Pebble::default());
    machine.service(&format!("[dns]\nresolvers = \"{}\"", bind.address()));
    let (code, text) = machine.renew("--no-preflight");
    assert_eq!(code, Some(0), "{text}");
    let first = (key(&machine), machine.serial());
    let (code, text) = machine.renew("--force --no-preflight");
    assert_eq!(code, Some(0), "{text}");
    let second = (key(&machine), machine.serial());
    assert!(second.0 != first.0 && second.1 != first.1);
    let at = |bind: &NameServer| {
        let file = machine.path("keyway.toml");
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(|line| {
            if line.starts_with("resolvers") {
                format!("resolvers = \"{}\"", bind.address())
            } else {
                line.to_owned()
            }
        });
        fs::write(file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    };
    drop(bind);
    let bind = zone(&pins(&machine, "1"));
    at(&bind);
    let (code, text) = machine.renew("--force --no-preflight");
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("kept, as TLSA records at _443._tcp"),
        "{text}"
    );
    assert_eq!(key(&machine), second.0);
    assert_ne!(machine.serial(), second.1);
    // Where the host is an alias, they are at its end.
    let third = machine.serial();
    drop(bind);
    let behind = pins(&machine, "1").replace("_tcp.www", "_tcp.lb");
    let behind = behind.replace("www A 127.0.0.1", "www CNAME lb\nlb A 127.0.0.1");
    let bind = zone(&behind);
    at(&bind);
    let (code, text) = machine.renew("--force --no-preflight");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("_443._tcp.lb.example.com"), "{text}");
    assert_eq!(key(&machine), second.0);
    assert_ne!(machine.serial(), third);
    // What is of the certificate itself is told, as nothing keeps it.
    drop(bind);
    let bind = zone(&pins(&machine, "0"));
    at(&bind);
    let (code, text) = machine.renew("--force --no-preflight");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("selector 0"), "{text}");
    assert_ne!(key(&machine), second.0);
    // A resolver that does not say is no reason for another key.
    let third = key(&machine);
    drop(bind);
    let (code, text) = machine.renew("--force --no-preflight");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("nobody says whether TLSA"), "{text}");
    assert_eq!(key(&machine), third);
}

#[test]
fn a_command_is_run_once_for_each_certificate_and_again_where_it_failed() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let taken = machine.path("taken");
    let renew = |more: &str, script: &str| {
        let mut command = machine.command();
        command.args(["renew", "--roots", "roots.pem", "--profile", "private"]);
        command.args(more.split_whitespace());
        // No shell but that which is named has these words to read.
        command.args(["--then", "sh", "-c", script, "--force"]);
        said(&command.output().unwrap())
    };
    let count = || fs::read_to_string(&taken).map_or(0, |text| text.lines().count());
    let (code, text) = renew("", "exit 3");
    assert!(
        code == Some(1) && text.contains("sh: exit status: 3") && text.contains("done     files"),
        "{text}"
    );
    let serial = machine.serial();
    let script =
        "test -s \"$KEYWAY_KEY\" && echo \"$KEYWAY_CERTIFICATE\" >> taken && echo un''heard";
    for expected in [1, 1] {
        let (code, text) = renew("", script);
        assert!(
            code == Some(0) && text.contains("kept") && !text.contains("unheard"),
            "{text}"
        );
        assert_eq!(count(), expected);
    }
    assert_eq!(machine.serial(), serial);
    let (code, text) = renew("--force", script);
    assert!(
        code == Some(0) && text.contains("done     command"),
        "{text}"
    );
    assert_eq!(count(), 2);
    let named = fs::read_to_string(&taken).unwrap();
    let chain = machine.chain_of(HOST).display().to_string();
    assert!(named.lines().all(|line| line == chain), "{named}");
    let (code, text) = renew("", "exit 3");
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = machine.renew("--then");
    assert!(code == Some(2), "{text}");
    let (code, text) = machine.renew("--force --then /nowhere/program");
    assert!(
        code == Some(1) && text.contains("/nowhere/program: No such file"),
        "{text}"
    );
}
