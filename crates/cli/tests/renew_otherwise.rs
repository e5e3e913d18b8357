//! Managed certificates where not everything is as it was: another CA, a certificate that is over, two services, a CA by
//! hand in between.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use keyway_testkit::pebble::{HTTP_PORT, Pebble, TLS_PORT, own_address};
use renewing::{HOST, Machine, make_due, said, serial};
use serving::{Serving, until};

/// What was said, without the breaks of its lines.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn another_ca_is_asked_at_once_and_the_development_ca_needs_no_roots() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let service = fs::read_to_string(&file).unwrap();
    let local = service
        .replace(&machine.pebble.directory(), "local")
        .replace(HOST, "www.test");
    // What that CA does not vouch for is known before.
    fs::write(&file, service.replace(&machine.pebble.directory(), "local")).unwrap();
    for more in ["--dry-run", ""] {
        let (code, text) = machine.run(&format!("renew {more}"));
        assert!(
            code == Some(2) && plain(&text).contains("was not made for that name"),
            "{text}"
        );
    }
    fs::write(&file, &local).unwrap();
    let (code, text) = machine.run("renew");
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = machine.run("renew");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    let (code, text) = machine.run("status --offline");
    assert!(
        code == Some(0) && plain(&text).contains("accept it"),
        "{text}"
    );
    fs::write(&file, service.replace(HOST, "www.test")).unwrap();
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("by Pebble Intermediate CA"), "{text}");
}

#[test]
fn a_certificate_that_is_over_is_asked_for_until_a_ca_would_count_the_failures() {
    let mut machine = Machine::with(&Pebble::default().valid_for(3));
    machine.service("challenges = [\"http-01\"]");
    assert_eq!(machine.renew("").0, Some(0));
    let is_over = || {
        let check = format!(
            "check {} --roots roots.pem",
            machine.chain_of(HOST).display()
        );
        machine.run(&check).1.contains("time.expired")
    };
    assert!(until(is_over));
    machine.forget_account();
    machine.pebble.lead(HOST, "127.255.255.1");
    for _ in 0..3 {
        let (code, text) = machine.renew("");
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("did not find"), "{text}");
        assert!(text.contains("has ended at"), "{text}");
        assert!(text.contains("by the clock of this machine"), "{text}");
    }
    for more in ["", "--dry-run"] {
        let (code, text) = machine.renew(more);
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains("nothing is asked for before") && text.contains("--force"),
            "{text}"
        );
    }
    machine.pebble.lead(HOST, &machine.pebble.ip.to_string());
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    machine.pebble.end();
}

#[test]
fn a_service_that_will_not_be_served_has_no_order_spent_on_it() {
    let machine = Machine::with(&Pebble::default());
    machine.service_of(&format!("host = \"{HOST}\"\nredirect = true"), "", "");
    let (code, text) = machine.run("serve --roots roots.pem --profile private");
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("redirect") && !text.contains("account"),
        "{text}"
    );
    assert!(!machine.pebble.log().contains("accounts in memory"));
}

#[test]
fn a_forced_renewal_that_failed_changes_nothing_of_what_is_planned() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    machine.forget_account();
    machine.pebble.lead(HOST, "127.255.255.1");
    assert_eq!(machine.renew("--force").0, Some(2));
    // It is good for years, and not due before.
    let (code, text) = machine.renew("");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
}

#[test]
fn what_clients_would_refuse_is_told_whole_and_in_lines() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.run("renew");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("chain.no-path") && !text.contains("\\u{a}"),
        "{text}"
    );
    // Whose root it is, is said; a command for what is no file, is not.
    assert!(
        text.contains("`--roots FILE --profile private`") && !text.contains("keyway check"),
        "{text}"
    );
    assert!(!machine.chain_of(HOST).exists());
}

