//! From a label, or from nothing, to a name that is served with a certificate of a real CA: what `keyway up`, managed
//! names and timers are for.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod renewing;
mod serving;
mod stage;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use keyway_testkit::pebble::Pebble;
use name_servers::NameServer;
use renewing::{HOST, Machine, said, serial};
use serving::backend;

/// `keyway up`, until it is dropped.
struct Up {
    child: Child,
    told: String,
}

impl Up {
    fn start(machine: &Machine, arguments: &str) -> Self {
        let mut child = machine
            .command()
            .arg("up")
            .args(arguments.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = String::new();
        for line in lines.map_while(Result::ok) {
            told += &line;
            told.push('\n');
            if line.contains("end it") {
                break;
            }
        }
        Self { child, told }
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn curl(machine: &Machine, host: &str) -> (Option<i32>, String) {
    let to = format!("{host}:8443:{}", machine.pebble.ip);
    let mut curl = Command::new("curl");
    curl.args(["-sS", "--max-time", "5", "--cacert"])
        .arg(machine.path("roots.pem"))
        .args(["--resolve", &to, &format!("https://{host}:8443/")]);
    said(&curl.output().unwrap())
}

fn upstream(machine: &Machine, text: &'static str) {
    let file = machine.path("keyway.toml");
    let service = fs::read_to_string(&file).unwrap();
    fs::write(&file, service.replace("http://127.0.0.1:1", &backend(text))).unwrap();
}

const TRUST: &str = "--roots roots.pem --profile private";

#[test]
fn a_service_file_is_brought_up_and_what_was_made_is_kept_the_next_time() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    upstream(&machine, "hello");
    let up = Up::start(&machine, &format!("keyway.toml {TRUST}"));
    for line in [
        "done     account",
        "done     certificate",
        "done     served",
    ] {
        assert!(up.told.contains(line), "{line}: {}", up.told);
    }
    assert_eq!(curl(&machine, HOST), (Some(0), "hello".to_owned()));
    let first = machine.serial();
    drop(up);
    let again = Up::start(&machine, &format!("keyway.toml {TRUST}"));
    for line in ["kept     certificate", "done     served"] {
        assert!(again.told.contains(line), "{line}: {}", again.told);
    }
    assert_eq!(machine.serial(), first);
}

#[test]
fn a_public_name_writes_a_service_file_once_and_says_what_stands_in_the_way() {
    let machine = Machine::with(&Pebble::default());
    let up = format!(
        "up --host {HOST} --upstream http://127.0.0.1:1 --listen {}",
        machine.address()
    );
    // Nobody is asked: the system's resolvers are not, where the file says others, and it is not written yet.
    fs::write(
        machine.path("keyway.toml"),
        format!("host = \"{HOST}\"\nupstream = \"http://127.0.0.1:2\"\n[tls]\nstatus = \"auto\"\n"),
    )
    .unwrap();
    let (code, text) = machine.run(&up);
    assert_eq!(code, Some(2), "{text}");
    for told in ["other hosts or another upstream", "change or remove it"] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn nothing_is_begun_for_a_name_that_no_public_ca_may_vouch_for() {
    let machine = Machine::with(&Pebble::default());
    for (name, why) in [
        ("intranet", ".intranet is set aside by"),
        ("192.0.2.1", "is for"),
        ("co.uk", "co.uk is a public suffix"),
    ] {
        let up = format!("up --host {name} --upstream http://127.0.0.1:1 --listen 127.0.0.1:1");
        let (code, text) = machine.run(&up);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(why), "{why}: {text}");
        // Nobody may vouch for all names below a public suffix.
        let way_out = format!("`keyway dev ca --anew --permit {name}`");
        assert_eq!(text.contains(&way_out), name != "co.uk", "{text}");
        assert!(!machine.path("keyway.toml").exists(), "{text}");
    }
    for names in [
        "--host localhost --host www.example.com",
        "--host www.example.com --host 10.0.0.5",
    ] {
        let (code, text) = machine.run(&format!("up {names} --upstream http://127.0.0.1:1"));
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains("They are two services, a file each") && !text.contains("--permit"),
            "{text}"
        );
        assert!(!machine.path("keyway.toml").exists(), "{text}");
    }
}

/// The commands of a row of docs/azure-ml.md, as they are written there.
fn commands_of<const N: usize>(row: &str) -> [String; N] {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/azure-ml.md");
    let page = fs::read_to_string(page).unwrap();
    let mut rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let row = rows.find(|line| line.starts_with(row)).unwrap();
    let commands = row
        .split('`')
        .filter_map(|word| word.strip_prefix("keyway "));
    let commands: Vec<String> = commands.map(str::to_owned).collect();
    commands.try_into().unwrap()
}

#[test]
fn a_managed_name_goes_from_its_label_to_the_zone_to_its_certificate_and_stays() {
    let text = "$TTL 300\n@ SOA ns.elsewhere.test. a 1 2 3 4 5\n@ NS ns.elsewhere.test.\n";
    let zone = "cloudapp.contoso.com";
    let bind = NameServer::bind_zones(&[(zone, text, "")], &["hmac-sha256"]);
    let machine = Machine::with(&Pebble::default().asking(bind.address().parse().unwrap()));
    let key = fs::read_to_string(bind.path("hmac-sha256.key")).unwrap();
    fs::write(machine.path("tsig.secret"), key.split('"').nth(3).unwrap()).unwrap();
    // What is of this machine and its CA; all else is said by the commands.
    let dns = format!(
        "[dns]\nserver = \"{0}\"\nresolvers = \"{0}\"\n\
         tsig = {{ name = \"key-hmac-sha256\", secret = {{ file = \"tsig.secret\" }} }}",
        bind.address()
    );
    machine.service_of(&format!("endpoint = \"{}\"", machine.pebble.ip), "", &dns);
    let file = machine.path("keyway.toml");
    let whole = fs::read_to_string(&file).unwrap();
    let lines = whole
        .lines()
        .filter(|line| !line.starts_with("upstream") && !line.starts_with("status"));
    fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let [enable, up] = commands_of("`enable_ssl(leaf_domain_label=");
    let (behind, nothing_behind) = (
        enable.replace("http://127.0.0.1:5001", &backend("hello")),
        enable.split(" --upstream").next().unwrap(),
    );
    // Nothing is begun for what nobody said yet, and it is said how.
    let (code, text) = machine.run(nothing_behind);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = machine.run(&up);
    assert!(
        code == Some(2) && text.contains("write `upstream = "),
        "{text}"
    );
    let (code, text) = machine.run(&behind);
    assert_eq!(code, Some(0), "{text}");
    let service = fs::read_to_string(&file).unwrap();
    let name = service
        .split('"')
        .find(|word| word.ends_with(".westeurope.cloudapp.contoso.com"));
    let name = name.unwrap_or_else(|| panic!("{service}")).to_owned();
    assert!(name.starts_with("contoso"), "{name}");
    // The certificate, by the zone, and https.
    let up = up.strip_prefix("up ").unwrap();
    let up = Up::start(&machine, &format!("{up} {TRUST}"));
    assert!(up.told.contains("done     served"), "{}", up.told);
    // DNS.
    let (code, text) = machine.run("dns plan keyway.toml --out p --no-other-servers");
    let (code, text) = if code == Some(2) && text.contains("no-other-servers") {
        machine.run("dns plan keyway.toml --out p")
    } else {
        (code, text)
    };
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = machine.run("dns apply --plan p keyway.toml");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(bind.dig(&name, "A"), machine.pebble.ip.to_string());
    assert_eq!(curl(&machine, &name), (Some(0), "hello".to_owned()));
    let first = serial(&machine.chain_of(&name));
    // Renewed while it is served, under the same name.
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("done     served"), "{text}");
    assert_ne!(serial(&machine.chain_of(&name)), first);
    assert_eq!(curl(&machine, &name), (Some(0), "hello".to_owned()));
    let (code, text) = machine.run(&format!("status keyway.toml --offline {TRUST}"));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains(&name) && text.contains("by itself at"),
        "{text}"
    );
}

