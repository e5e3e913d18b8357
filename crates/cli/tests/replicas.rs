//! Replicas that share a managed certificate: one renews, all serve it; who is killed in the middle is followed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use keyway_testkit::pebble::{HTTP_PORT, Pebble, Running, TLS_PORT};
use renewing::{HOST, KEYWAY, said, serial};
use serving::{Serving, until};
use tempfile::TempDir;

/// What replicas share: a CA, and the variables that say where the store is.
struct Shared {
    pebble: Running,
    store: Vec<(String, String)>,
    folder: TempDir,
}

impl Shared {
    fn at(pebble: &Pebble, address: &str, settings: &[(&str, String)]) -> Self {
        // Orders are counted.
        let pebble = pebble.clone().refusing_nonces(0).start();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("roots.pem"), pebble.issuing_root(0)).unwrap();
        let mut store = vec![("KEYWAY_STORE".to_owned(), address.to_owned())];
        let settings = settings.iter();
        store.extend(settings.map(|(name, value)| ((*name).to_owned(), value.clone())));
        Self {
            pebble,
            store,
            folder,
        }
    }

    /// In a folder beside those of the replicas.
    fn in_a_folder(pebble: &Pebble) -> Self {
        let mut shared = Self::at(pebble, "", &[]);
        let store = shared.folder.path().join("store");
        fs::create_dir(&store).unwrap();
        shared.store[0].1 = format!("file://{}", store.display());
        shared
    }

    /// How many certificates the CA has given out.
    fn issued(&self) -> usize {
        self.pebble
            .log()
            .matches("Issued certificate serial")
            .count()
    }

    /// How many orders the CA was asked for.
    fn orders(&self) -> usize {
        self.pebble.log().matches("POST /order-plz").count()
    }

    fn accounts(&self) -> bool {
        self.pebble.log().contains("There are now 2 accounts")
    }
}

/// One of them, with a folder of its own.
struct Replica<'a> {
    shared: &'a Shared,
    folder: PathBuf,
    port: u16,
}