#[test]
fn a_ca_whose_server_nobody_vouches_for_leads_to_the_field_that_does() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with("roots ="));
    let text = lines.by_ref().collect::<Vec<_>>().join("\n");
    fs::write(&file, text).unwrap();
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("UnknownIssuer") && text.contains("`tls.acme.roots` names"),
        "{text}"
    );
}

#[test]
fn two_services_do_not_take_turns_in_one_folder() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    let other = fs::read_to_string(machine.path("keyway.toml")).unwrap();
    let other = other.replace(
        &format!("host = \"{HOST}\""),
        &format!("host = [\"{HOST}\", \"b.example.com\"]"),
    );
    fs::write(machine.path("other.toml"), other).unwrap();
    let (code, text) = machine.renew("other.toml --force");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("keyway.toml has a managed certificate"),
        "{text}"
    );
    assert!(text.contains("by one path that stays, as a link"), "{text}");
    assert_eq!(machine.serial(), first);
    // It is so whenever somebody looks, and nothing of the first one's.
    let (code, text) = machine.renew("other.toml --dry-run --force");
    assert!(
        code == Some(2) && plain(&text).contains("has a managed certificate"),
        "{text}"
    );
    let (_, text) = machine.run("status other.toml --offline");
    assert!(
        plain(&text).contains("renewal none: ") && text.contains("keyway.toml has"),
        "{text}"
    );
    let (_, text) = machine.run("status --offline");
    assert!(plain(&text).contains("renewal by itself"), "{text}");
    // Where the first one is gone, the folder is the other's.
    fs::remove_file(machine.path("keyway.toml")).unwrap();
    let (code, text) = machine.renew("other.toml");
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn a_host_that_moves_to_another_service_file_gets_a_folder_of_its_own() {
    for stays in ["\"b.example.com\"", "\"*.example.com\""] {
        let machine = Machine::with(&Pebble::default());
        let file = machine.path("keyway.toml");
        let hosts = |hosts: &str| {
            machine.service_of(&format!("host = [{hosts}]"), "", "");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replace(&machine.pebble.directory(), "local")).unwrap();
        };
        let permit = "dev ca --permit example.com";
        assert_eq!(machine.run(permit).0, Some(0));
        hosts(&format!("\"{HOST}\", \"b.example.com\""));
        assert_eq!(machine.run("renew").0, Some(0));
        // Whether its own certificate has come already, or not.
        for is_renewed in [false, true] {
            hosts(stays);
            if is_renewed {
                assert_eq!(machine.run("renew").0, Some(0));
            }
            let first = serial(&machine.chain_of(HOST));
            let text = fs::read_to_string(&file).unwrap();
            let moved = text.replace(&format!("host = [{stays}]"), &format!("host = \"{HOST}\""));
            fs::write(machine.path("other.toml"), moved).unwrap();
            for told in ["", "kept"] {
                let (code, text) = machine.run("renew other.toml");
                assert!(code == Some(0) && text.contains(told), "{text}");
            }
            assert_eq!(serial(&machine.chain_of(HOST)), first);
            let own = machine.chain_of(&format!("{HOST}+2"));
            assert!(own.exists());
        }
    }
}