#[test]
fn status_says_what_failed_and_when_it_is_tried_again() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let status = || {
        let (code, text) = machine.run(&format!("status keyway.toml --offline {TRUST}"));
        (code, text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (_, text) = status();
    assert!(
        text.contains("not made yet; `keyway renew keyway.toml`"),
        "{text}"
    );
    assert_eq!(machine.renew("").0, Some(0));
    machine.forget_account();
    machine.pebble.lead(HOST, "127.255.255.1");
    assert_eq!(machine.renew("--force").0, Some(2));
    let (code, text) = status();
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("failed 1 time:") && text.contains("127.255.255.1"),
        "{text}"
    );
}

#[test]
fn a_renewal_that_the_file_asks_for_is_done_once() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let first = machine.serial();
    let (code, text) = machine.run("update keyway.toml --renew");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(machine.renew("").0, Some(0));
    let second = machine.serial();
    assert_ne!(second, first);
    assert!(
        !fs::read_to_string(machine.path("keyway.toml"))
            .unwrap()
            .contains("renew =")
    );
    assert_eq!(machine.renew("").0, Some(0));
    assert_eq!(machine.serial(), second);
}

#[test]
fn two_at_once_order_one_certificate() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let mut both = Vec::new();
    for _ in 0..2 {
        let mut renew = machine.command();
        renew.args(format!("renew {TRUST}").split(' '));
        both.push(
            renew
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        );
    }
    let told: Vec<(Option<i32>, String)> = both
        .into_iter()
        .map(|child| said(&child.wait_with_output().unwrap()))
        .collect();
    assert!(told.iter().all(|(code, _)| *code == Some(0)), "{told:?}");
    let made = told
        .iter()
        .filter(|(_, text)| text.contains("done     certificate"));
    assert_eq!(made.count(), 1, "{told:?}");
    assert!(
        told.iter()
            .any(|(_, text)| text.contains("kept     certificate")),
        "{told:?}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_asks_nobody() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    // A file where the folder would be: root may write everywhere else.
    fs::create_dir_all(machine.path("state")).unwrap();
    fs::write(machine.path("state/certificates"), "").unwrap();
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("state/certificates"), "{text}");
    assert!(
        !machine.pebble.log().contains("accounts in memory"),
        "{text}"
    );
}