impl<'a> Replica<'a> {
    /// A service file like the others', but for where it listens; `acme` stands in `[tls.acme]`.
    fn new(shared: &'a Shared, number: u16, acme: &str) -> Self {
        let folder = shared.folder.path().join(number.to_string());
        fs::create_dir(&folder).unwrap();
        let (ip, port) = (shared.pebble.ip, 8440 + number);
        let text = format!(
            "host = \"{HOST}\"\nupstream = \"http://127.0.0.1:1\"\nlisten = \"{ip}:{port}\"\n\n[tls]\nstatus = \"auto\"\n\
             issuer = \"{}\"\n\n[dns]\nresolvers = \"{}\"\n\n[tls.acme]\nroots = \"{}\"\nhttp = \"{ip}:{HTTP_PORT}\"\n\
             tls = \"{ip}:{TLS_PORT}\"\n{acme}\n",
            shared.pebble.directory(),
            shared.pebble.names(),
            shared.pebble.root().display(),
        );
        fs::write(folder.join("keyway.toml"), text).unwrap();
        Self {
            shared,
            folder,
            port,
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env("KEYWAY_STATE", self.folder.join("state"))
            .envs(self.shared.store.iter().cloned());
        command
    }

    fn keyway(&self, arguments: &str) -> Command {
        let mut command = self.command(KEYWAY);
        command
            .args(arguments.split_whitespace())
            .args(["--profile", "private", "--roots"])
            .arg(self.shared.folder.path().join("roots.pem"));
        command
    }

    fn renew(&self, more: &str) -> (Option<i32>, String) {
        said(&self.keyway(&format!("renew {more}")).output().unwrap())
    }

    fn chain(&self) -> PathBuf {
        let pairs = self.folder.join("state/certificates");
        pairs.join(HOST).join("current/fullchain.pem")
    }

    fn serial(&self) -> String {
        serial(&self.chain())
    }

    /// The serial number of what it serves.
    fn served(&self) -> Option<String> {
        let place = format!("{}:{}", self.shared.pebble.ip, self.port);
        let mut openssl = Command::new("openssl");
        openssl
            .args(["s_client", "-servername", HOST, "-connect", &place])
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let shown = openssl.output().unwrap().stdout;
        let file = self.folder.join("served.pem");
        fs::write(&file, &shown).unwrap();
        let is_shown = String::from_utf8_lossy(&shown).contains("-----BEGIN CERTIFICATE-----");
        is_shown.then(|| serial(&file))
    }

    /// A renewal that is killed when the CA is about to look.
    fn begin(&self, more: &str) -> Child {
        let child = self.keyway(&format!("renew {more}")).spawn().unwrap();
        let shown = self.folder.join("shown");
        assert!(until(|| shown.exists()), "nothing is shown");
        child
    }
}

/// A hook that shows, and then never comes to an end.
const ENDLESS: &str =
    "challenges = [\"dns-01\"]\nhook = [\"sh\", \"-c\", \"touch shown; exec sleep 300\"]";

/// All that replicas are to show, at one store.
fn three_serve_and_one_renews(shared: &Shared) {
    let replicas = [1, 2, 3].map(|number| Replica::new(shared, number, ""));
    let started = replicas.each_ref().map(|replica| {
        let arguments = "serve --threads 1";
        replica.keyway(arguments)
    });
    let serving = std::thread::scope(|scope| {
        let started = started.map(|command| scope.spawn(|| Serving::run(command)));
        started.map(|started| started.join().unwrap())
    });
    let served = || replicas.each_ref().map(Replica::served);
    let agreed = || match served() {
        [Some(one), Some(two), Some(three)] if one == two && two == three => Some(one),
        _ => None,
    };
    assert!(until(|| agreed().is_some()), "{:?}", served());
    let first = agreed().unwrap();
    assert_eq!(shared.issued(), 1, "one ordered for all");
    let is_renewed = || agreed().is_some_and(|serial| serial != first);
    assert!(until(is_renewed), "{:?}", served());
    assert_eq!(shared.issued(), 2, "one renewed for all");
    assert!(!shared.accounts(), "one account is everybody's");
    for (serving, replica) in serving.into_iter().zip(&replicas) {
        serving.end();
        let key = replica.chain().with_file_name("key.pem");
        assert_eq!(mode(&key), 0o600);
    }
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// Who is killed in the middle is followed by another, with the same order; `later` is how it is run.
fn one_is_killed_and_another_finishes(shared: &Shared, later: &[&str]) {
    let first = Replica::new(shared, 1, ENDLESS);
    let mut killed = first.begin("");
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!((shared.issued(), shared.orders()), (0, 1));
    let second = Replica::new(shared, 2, "");
    let mut finishing = second.command(later.first().copied().unwrap_or(KEYWAY));
    if let Some((_, more)) = later.split_first() {
        finishing.args(more).arg(KEYWAY);
    }
    finishing
        .args(["renew", "--no-preflight", "--profile", "private", "--roots"])
        .arg(shared.folder.path().join("roots.pem"));
    let (code, text) = said(&finishing.output().unwrap());
    assert_eq!(code, Some(0), "{text}");
    assert_eq!((shared.issued(), shared.orders()), (1, 1), "the same order");
    assert!(!shared.accounts(), "the same account");
    // And all others have it without asking.
    let third = Replica::new(shared, 3, "");
    let (code, text) = third.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("fetched from") && text.contains("kept"),
        "{text}"
    );
    assert_eq!(third.serial(), second.serial());
    assert_eq!(shared.issued(), 1);
}

#[test]
fn three_replicas_of_a_folder_serve_what_one_of_them_renewed() {
    three_serve_and_one_renews(&Shared::in_a_folder(&Pebble::default().valid_for(20)));
}

#[test]
fn a_replica_that_is_killed_is_followed_at_once_where_a_lock_tells() {
    one_is_killed_and_another_finishes(&Shared::in_a_folder(&Pebble::default()), &[]);
}

#[test]
fn what_is_good_here_becomes_everybodys_where_the_store_has_nothing() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let first = Replica::new(&shared, 1, "");
    let alone = |replica: &Replica<'_>| {
        let mut command = replica.keyway("renew");
        said(&command.env_remove("KEYWAY_STORE").output().unwrap())
    };
    let (code, text) = alone(&first);
    assert_eq!(code, Some(0), "{text}");
    // Once the CA has said when it wants it to be renewed, nobody asks it again for hours.
    let (code, text) = alone(&first);
    assert!(code == Some(0) && text.contains("kept"), "{text}");
    for is_new in [true, false] {
        let (code, text) = first.renew("");
        assert!(code == Some(0) && text.contains("kept"), "{text}");
        assert_eq!(text.contains("brought to file:///"), is_new, "{text}");
    }
    let second = Replica::new(&shared, 2, "");
    let (code, text) = second.renew("");
    assert_eq!(code, Some(0), "{text}");
    assert_eq!((second.serial(), shared.issued()), (first.serial(), 1));
}