#[test]
fn releases_of_one_service_that_are_kept_side_by_side_share_its_certificate() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    fs::copy(machine.path("keyway.toml"), machine.path("next.toml")).unwrap();
    let (code, text) = machine.renew("next.toml");
    assert!(code == Some(0) && machine.serial() == first, "{text}");
    for file in ["next.toml", "keyway.toml"] {
        let before = machine.serial();
        let (code, text) = machine.renew(&format!("{file} --force"));
        assert_eq!(code, Some(0), "{text}");
        assert_ne!(machine.serial(), before);
    }
    // A release with one host more serves what there is, and says what to do about the other one.
    let next = fs::read_to_string(machine.path("next.toml")).unwrap();
    let more = next.replace(
        "host = \"www.example.com\"",
        "host = [\"www.example.com\", \"new.example.com\"]",
    );
    fs::write(machine.path("next.toml"), more).unwrap();
    let mut serve = machine.command();
    serve.args("serve next.toml --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::begin(serve);
    serving.wait_for("new.example.com is not served yet");
    serving.wait_for("where that is another release of this service, take it away");
    fs::remove_file(machine.path("keyway.toml")).unwrap();
    serving.end();
    let (code, text) = machine.renew("next.toml");
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn a_request_for_a_ca_by_hand_outlives_a_renewal_and_its_chain_may_come_in_any_order() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("--csr request.pem").0, Some(0));
    let (code, text) = machine.renew("--csr request.pem");
    assert!(code == Some(2) && text.contains("there already"), "{text}");
    assert_eq!(machine.renew("").0, Some(0));
    let openssl = |arguments: &str| {
        let mut openssl = Command::new("openssl");
        openssl
            .current_dir(machine.path(""))
            .args(arguments.split(' '));
        let (code, text) = said(&openssl.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
    };
    fs::write(
        machine.path("ca.ext"),
        "basicConstraints=critical,CA:TRUE\n",
    )
    .unwrap();
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=Root",
    );
    openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout im.key -out im.csr -subj /CN=Intermediate",
    );
    openssl("x509 -req -in im.csr -CA ca.pem -CAkey ca.key -days 25 -extfile ca.ext -out im.pem");
    openssl(
        "x509 -req -in request.pem -CA im.pem -CAkey im.key -days 20 -copy_extensions copy -out leaf.pem",
    );
    let read = |name: &str| fs::read_to_string(machine.path(name)).unwrap();
    fs::write(
        machine.path("turned.pem"),
        read("ca.pem") + &read("im.pem") + &read("leaf.pem"),
    )
    .unwrap();
    openssl("crl2pkcs7 -nocrl -certfile turned.pem -out turned.p7b");
    let (code, text) = machine.run("renew --signed turned.p7b --roots ca.pem --profile private");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(machine.serial(), serial(&machine.path("leaf.pem")));
}

#[test]
fn a_wildcard_without_a_way_spends_nothing() {
    let machine = Machine::with(&Pebble::default());
    machine.service_of("host = \"*.example.com\"", "", "");
    // Who has a place of another way is no matter of a wildcard's.
    let _silent = TcpListener::bind((machine.pebble.ip, HTTP_PORT)).unwrap();
    for more in ["", "--dry-run"] {
        let (code, text) = machine.renew(more);
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains("cannot; a wildcard needs dns-01, which needs `dns.tsig` or"),
            "{text}"
        );
    }
    assert!(!machine.pebble.log().contains("accounts in memory"));
}

#[test]
fn what_is_served_is_shown_to_a_ca_at_the_place_that_the_file_names() {
    let machine = Machine::with(&Pebble::default());
    let ways = "challenges = [\"tls-alpn-01\"]";
    machine.service(ways);
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    // The CA does not come to where the service listens.
    machine.service_of(&format!("host = \"{HOST}\""), "renew = true", ways);
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::run(serve);
    serving.wait_for("done certificate");
    assert!(until(|| machine.serial() != first));
    serving.end();
}

#[test]
fn a_good_pair_is_served_while_a_ca_that_says_nothing_is_asked_for_another_one() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    // It takes connections, and no more.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("https://{}/dir", silent.local_addr().unwrap());
    let file = machine.path("keyway.toml");
    let service = fs::read_to_string(&file).unwrap();
    fs::write(&file, service.replace(&machine.pebble.directory(), &there)).unwrap();
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let began = std::time::Instant::now();
    let serving = Serving::run(serve);
    assert!(until(|| TcpStream::connect(machine.address()).is_ok()));
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
    serving.end();
    // Brought up, too.
    let mut up = machine.command();
    up.args("up keyway.toml --roots roots.pem --profile private".split(' '));
    let serving = Serving::run(up);
    serving.end();
}