#[test]
fn a_ca_by_hand_gets_a_request_and_its_certificate_is_put_in_place_where_it_fits() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.renew("--csr request.pem");
    assert_eq!(code, Some(0), "{text}");
    let openssl = |arguments: &str| {
        let mut openssl = Command::new("openssl");
        openssl
            .current_dir(machine.path(""))
            .args(arguments.split(' '));
        let (code, text) = said(&openssl.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
        text
    };
    assert!(openssl("req -in request.pem -noout -text -verify").contains(&format!("DNS:{HOST}")));
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=By-hand",
    );
    openssl(
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -days 20 -copy_extensions copy -out signed.pem",
    );
    // Nor is nothing.
    for (arguments, told) in [
        ("renew --csr -", "name a file"),
        ("renew --signed /dev/null", "/dev/null holds no certificate"),
    ] {
        let (code, text) = machine.run(arguments);
        assert!(code == Some(2) && text.contains(told), "{text}");
    }
    // Another one's certificate is not taken.
    let (code, text) = machine.run("renew --signed ca.pem --roots ca.pem --profile private");
    assert_eq!(code, Some(2), "{text}");
    let (code, text) = machine.run("renew --signed signed.pem --roots ca.pem --profile private");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(machine.serial(), serial(&machine.path("signed.pem")));
    let (code, text) = machine.run("renew --signed signed.pem --roots ca.pem --profile private");
    assert!(code == Some(2) && text.contains("--csr"), "{text}");
}