#[test]
fn replicas_whose_files_differ_do_not_take_turns() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let first = Replica::new(&shared, 1, "");
    let second = Replica::new(&shared, 2, "");
    let file = second.folder.join("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let both = format!("host = [\"{HOST}\", \"example.com\"]");
    fs::write(&file, text.replace(&format!("host = \"{HOST}\""), &both)).unwrap();
    for _ in 0..2 {
        for replica in [&first, &second] {
            let (code, text) = replica.renew("");
            assert_eq!(code, Some(0), "{text}");
        }
    }
    assert_eq!(shared.issued(), 2);
}

/// A replica that begins when the file names one host more, which cannot be shown, serves what the others do.
fn one_that_begins_serves_what_there_is_of_before(shared: &mut Shared) {
    let hosts = |replica: &Replica<'_>, hosts: &str| {
        let file = replica.folder.join("keyway.toml");
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(|line| match line.strip_prefix("host = ") {
            Some(_) => format!("host = [{hosts}]\n"),
            None => format!("{line}\n"),
        });
        fs::write(&file, lines.collect::<String>()).unwrap();
    };
    {
        let first = Replica::new(shared, 1, "");
        hosts(&first, "\"www.example.com\", \"b.example.com\"");
        let (code, text) = first.renew("");
        assert_eq!(code, Some(0), "{text}");
        // Another service's is no matter of it.
        let other = Replica::new(shared, 2, "");
        hosts(&other, "\"other.example.com\"");
        let (code, text) = other.renew("");
        assert_eq!(code, Some(0), "{text}");
    }
    shared.pebble.end();
    let next = Replica::new(shared, 3, "");
    hosts(
        &next,
        "\"new.example.com\", \"www.example.com\", \"b.example.com\"",
    );
    let orders = shared.orders();
    for begins in ["serve --threads 1", "up keyway.toml"] {
        drop(fs::remove_dir_all(next.folder.join("state")));
        let mut begun = next.keyway(begins);
        begun.stdout(Stdio::piped()).stderr(Stdio::piped());
        let serving = Serving::begin(begun);
        serving.wait_for("new.example.com is not served yet");
        serving.wait_for("serving www.example.com and 1 more");
        serving.end();
    }
    assert_eq!(shared.orders(), orders);
}

#[test]
fn a_replica_that_begins_serves_what_the_store_has_for_some_of_its_hosts() {
    let mut shared = Shared::in_a_folder(&Pebble::default());
    one_that_begins_serves_what_there_is_of_before(&mut shared);
}