#[test]
fn what_was_not_proved_is_looked_at_again_for_as_long_as_something_else_is_served() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    // It does not follow the files.
    let chain = machine.chain_of(HOST);
    fs::copy(&chain, machine.path("own.pem")).unwrap();
    fs::copy(chain.with_file_name("key.pem"), machine.path("own.key")).unwrap();
    let mut serve = machine.command();
    let own = "serve --cert own.pem --key own.key --upstream http://127.0.0.1:1 --roots roots.pem --profile private";
    serve
        .args(own.split(' '))
        .args(["--host", HOST, "--listen", &machine.address()]);
    let serving = Serving::run(serve);
    let (code, text) = machine.renew("");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    for more in ["--force", "", ""] {
        let (code, text) = machine.renew(more);
        assert_eq!(code, Some(1), "{text}");
        assert!(
            plain(&text).contains("another certificate is served"),
            "{text}"
        );
    }
    serving.end();
    assert_eq!(machine.renew("").0, Some(0));
}

#[test]
fn hosts_in_another_order_are_no_other_certificate() {
    let mut machine = Machine::with(&Pebble::default());
    let of =
        |machine: &Machine, hosts: &str| machine.service_of(&format!("host = [{hosts}]"), "", "");
    of(&machine, "\"www.example.com\", \"a.example.com\"");
    assert_eq!(machine.renew("").0, Some(0));
    let serial = machine.serial();
    machine.pebble.end();
    of(&machine, "\"a.example.com\", \"www.example.com\"");
    let (code, text) = machine.renew("");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    assert_eq!(machine.serial(), serial);
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::begin(serve);
    serving.wait_for("serving a.example.com and 1 more");
    serving.end();
    let folders = fs::read_dir(machine.path("state/certificates")).unwrap();
    assert_eq!(folders.count(), 1);
}

#[test]
fn a_damaged_pair_leads_to_the_one_before_where_no_ca_is_there() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    assert_eq!(machine.renew("--force").0, Some(0));
    machine.pebble.end();
    let damage = || fs::write(machine.chain_of(HOST).with_file_name("key.pem"), "").unwrap();
    let told = "the pair in place is damaged; the one before it";
    for begins in ["serve --threads 1", "up keyway.toml"] {
        damage();
        let mut begun = machine.command();
        begun.args(begins.split(' '));
        begun.args("--roots roots.pem --profile private".split(' '));
        let serving = Serving::begin(begun);
        serving.wait_for(told);
        serving.wait_for("serving www.example.com");
        assert_eq!(machine.serial(), first);
        serving.end();
        put_again(&machine);
    }
    damage();
    let (code, text) = machine.renew("--dry-run");
    assert!(code == Some(0) && !text.contains(told), "{text}");
    let (code, text) = machine.renew("");
    assert!(
        code == Some(0) && text.contains(told) && text.contains("kept"),
        "{text}"
    );
    assert_eq!(machine.serial(), first);
}

/// What a server shows who asks for a host.
fn shown(machine: &Machine, host: &str) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args([
        "s_client",
        "-connect",
        &machine.address(),
        "-servername",
        host,
    ]);
    said(&openssl.stdin(std::process::Stdio::null()).output().unwrap()).1
}

/// Has the newest pair in its place again, whole.
fn put_again(machine: &Machine) {
    let current = machine.chain_of(HOST).parent().unwrap().to_owned();
    let folder = current.parent().unwrap();
    fs::copy(folder.join("1/key.pem"), folder.join("2/key.pem")).unwrap();
    fs::copy(
        folder.join("1/fullchain.pem"),
        folder.join("2/fullchain.pem"),
    )
    .unwrap();
    fs::remove_file(&current).unwrap();
    symlink("2", &current).unwrap();
}