#[test]
fn systemd_takes_the_units_of_a_timer_and_cron_a_line() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    // A unit for a file that is misspelt would fail twice a day, and tell nobody.
    let (code, text) = machine.run("renew a%b.toml --timer systemd");
    assert!(code == Some(2) && text.contains("a%b.toml"), "{text}");
    fs::rename(machine.path("keyway.toml"), machine.path("a%b.toml")).unwrap();
    let (code, text) = machine.run("renew a%b.toml --timer systemd");
    assert_eq!(code, Some(0), "{text}");
    let (service, timer) = text
        .split_once("# /etc/systemd/system/keyway-renew.timer\n")
        .unwrap();
    assert!(service.contains("a%%b.toml"), "{service}");
    assert!(service.contains(renewing::KEYWAY), "{service}");
    fs::write(machine.path("keyway-renew.service"), service).unwrap();
    fs::write(machine.path("keyway-renew.timer"), timer).unwrap();
    let mut verify = Command::new("systemd-analyze");
    verify
        .arg("verify")
        .current_dir(machine.path(""))
        .args(["./keyway-renew.service", "./keyway-renew.timer"]);
    let (code, text) = said(&verify.output().unwrap());
    assert_eq!(code, Some(0), "{text}");
    // systemd would make all of a folder of a server's root's.
    assert!(!service.contains("StateDirectory"), "{service}");
    // A store at home is written to, and so is a service file.
    for (more, is_closed) in [
        ("", true),
        (" --store file:///srv/store --state /var/lib/keyway", true),
        (
            " --store file:///home/u/store --state /var/lib/keyway",
            false,
        ),
        (" --state /run/user/1000/state", false),
    ] {
        let (_, text) = machine.run(&format!("renew a%b.toml --timer systemd{more}"));
        assert_eq!(text.contains("ProtectHome"), is_closed, "{more}: {text}");
    }
    let (_, text) = machine.run("renew a%b.toml --timer systemd --then systemctl reload ng%nx");
    assert!(
        text.contains(" \"--then\" \"systemctl\" \"reload\" \"ng%%nx\"\n"),
        "{text}"
    );
    let (code, text) = machine.run("renew a%b.toml --timer systemd --at 2027-01-01");
    assert!(code == Some(2) && text.contains("--at"), "{text}");
    let (code, text) = machine.run("renew a%b.toml --timer cron");
    assert!(code == Some(0) && text.contains("a\\%b.toml"), "{text}");
    assert!(
        text.contains(renewing::KEYWAY) && !text.contains("store"),
        "{text}"
    );
    // Nor would a unit for a certificate that nobody makes here.
    let file = machine.path("a%b.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"auto\"", "\"disabled\"")).unwrap();
    let (code, told) = machine.run("renew a%b.toml --timer cron");
    assert!(
        code == Some(2) && told.contains("a certificate of its own, or none"),
        "{told}"
    );
    fs::write(&file, text).unwrap();
    // Credentials stand in no file that everybody reads.
    for kind in ["systemd", "cron"] {
        let (code, text) = machine.run(&format!(
            "renew a%b.toml --timer {kind} --store az://certificates/a"
        ));
        assert!(
            code == Some(0) && text.contains("/etc/keyway/store.env"),
            "{text}"
        );
    }
}

#[test]
fn a_check_before_the_first_certificate_says_that_there_is_none_and_asks_for_none() {
    let mut machine = Machine::with(&Pebble::default());
    machine.service("");
    let (code, text) = machine.run(&format!("serve --check {TRUST}"));
    assert!(code == Some(2) && text.contains("not been made"), "{text}");
    assert!(text.contains("keyway renew keyway.toml"), "{text}");
    // With a CA that is down, it is said who is waited for.
    machine.pebble.end();
    let (code, text) = machine.run(&format!("serve {TRUST}"));
    assert_eq!(code, Some(2), "{text}");
    let asked = format!("asking {}", machine.pebble.directory());
    assert!(text.contains(&asked), "{text}");
}

#[test]
fn a_service_of_the_development_ca_is_tried_by_the_line_that_is_printed() {
    let machine = Machine::with(&Pebble::default());
    machine.service_of("host = \"www.test\"", "", "");
    upstream(&machine, "hello");
    let file = machine.path("keyway.toml");
    let service = fs::read_to_string(&file).unwrap();
    fs::write(&file, service.replace(&machine.pebble.directory(), "local")).unwrap();
    tried_as_printed(&machine, "keyway.toml");
}

#[test]
fn a_service_of_a_ca_that_only_roots_name_is_tried_by_the_line_that_is_printed() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    upstream(&machine, "hello");
    tried_as_printed(&machine, &format!("keyway.toml {TRUST}"));
}

/// Brings it up, and types what is printed.
fn tried_as_printed(machine: &Machine, arguments: &str) {
    let up = Up::start(machine, arguments);
    let mut lines = up.told.lines();
    let curl = lines.find_map(|line| line.trim().strip_prefix("try it"));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", curl.unwrap().trim()])
        .current_dir(machine.path(""));
    let output = shell.arg("-sS").output().unwrap();
    assert_eq!(said(&output).0, Some(0), "{}", up.told);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hello");
}