#[test]
fn what_a_replica_serves_of_another_kind_meanwhile_does_not_become_what_was_asked_for() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let first = Replica::new(&shared, 1, "");
    assert_eq!(first.renew("").0, Some(0));
    let next = Replica::new(&shared, 2, "chain = \"Pebble Root\"");
    let file = next.folder.join("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    // The CA is not come to, as nobody vouches for its server.
    let roots = shared.pebble.root().display().to_string();
    fs::write(&file, text.replace(&roots, "../roots.pem")).unwrap();
    for _ in 0..2 {
        let (code, told) = next.renew("");
        assert!(code == Some(2) && told.contains("UnknownIssuer"), "{told}");
        assert_eq!(next.serial(), first.serial());
    }
    fs::write(&file, &text).unwrap();
    let (code, told) = next.renew("");
    assert!(code == Some(0) && !told.contains("brought"), "{told}");
    assert_ne!(next.serial(), first.serial());
    assert_eq!(shared.issued(), 2);
}

#[test]
fn a_replica_that_begins_with_what_nobody_trusts_asks_at_each_start() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let other = Pebble::default().start();
    let others = shared.folder.path().join("others.pem");
    fs::write(&others, other.issuing_root(0)).unwrap();
    let [first, next] = [1, 2].map(|number| Replica::new(&shared, number, ""));
    let file = |replica: &Replica<'_>| replica.folder.join("keyway.toml");
    let text = fs::read_to_string(file(&first)).unwrap();
    let roots = |running: &Running| running.root().display().to_string();
    let own = roots(&shared.pebble);
    let elsewhere = text
        .replace(&shared.pebble.directory(), &other.directory())
        .replace(
            &shared.pebble.names().to_string(),
            &other.names().to_string(),
        )
        .replace(&own, &roots(&other))
        .replace(&shared.pebble.ip.to_string(), &other.ip.to_string());
    fs::write(file(&first), elsewhere).unwrap();
    let (code, told) = first.renew(&format!("--roots {}", others.display()));
    assert_eq!(code, Some(0), "{told}");
    let text = fs::read_to_string(file(&next)).unwrap();
    fs::write(file(&next), text.replace(&own, "../others.pem")).unwrap();
    for _ in 0..2 {
        let (code, told) = said(&next.keyway("serve --threads 1").output().unwrap());
        assert!(code == Some(1) && told.contains("UnknownIssuer"), "{told}");
    }
    assert_eq!(next.serial(), first.serial());
    fs::write(file(&next), text).unwrap();
    let mut serve = next.keyway("serve --threads 1");
    serve.stdout(Stdio::piped()).stderr(Stdio::piped());
    let serving = Serving::begin(serve);
    serving.wait_for("serving www.example.com");
    assert_ne!(next.serial(), first.serial());
    serving.end();
}

#[test]
fn two_services_do_not_take_turns_in_one_state_folder_that_has_copies() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let replica = Replica::new(&shared, 1, "");
    assert_eq!(replica.renew("").0, Some(0));
    let first = replica.serial();
    let text = fs::read_to_string(replica.folder.join("keyway.toml")).unwrap();
    let both = format!("host = [\"{HOST}\", \"example.com\"]");
    let other = text.replace(&format!("host = \"{HOST}\""), &both);
    fs::write(replica.folder.join("other.toml"), other).unwrap();
    for more in ["", "--dry-run --force"] {
        let (code, told) = replica.renew(&format!("other.toml {more}"));
        assert_eq!(code, Some(2), "{told}");
        assert!(
            told.contains("keyway.toml has a managed certificate"),
            "{told}"
        );
    }
    assert_eq!(replica.serial(), first);
    // Where the first one is gone, the folder is the other's.
    fs::remove_file(replica.folder.join("keyway.toml")).unwrap();
    assert_eq!(replica.renew("other.toml").0, Some(0));
    assert_ne!(replica.serial(), first);
}