#[test]
fn hosts_that_the_pair_in_place_is_for_are_served_while_one_for_more_of_them_is_asked_for() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service_of("host = [\"www.example.com\", \"b.example.com\"]", "", "");
    assert_eq!(machine.renew("").0, Some(0));
    machine.pebble.end();
    for (hosts, missing, is_for_other) in [
        (
            "\"new.example.com\", \"www.example.com\"",
            "new.example.com",
            false,
        ),
        // By a wildcard, that one is wanted, too.
        (
            "\"*.example.com\", \"www.example.com\"",
            "*.example.com",
            true,
        ),
        ("\"*.example.com\"", "*.example.com", true),
    ] {
        machine.service_of(&format!("host = [{hosts}]"), "", "");
        let mut serve = machine.command();
        serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
        let serving = Serving::begin(serve);
        serving.wait_for(&format!("{missing} is not served yet"));
        assert!(until(|| TcpStream::connect(machine.address()).is_ok()));
        let is_shown = |host| shown(&machine, host).contains("BEGIN CERTIFICATE");
        assert!(is_shown(HOST), "{hosts}");
        assert_eq!(is_shown("b.example.com"), is_for_other, "{hosts}");
        assert!(!is_shown("new.example.com"), "{hosts}");
        serving.end();
        let (_, told) = machine.run("status --offline --roots roots.pem --profile private");
        assert!(told.contains(missing), "{told}");
    }
    let folders = fs::read_dir(machine.path("state/certificates")).unwrap();
    assert_eq!(folders.count(), 1);
}

#[test]
fn a_state_folder_beside_where_keyway_is_run_is_found_for_a_service_file_elsewhere() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    fs::create_dir(machine.path("there")).unwrap();
    fs::rename(machine.path("keyway.toml"), machine.path("there/a.toml")).unwrap();
    let words = "there/a.toml --state kept --roots roots.pem --profile private";
    let (code, text) = machine.run(&format!("renew {words}"));
    assert_eq!(code, Some(0), "{text}");
    let (_, text) = machine.run(&format!("status --offline {words}"));
    assert!(!text.contains("not made yet"), "{text}");
    let mut serve = machine.command();
    serve.args(format!("serve --threads 1 {words}").split(' '));
    let serving = Serving::run(serve);
    assert!(until(|| TcpStream::connect(machine.address()).is_ok()));
    serving.end();
}

#[test]
fn a_wish_that_cannot_be_taken_out_of_its_file_is_done_once() {
    let machine = Machine::with(&Pebble::default());
    let host = format!("host = \"{HOST}\"");
    machine.service_of(&host, "renew = true", "");
    // No file can be put where the version before it is kept.
    fs::create_dir(machine.path("keyway.toml.previous")).unwrap();
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    let first = machine.serial();
    let told = plain(&text);
    assert!(
        told.contains("nobody") && told.contains("cannot be taken out"),
        "{text}"
    );
    for more in ["", "--dry-run"] {
        let (code, text) = machine.renew(more);
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.contains("it is passed over until") && !text.contains("would order"),
            "{text}"
        );
    }
    let (_, text) = machine.run("status --offline --roots roots.pem --profile private");
    assert!(!text.contains("not done yet"), "{text}");
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::begin(serve);
    serving.wait_for("it is passed over until");
    thread::sleep(std::time::Duration::from_secs(2));
    serving.end();
    assert_eq!(machine.serial(), first);
    // Gone for a while, it is another wish.
    machine.service_of(&host, "", "");
    assert_eq!(machine.renew("").0, Some(0));
    machine.service_of(&host, "renew = true", "");
    assert_eq!(machine.renew("").0, Some(0));
    assert_ne!(machine.serial(), first);
}

#[test]
fn where_a_server_has_the_port_that_a_ca_looks_at_it_is_said_how_that_one_renews() {
    let machine = Machine::with(&Pebble::default());
    let taken = TcpListener::bind((machine.pebble.ip, TLS_PORT)).unwrap();
    machine.service("challenges = [\"tls-alpn-01\"]");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("`tls.renew = true`") && !text.contains("wildcard"),
        "{text}"
    );
    drop(taken);
}

