//! `keyway dev`: a CA of one's own, what it makes, and who trusts it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serving::{at_the_moment, started};

const KEYWAY: &str = env!("CARGO_BIN_EXE_keyway");

/// A machine on which nothing was made yet, at the moment of the kit.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &str) -> (Option<i32>, String) {
        let mut command = at_the_moment(KEYWAY);
        command
            .current_dir(self.path())
            .env("KEYWAY_STATE", self.path().join("state"))
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("HOME", self.path());
        said(&started(command.args(arguments.split_whitespace())))
    }

    fn ca(&self) -> String {
        self.path().join("state/dev/ca.pem").display().to_string()
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn a_certificate_is_made_beside_its_key_and_overwrites_nothing_unasked() {
    let machine = Machine::new();
    let make = "dev cert app.test *.app.test 127.0.0.1 --days 30 --out made";
    let (code, told) = machine.run(make);
    assert_eq!(code, Some(0), "{told}");
    let made = machine.path().join("made");
    let mode = |name: &str| made.join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("key.pem"), mode("fullchain.pem")), (0o600, 0o644));
    let key = machine.path().join("state/dev/ca.key");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(made.join("key.pem")).unwrap();
    let (code, told) = machine.run(make);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("fullchain.pem"), "{told}");
    assert_eq!(fs::read(made.join("key.pem")).unwrap(), before);
    let (code, told) = machine.run(&format!("{make} --force"));
    assert_eq!(code, Some(0), "{told}");
    assert_ne!(fs::read(made.join("key.pem")).unwrap(), before);
    let ca = machine.ca();
    let check = format!("check made --roots {ca} --profile private --host x.app.test");
    let (code, told) = machine.run(&check);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = machine.run("dev cert app.test --days 900");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("from 1 to 825 days"), "{told}");
}

/// The CA's key in wrong hands: clients hold the CA to what it may vouch for.
#[test]
fn openssl_refuses_what_the_ca_may_not_vouch_for() {
    let machine = Machine::new();
    assert_eq!(machine.run("dev ca").0, Some(0));
    let openssl = |arguments: &str| {
        let mut command = at_the_moment("openssl");
        command.current_dir(machine.path());
        said(&started(command.args(arguments.split_whitespace())))
    };
    for (name, is_good) in [("www.example.com", false), ("www.test", true)] {
        let (code, told) = openssl(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -days 5 -subj /O=x \
             -addext subjectAltName=DNS:{name} -addext basicConstraints=critical,CA:FALSE -CA state/dev/ca.pem -CAkey \
             state/dev/ca.key"
        ));
        assert_eq!(code, Some(0), "{told}");
        let (code, told) = openssl("verify -x509_strict -CAfile state/dev/ca.pem c.pem");
        assert_eq!(code == Some(0), is_good, "{name}: {told}");
        assert_eq!(
            told.contains("permitted subtree violation"),
            !is_good,
            "{told}"
        );
    }
}

#[test]
fn a_host_is_named_once_however_it_is_written() {
    let machine = Machine::new();
    let (code, told) = machine.run("dev cert LOCALHOST localhost localhost. ::1 0:0::1");
    assert_eq!(code, Some(0), "{told}");
    let mut openssl = Command::new("openssl");
    let openssl = openssl
        .args("x509 -noout -ext subjectAltName -in fullchain.pem".split(' '))
        .current_dir(machine.path());
    let (_, names) = said(&openssl.output().unwrap());
    assert_eq!(names.matches("DNS:").count(), 1, "{names}");
    assert_eq!(names.matches("IP Address:").count(), 1, "{names}");
}

#[test]
fn a_key_that_others_could_read_is_taken_from_them_and_told_once() {
    let machine = Machine::new();
    assert_eq!(machine.run("dev ca").0, Some(0));
    let key = machine.path().join("state/dev/ca.key");
    for open in [0o644, 0o640] {
        fs::set_permissions(&key, fs::Permissions::from_mode(open)).unwrap();
        let (code, told) = machine.run("dev cert a.test --force");
        assert_eq!(code, Some(0), "{told}");
        assert!(
            told.contains(&format!("ca.key ({open:04o})")) && told.contains("--anew"),
            "{told}"
        );
        assert_eq!(mode(&key), 0o600);
        let (_, told) = machine.run("dev cert a.test --force");
        assert!(!told.contains("warning"), "{told}");
    }
}