#[test]
fn what_is_no_store_and_what_is_not_shared_is_told() {
    let shared = Shared::in_a_folder(&Pebble::default());
    let replica = Replica::new(&shared, 1, "");
    for (address, told) in [
        ("ftp://a/b", "no such store"),
        ("file://relative", "no such store"),
        ("file:///keyway-has-no-such-folder", "no such folder"),
        #[cfg(not(feature = "object-store"))]
        ("az://certificates/a", "without object stores"),
    ] {
        let (code, text) = replica.renew(&format!("--store {address}"));
        assert!(code == Some(2) && text.contains(told), "{address}: {text}");
    }
    let file = replica.folder.join("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&shared.pebble.directory(), "local")).unwrap();
    let (code, text) = replica.renew("");
    assert!(code == Some(2) && text.contains("one machine"), "{text}");
}

/// The same at Azurite, an object store.
#[cfg(feature = "object-store")]
mod at_azurite {
    use keyway_testkit::azurite::{Azurite, CONTAINER};

    use super::*;

    fn shared(pebble: &Pebble, azurite: &Azurite) -> Shared {
        let address = format!("az://{CONTAINER}/some/prefix");
        Shared::at(pebble, &address, &azurite.settings())
    }

    #[test]
    fn three_replicas_serve_what_one_of_them_renewed() {
        let azurite = Azurite::start();
        three_serve_and_one_renews(&shared(&Pebble::default().valid_for(20), &azurite));
    }

    #[test]
    fn a_replica_that_is_killed_is_followed_when_its_lease_is_over() {
        let azurite = Azurite::start();
        let later = ["faketime", "-f", "+12m"];
        one_is_killed_and_another_finishes(&shared(&Pebble::default(), &azurite), &later);
    }

    #[test]
    fn a_replica_that_begins_serves_what_the_store_has_for_some_of_its_hosts() {
        let azurite = Azurite::start();
        one_that_begins_serves_what_there_is_of_before(&mut shared(&Pebble::default(), &azurite));
    }

    #[test]
    fn a_container_that_is_not_there_is_told_though_nothing_is_due() {
        let azurite = Azurite::empty();
        let shared = shared(&Pebble::default(), &azurite);
        let replica = Replica::new(&shared, 1, "");
        let mut alone = replica.keyway("renew");
        let (code, text) = said(&alone.env_remove("KEYWAY_STORE").output().unwrap());
        assert_eq!(code, Some(0), "{text}");
        let (code, text) = replica.renew("");
        assert!(
            code == Some(2) && text.contains("ContainerNotFound"),
            "{text}"
        );
    }

    #[test]
    fn a_store_that_is_gone_leaves_what_is_served_and_orders_nothing() {
        let azurite = Azurite::start();
        let shared = shared(&Pebble::default(), &azurite);
        let replica = Replica::new(&shared, 1, "");
        let (code, text) = replica.renew("");
        assert_eq!(code, Some(0), "{text}");
        let before = replica.serial();
        drop(azurite);
        let (code, text) = replica.renew("--force");
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("az://certificates"), "{text}");
        assert_eq!((replica.serial(), shared.issued()), (before, 1));
        let mut serve = replica.keyway("serve --threads 1");
        serve.stderr(Stdio::piped());
        let serving = Serving::run(serve);
        serving.wait_for("not renewed");
        serving.end();
    }
}

/// The same at moto, which speaks as S3 does.
#[cfg(feature = "object-store")]
mod at_s3 {
    use keyway_testkit::moto::{BUCKET, Moto};

    use super::*;

    fn shared(pebble: &Pebble, moto: &Moto) -> Shared {
        let address = format!("s3://{BUCKET}/some/prefix");
        Shared::at(pebble, &address, &moto.settings())
    }

    #[test]
    fn three_replicas_serve_what_one_of_them_renewed() {
        let moto = Moto::start();
        three_serve_and_one_renews(&shared(&Pebble::default().valid_for(20), &moto));
    }

    #[test]
    fn a_replica_that_is_killed_is_followed_when_its_lease_is_over() {
        let moto = Moto::start();
        let later = ["faketime", "-f", "+12m"];
        one_is_killed_and_another_finishes(&shared(&Pebble::default(), &moto), &later);
    }
}