#[test]
fn a_profile_that_the_ca_has_not_spends_nothing_and_a_chain_that_it_has_not_is_told() {
    let machine = Machine::with(&Pebble::default());
    machine.service("profile = \"nope\"");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("no profiles: nothing is ordered"), "{text}");
    assert!(!machine.pebble.log().contains("Added order"));
    machine.service("chain = \"nope\"");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert!(plain(&text).contains("none that ends at nope"), "{text}");
}

#[test]
fn staging_is_one_cas_and_said_so() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.renew("--staging");
    assert!(
        code == Some(2) && text.contains("Let's Encrypt's"),
        "{text}"
    );
    let file = machine.path("keyway.toml");
    let service = fs::read_to_string(&file).unwrap();
    for word in ["letsencrypt", "letsencrypt-staging"] {
        let named = service.replace(&machine.pebble.directory(), word);
        fs::write(&file, named).unwrap();
        let (code, text) = machine.renew("--staging --dry-run");
        assert_eq!(code, Some(0), "{text}");
        assert!(plain(&text).contains("acme-staging-v02"), "{text}");
    }
}

#[test]
fn where_a_foreign_server_has_the_port_of_one_way_another_is_gone() {
    use std::io::{Read as _, Write as _};
    let machine = Machine::with(&Pebble::default());
    let foreign = TcpListener::bind((machine.pebble.ip, HTTP_PORT)).unwrap();
    thread::spawn(move || {
        for stream in foreign.incoming() {
            let mut stream = stream.unwrap();
            drop(stream.read(&mut [0; 4096]));
            drop(stream.write_all(b"HTTP/1.0 404 Nothing\r\n\r\n"));
        }
    });
    // A dry run says the same of it, and no more of those who would listen only then.
    for (challenges, more, ended) in [
        ("", "--dry-run", 0),
        ("", "", 0),
        ("challenges = [\"http-01\"]", "--dry-run --force", 1),
        ("challenges = [\"http-01\"]", "--force", 2),
    ] {
        machine.service(challenges);
        let (code, text) = machine.renew(more);
        let told = plain(&text);
        assert!(
            told.contains(
                "http-01 cannot be shown from here: somebody else answers there (HTTP/1.0 404"
            ),
            "{text}"
        );
        assert_eq!(code, Some(ended), "{text}");
    }
    // No order is spent where that is the only way, unless it is to be.
    let orders = || machine.pebble.log().matches("Added order").count();
    assert_eq!(orders(), 1);
    let (code, text) = machine.renew("--force");
    assert!(
        code == Some(2) && plain(&text).contains("somebody else has the place of http-01"),
        "{text}"
    );
    assert_eq!(orders(), 1);
    let (code, text) = machine.renew("--force --no-preflight");
    assert!(code == Some(2) && orders() == 2, "{text}");
}

#[test]
fn a_port_that_somebody_has_at_one_address_of_the_machine_is_no_server_of_ours() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let own = format!("{}:{HTTP_PORT}", machine.pebble.ip);
    fs::write(&file, text.replace(&own, &format!("0.0.0.0:{HTTP_PORT}"))).unwrap();
    let _other = TcpListener::bind((own_address(), HTTP_PORT)).unwrap();
    for (more, ended) in [("--dry-run", 0), ("", 0)] {
        let (code, text) = machine.renew(more);
        let told = plain(&text);
        assert_eq!(code, Some(ended), "{text}");
        assert!(
            told.contains(&format!(
                "somebody has port {HTTP_PORT} at an address of this machine"
            )) && !told.contains("another way"),
            "{text}"
        );
    }
}