#[test]
fn nothing_is_taken_out_of_a_store_where_there_is_no_ca_or_the_store_has_it_not() {
    let machine = Machine::new();
    let (code, told) = machine.run("dev ca --uninstall");
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("no development CA here") && told.contains("--state"),
        "{told}"
    );
    assert_eq!(machine.run("dev ca").0, Some(0));
    let stores = [
        "/.pki/nssdb",
        "/.local/share/pki/nssdb",
        "/data/pki/nssdb",
        "/snap/chromium/current/.local/share/pki/nssdb",
    ];
    for store in stores {
        database_at(&machine.path().join(&store[1..]));
    }
    let (_, told) = machine.run("dev ca --uninstall");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for store in stores {
        let store = format!("{}{store} does not have it", machine.path().display());
        assert!(told.contains(&store), "{store}: {told}");
    }
    assert!(!told.contains("trusts it"), "{told}");
}

/// A store of a browser.
fn database_at(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let made = Command::new("certutil")
        .args(["-N", "--empty-password", "-d"])
        .arg(format!("sql:{}", folder.display()))
        .status()
        .expect("certutil is missing: `cargo xtask test` installs it (Debian: libnss3-tools)");
    assert!(made.success());
}

/// Nothing of it depends on the machine: what others do there when its store changes (a Java keystore's hook waits for
/// dpkg, which others hold) is not there, and each program starts (see [`started`]) at the kit's moment.
#[test]
fn of_two_who_share_a_machine_each_takes_out_their_own_ca_and_one_made_anew_leaves_none_behind() {
    let (one, other) = (Machine::new(), Machine::new());
    for machine in [&one, &other] {
        assert_eq!(machine.run("dev ca").0, Some(0));
        database_at(&machine.path().join(".pki/nssdb"));
    }
    let script = format!(
        "set -e
         mount -t tmpfs none /usr/local/share/ca-certificates
         mount -t tmpfs none /etc/ssl/certs
         test ! -d /etc/ca-certificates/update.d || mount -t tmpfs none /etc/ca-certificates/update.d
         at_once() {{ HOME=$1 KEYWAY_STATE=$1/state faketime -f '@2026-11-23 00:00:00' \"$KEYWAY\" dev ca $2 2> $1/told; }}
         taken() {{ grep -q 'sem_open: File exists' $1/told; }}
         keyway() {{ until at_once \"$@\"; do taken $1 || {{ cat $1/told; return 1; }}; done; }}
         there() {{ ls /usr/local/share/ca-certificates | wc -l; }}
         keyway {one} --install > /dev/null; keyway {other} --install > /dev/null
         echo two $(there)
         keyway {one} --uninstall > /dev/null
         echo left $(there)
         for ca in /usr/local/share/ca-certificates/*; do cmp $ca {other}/state/dev/ca.pem && echo the other; done
         keyway {other} '--anew --install' > /dev/null
         echo anew $(there)
         for ca in /usr/local/share/ca-certificates/*; do cmp $ca {other}/state/dev/ca.pem && echo the new; done
         certutil -L -d sql:{other}/.pki/nssdb | grep -c 'Keyway development CA'
         keyway {other} --uninstall
         echo none $(there)
         cp {one}/state/dev/ca.pem /usr/local/share/ca-certificates/keyway-development-ca.crt
         certutil -A -t C,, -n 'Keyway development CA' -i {one}/state/dev/ca.pem -d sql:{one}/.pki/nssdb
         keyway {other} --uninstall > /dev/null
         echo older $(there)
         keyway {one} --uninstall
         echo gone $(there)
         certutil -L -d sql:{one}/.pki/nssdb | grep -c 'Keyway development CA' || true",
        one = one.path().display(),
        other = other.path().display(),
    );
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script])
        .env("KEYWAY", KEYWAY)
        .output()
        .unwrap();
    let (code, told) = said(&output);
    assert_eq!(code, Some(0), "as root alone: {told}");
    for line in [
        "two 2\n",
        "left 1\n",
        "the other\n",
        "anew 1\nthe new\n1\n",
        "none 0\n",
        "older 1\n",
        "gone 0\n0\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert_eq!(told.matches("trusts it no more").count(), 4, "{told}");
}

#[test]
fn everybodys_names_are_permitted_to_no_ca() {
    let machine = Machine::new();
    for name in ["com", "co.uk", "*.github.io"] {
        let (code, told) = machine.run(&format!("dev ca --permit {name}"));
        assert_eq!(code, Some(2), "{told}");
        assert!(
            told.contains("strangers have their names below it"),
            "{told}"
        );
        assert!(!machine.path().join("state/dev/ca.pem").exists());
    }
    let (code, told) =
        machine.run("dev ca --permit app.example.com --permit corp --permit home.arpa");
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = machine.run("dev cert com");
    assert!(code == Some(2) && !told.contains("--permit com"), "{told}");
}

#[test]
fn a_service_keeps_its_state_where_its_manager_has_given_it_a_folder() {
    let machine = Machine::new();
    let (given, named) = (machine.path().join("given"), machine.path().join("named"));
    let make = |named: Option<&Path>| {
        let mut command = at_the_moment(KEYWAY);
        command
            .args(["dev", "ca"])
            .env_remove("KEYWAY_STATE")
            .env("HOME", machine.path())
            .env("STATE_DIRECTORY", format!("{}:/nowhere", given.display()));
        if let Some(named) = named {
            command.env("KEYWAY_STATE", named);
        }
        let (code, told) = said(&started(&mut command));
        assert_eq!(code, Some(0), "{told}");
    };
    make(Some(&named));
    assert!(named.join("dev/ca.pem").is_file() && !given.exists());
    make(None);
    assert!(given.join("dev/ca.pem").is_file());
    assert!(!machine.path().join(".local").exists());
}

/// The same machine, by another clock.
fn run_at(machine: &Machine, clock: &str, arguments: &str) -> (Option<i32>, String) {
    let mut command = Command::new("faketime");
    command
        .env("TZ", "UTC")
        .args(["-f", clock, KEYWAY])
        .current_dir(machine.path())
        .env("KEYWAY_STATE", machine.path().join("state"))
        .env("HOME", machine.path());
    said(&started(command.args(arguments.split_whitespace())))
}

#[test]
fn a_clock_that_jumps_beyond_the_end_of_the_ca_costs_neither_its_key_nor_what_it_may_vouch_for() {
    let machine = Machine::new();
    let (code, told) = machine.run("dev ca --permit my.example.org --permit 192.0.2.7");
    assert_eq!(code, Some(0), "{told}");
    let before = fs::read_to_string(machine.ca()).unwrap();
    let make = "dev cert a.my.example.org 192.0.2.7 --out";
    let (code, told) = run_at(&machine, "@2032-11-23 00:00:00", &format!("{make} later"));
    assert_eq!(code, Some(0), "{told}");
    assert_ne!(fs::read_to_string(machine.ca()).unwrap(), before);
    // By the clock of before the CA of before is there, with its key.
    let (code, told) = machine.run(&format!("{make} again"));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("is used again"), "{told}");
    assert_eq!(fs::read_to_string(machine.ca()).unwrap(), before);
    assert_eq!(mode(&machine.path().join("state/dev/ca.key")), 0o600);
    let kept = fs::read_dir(machine.path().join("state/dev/former")).unwrap();
    let kept: Vec<_> = kept.map(|kept| kept.unwrap().path()).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter()
            .all(|path| path.extension() != Some("key".as_ref()) || mode(path) == 0o600)
    );
    // Who asks for another one wants that of before no more.
    let (code, told) = machine.run("dev ca --anew");
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = machine.run(&format!("{make} none"));
    assert_eq!(code, Some(2), "{told}");
}