#[test]
fn where_a_ca_does_not_come_to_one_place_another_way_is_gone_at_once() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    // The CA comes to another port.
    let closed = text.replace(&format!(":{HTTP_PORT}\""), ":5099\"");
    fs::write(&file, &closed).unwrap();
    let (code, text) = machine.renew("");
    let told = plain(&text);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        told.contains("doubtful order another way is gone, as the CA did not find www.example.com to be ours, by http-01"),
        "{text}"
    );
    // The next time the way that led there is gone first.
    machine.forget_account();
    let (code, text) = machine.renew("--force");
    assert!(code == Some(0) && !text.contains("another way"), "{text}");
    // Where that is all there is, that is what is said.
    machine.forget_account();
    let only = closed.replace("[tls.acme]", "[tls.acme]\nchallenges = [\"http-01\"]");
    fs::write(&file, only).unwrap();
    let (code, text) = machine.renew("--force");
    assert!(code == Some(2) && !text.contains("another way"), "{text}");
}

#[test]
fn restarts_spend_no_more_looks_at_a_name_than_a_ca_lets_fail_in_an_hour() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    machine.pebble.lead(HOST, "127.255.255.1");
    for _ in 0..2 {
        let (code, text) = machine.run("serve --roots roots.pem --profile private");
        assert!(code == Some(2) && text.contains("did not find"), "{text}");
    }
    for more in ["serve", "renew", "renew --dry-run"] {
        let (code, text) = machine.run(&format!("{more} --roots roots.pem --profile private"));
        let told = plain(&text);
        assert!(
            code == Some(2)
                && told.contains("nothing is asked for before")
                && told.contains("as CAs let few of their looks at a name fail in an hour"),
            "{text}"
        );
    }
    let (_, text) = machine.run("status --offline --format json");
    assert!(text.contains("\"why\": \"spent\""), "{text}");
    // Of another name nothing is known, and who has mended it asks by hand.
    machine.pebble.lead(HOST, &machine.pebble.ip.to_string());
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    assert!(machine.pebble.log().matches("Added order").count() <= 5);
}

#[test]
fn a_dry_run_says_nothing_against_a_place_where_nobody_listens_yet() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&format!(":{HTTP_PORT}\""), ":80\"")).unwrap();
    let (code, text) = machine.renew("--dry-run");
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("done     DNS") && !text.contains("refused"),
        "{text}"
    );
    // What a server has by which another way would be gone is no way for anybody else.
    let _other = TcpListener::bind((machine.pebble.ip, TLS_PORT)).unwrap();
    machine.service("challenges = [\"tls-alpn-01\"]");
    for more in ["--dry-run", ""] {
        let (code, text) = machine.renew(more);
        let told = plain(&text);
        assert!(
            code == Some(2) && told.contains("somebody else listens there"),
            "{text}"
        );
    }
}

const ANEW: &str =
    "it may write nothing, so that it can neither ask for one nor renew it. Start the server anew";

#[test]
fn a_server_that_began_with_its_own_files_says_that_it_has_to_begin_anew_to_renew() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let file = machine.path("keyway.toml");
    let auto = fs::read_to_string(&file).unwrap();
    let chain = machine.chain_of(HOST);
    fs::copy(&chain, machine.path("own.pem")).unwrap();
    fs::copy(chain.with_file_name("key.pem"), machine.path("own.key")).unwrap();
    let own = "certificate = \"own.pem\"\nkey = \"own.key\"";
    let own = auto.replace("status = \"auto\"", own);
    // Whether the managed one is made already, or not; who gave nothing up begins by itself.
    for (is_made, more, told) in [
        (true, "", ANEW),
        (false, "", ANEW),
        (false, " --no-sandbox", "done served"),
    ] {
        if !is_made {
            fs::remove_dir_all(machine.path("state/certificates")).unwrap();
        }
        fs::write(&file, &own).unwrap();
        let mut serve = machine.command();
        serve.args(
            format!("serve --threads 1 --roots roots.pem --profile private{more}").split(' '),
        );
        let serving = Serving::run(serve);
        fs::write(&file, &auto).unwrap();
        serving.wait_for(told);
        serving.end();
        fs::create_dir_all(machine.path("state/certificates")).unwrap();
    }
}

#[test]
fn what_is_good_is_served_before_its_ca_is_asked_for_anything() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    // It takes connections, and says nothing.
    let directory = machine.pebble.directory();
    let place = directory
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix("/dir"));
    machine.pebble.end();
    let ca = TcpListener::bind(place.unwrap()).unwrap();
    let server = machine.address();
    let asked = thread::spawn(move || {
        let _silent = ca.accept().unwrap();
        TcpStream::connect(server).is_ok()
    });
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::run(serve);
    assert!(
        asked.join().unwrap(),
        "nobody listens while the CA is asked"
    );
    serving.end();
}

#[test]
fn up_serves_what_is_good_though_its_ca_is_away_and_keeps_all_where_it_is_told_to() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    let up = |machine: &Machine| {
        let mut up = machine.command();
        up.args("up keyway.toml --state other --roots roots.pem --profile private".split(' '));
        Serving::run(up).read()
    };
    up(&machine).end();
    assert!(!machine.path("state/certificates").exists());
    let chain = machine.path(&format!("other/certificates/{HOST}/current/fullchain.pem"));
    let made = serial(&chain);
    let (_, told) =
        machine.run("status --offline --state other --roots roots.pem --profile private");
    assert!(told.contains("accept it"), "{told}");
    // It is due, as the CA said.
    let record = machine.path(&format!("other/certificates/{HOST}/renewal.json"));
    make_due(&record);
    machine.pebble.end();
    let (_, lines) = up(&machine).end();
    assert!(lines.stdout.contains("it is due"), "{}", lines.stdout);
    assert_eq!(serial(&chain), made);
}

#[test]
fn nobody_who_only_asks_when_to_renew_makes_an_account() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    machine.forget_account();
    let (code, text) = machine.renew("");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    let folders = fs::read_dir(machine.path("state/acme"))
        .into_iter()
        .flatten();
    let folders: Vec<_> = folders.map(|it| it.unwrap().path()).collect();
    let has_key = |folder: &PathBuf| folder.join("account.key").exists();
    assert!(!folders.iter().any(has_key), "{folders:?}");
}

#[test]
fn a_service_file_by_the_name_of_a_link_is_the_same_one() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    symlink(machine.path("keyway.toml"), machine.path("live.toml")).unwrap();
    let (code, text) = machine.renew("live.toml --force");
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn what_answers_at_an_address_already_is_not_joined_by_up() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let mut serve = machine.command();
    serve.args("serve --threads 1 --roots roots.pem --profile private".split(' '));
    let serving = Serving::run(serve);
    let (code, text) = machine.run("up keyway.toml --roots roots.pem --profile private");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("answers at") && text.contains("already"),
        "{text}"
    );
    serving.end();
}

#[test]
fn a_wish_for_a_renewal_is_taken_out_wherever_the_file_says_it() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text
        .replace("[tls]", "[ssl]\nrenew = true\n")
        .replace("[tls.acme]", "[ssl.acme]");
    fs::write(&file, text).unwrap();
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    assert!(!fs::read_to_string(&file).unwrap().contains("renew ="));
    let (code, told) = machine.renew("");
    assert!(code == Some(0) && told.contains("kept"), "{told}");
    assert_eq!(machine.serial(), first);
}

#[test]
fn a_lease_that_nobody_can_read_leads_to_what_to_do() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let lease = machine.path(&format!("state/certificates/{HOST}/lease.json"));
    fs::write(&lease, "{\"lease\": -1}").unwrap();
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("lease.json") && text.contains("else remove the file"),
        "{text}"
    );
    fs::remove_file(&lease).unwrap();
    assert_eq!(machine.renew("--force").0, Some(0));
}
