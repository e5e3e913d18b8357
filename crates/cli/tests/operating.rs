//! What surrounds `keyway serve`: its manager, other servers that stand in for it, and who looks into its traffic.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use keyway_testkit::own_port;
use serving::{Serving, backend, curl, plain, service_file, session, until};
use stage::Stage;

/// A manager's ear: what it is told, word for word.
struct Manager(UnixDatagram);

impl Manager {
    fn at(stage: &Stage) -> Self {
        let socket = UnixDatagram::bind(stage.path().join("notify")).unwrap();
        let patience = Some(Duration::from_secs(30));
        socket.set_read_timeout(patience).unwrap();
        Self(socket)
    }

    fn hears(&self) -> String {
        let mut message = [0; 4096];
        let length = self.0.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    }
}

#[test]
fn a_manager_that_watches_hears_again_and_again_that_somebody_is_there() {
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let manager = Manager::at(&stage);
    let mut command = stage.command();
    command
        .env("NOTIFY_SOCKET", stage.path().join("notify"))
        .env("WATCHDOG_USEC", "200000");
    let _serving = Serving::start_by(command, "");
    assert!(manager.hears().starts_with("READY=1"));
    for _ in 0..3 {
        assert_eq!(manager.hears().trim_end(), "WATCHDOG=1");
    }
}

#[test]
fn a_manager_is_told_of_the_beginning_of_reloads_and_of_the_end() {
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let manager = Manager::at(&stage);
    let mut command = stage.command();
    command.env("NOTIFY_SOCKET", stage.path().join("notify"));
    let serving = Serving::start_by(command, "");
    let begun = manager.hears();
    assert!(
        begun.starts_with("READY=1\nSTATUS=serving www.example.com"),
        "{begun}"
    );
    serving.signal("HUP");
    let reloading = manager.hears();
    assert!(
        reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="),
        "{reloading}"
    );
    let ready = manager.hears();
    assert!(
        ready.starts_with("READY=1\nSTATUS=serving www.example.com"),
        "{ready}"
    );
    stage.write("keyway.toml", "nonsense");
    serving.signal("HUP");
    manager.hears();
    let refused = manager.hears();
    assert!(
        refused.contains("READY=1\n") && refused.contains("keyway.toml"),
        "{refused}"
    );
    let (code, _) = serving.end();
    assert_eq!(code, Some(0));
    assert!(manager.hears().starts_with("STOPPING=1"));
}

#[test]
fn a_session_is_taken_up_by_another_server_with_the_same_ticket_key() {
    let stage = Stage::new();
    let random: Vec<u8> = (0_u8..48).map(|byte| byte.wrapping_mul(37)).collect();
    fs::write(stage.path().join("ticket.key"), random).unwrap();
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(stage.path().join("ticket.key"), private).unwrap();
    let file = |port: u16| {
        let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
        let text = format!("{text}ticket_keys = \"ticket.key\"\n");
        stage.write(&format!("{port}.toml"), &text);
        format!("{port}.toml")
    };
    let upstream = backend("hello");
    let one = service_file(&stage, &upstream, "");
    let first = Serving::start(&stage, &file(one));
    let other = service_file(&stage, &upstream, "");
    let _second = Serving::start(&stage, &file(other));
    let kept = stage.path().join("session.pem");
    let kept = kept.to_str().unwrap();
    let new = session(&stage, one, "-sess_out", kept);
    assert!(new.contains("New, TLSv1.3"), "{new}");
    let again = session(&stage, other, "-sess_in", kept);
    assert!(again.contains("Reused, TLSv1.3"), "{again}");

    fs::write(stage.path().join("ticket.key"), b"too short").unwrap();
    first.wait_for("9 bytes are no ticket key");
}

#[test]
fn secrets_are_written_down_only_where_that_is_asked_for_and_for_nobody_else_to_read() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "--unsafe-keylog secrets.txt");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    let path = stage.path().join("secrets.txt");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("SERVER_TRAFFIC_SECRET_0 "), "{text}");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    drop(serving);
    stage.write("open.txt", "");
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(stage.path().join("open.txt"), open).unwrap();
    let trust = stage::service::trust();
    let run = stage.run(&format!("serve --unsafe-keylog open.txt {trust}"));
    assert!(run.stderr.contains("others may read it"), "{}", run.said());
    let run = stage.run(&format!("serve --check --unsafe-keylog unmade.txt {trust}"));
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert!(!stage.path().join("unmade.txt").exists());
    let quiet = Serving::start(&stage, "");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    drop(quiet);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// Lets everybody into the folder of a stage, and read its files.
#[cfg(target_os = "linux")]
fn open_to_all(stage: &Stage) {
    let open = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(stage.path(), open(0o755)).unwrap();
    for file in ["keyway.toml", "fullchain.pem", "key.pem", "root.pem"] {
        fs::set_permissions(stage.path().join(file), open(0o644)).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_became_another_user_has_no_way_back_and_reads_its_files_again() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    open_to_all(&stage);
    let serve = format!("serve --user nobody {}", stage::service::trust());
    if !nix::unistd::geteuid().is_root() {
        // What can be seen then: nobody else becomes anybody.
        let refused = stage.run(&serve);
        assert_eq!(refused.code, Some(2));
        let told = "--user nobody: only root becomes another user";
        assert!(refused.stderr.contains(told), "{}", refused.said());
        return;
    }
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    let serving = Serving::start(&stage, "--user nobody");
    assert_eq!(serving.status("Uid"), vec![nobody.uid.to_string(); 4]);
    assert_eq!(serving.status("Gid"), vec![nobody.gid.to_string(); 4]);
    assert!(!serving.status("Groups").contains(&"0".to_owned()));
    for kind in ["CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(serving.status(kind), ["0000000000000000"], "{kind}");
    }
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    let new = keyway_testkit::Chain::with_leaf(|leaf| leaf.key(keyway_testkit::KeyKind::P384));
    stage.write("fullchain.pem", &new.fullchain_pem());
    stage.write("key.pem", &new.key_pem());
    serving.wait_for("reloaded: serving www.example.com");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");

    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(stage.path().join("key.pem"), private).unwrap();
    serving.wait_for("cannot read key.pem");
    for check in ["", " --check"] {
        let refused = stage.run(&format!("{serve}{check}"));
        assert_eq!(refused.code, Some(2));
        let told = "nobody may not read what it would have to read again:\nkey.pem: ";
        assert!(refused.stderr.contains(told), "{}", refused.said());
    }
    for (user, told) in [
        ("root", "root has every right"),
        ("no-such-user", "there is no user \"no-such-user\""),
        ("4200000000", "say a group with it"),
        (
            "nobody:no-such-group",
            "there is no group \"no-such-group\"",
        ),
    ] {
        let refused = stage.run(&serve.replace("nobody", user));
        assert_eq!(refused.code, Some(2));
        assert!(refused.stderr.contains(told), "{}", refused.said());
    }
}

/// Whether the kernel of this machine has Landlock: it makes a set of rules, which nobody is kept to.
#[cfg(target_os = "linux")]
fn has_landlock() -> bool {
    use landlock::{AccessFs, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _};
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let ruleset = ruleset.handle_access(AccessFs::ReadFile);
    ruleset.and_then(Ruleset::create).is_ok()
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_in_its_sandbox_says_what_to_do_about_a_folder_that_was_replaced() {
    if !has_landlock() {
        return;
    }
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let at = |name: &str| stage.path().join(name);
    let fill = |folder: &str| {
        fs::create_dir(at(folder)).unwrap();
        for file in ["fullchain.pem", "key.pem"] {
            fs::copy(at(file), at(folder).join(file)).unwrap();
        }
    };
    // The service file is elsewhere, so that this folder stands for itself.
    fill("tls");
    let folder = at("tls").canonicalize().unwrap();
    let text = fs::read_to_string(at("keyway.toml")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let service = elsewhere.path().join("keyway.toml");
    let text = text.replace("\"fullchain", &format!("\"{}/fullchain", folder.display()));
    let text = text.replace("\"key.pem", &format!("\"{}/key.pem", folder.display()));
    fs::write(&service, text).unwrap();
    let roots = tempfile::tempdir().unwrap();
    fs::copy(at("root.pem"), roots.path().join("root.pem")).unwrap();
    let mut command = Command::new(stage.command().get_program());
    command.current_dir(roots.path());
    let serving = Serving::start_by(command, service.to_str().unwrap());
    serving.wait_for("; writes nothing; starts nothing");
    fill("new");
    fs::rename(at("tls"), at("old")).unwrap();
    fs::rename(at("new"), at("tls")).unwrap();
    serving.wait_for("not reloaded");
    serving.wait_for(&format!("and {} was replaced", folder.display()));
    serving.wait_for("Start it anew to serve from there too, or with --no-sandbox");
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_in_its_sandbox_reads_its_own_folders_and_says_what_it_is_kept_from() {
    let (stage, elsewhere) = (Stage::new(), Stage::new());
    let port = service_file(&stage, &backend("hello"), "");
    let own = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let folder = |stage: &Stage| {
        let folder = stage.path().canonicalize().unwrap();
        folder.to_str().unwrap().to_owned()
    };
    let outside = format!("{}/fullchain.pem", folder(&elsewhere));
    let moved = own.replace("fullchain.pem", &outside);
    let program = format!("{own}password = {{ command = [\"/bin/true\"] }}\n");

    let serving = Serving::start(&stage, "");
    if has_landlock() {
        serving.wait_for("sandbox: reads /etc, ");
        serving.wait_for(&folder(&stage));
        serving.wait_for("; writes nothing; starts nothing");
        assert_eq!(serving.status("NoNewPrivs"), ["1"]);
        stage.write("keyway.toml", &moved);
        serving.wait_for("not reloaded");
        serving.wait_for(&format!("the sandbox keeps {outside} out: since its start"));
        stage.write("keyway.toml", &program);
        serving.wait_for("not reloaded");
        serving.wait_for("the sandbox lets this server start no program");
    } else {
        serving.wait_for("no sandbox: this system has no Landlock");
    }
    stage.write("keyway.toml", &own);
    serving.wait_for("reloaded: ");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    drop(serving);

    let free = Serving::start(&stage, "--no-sandbox");
    free.wait_for("no sandbox: --no-sandbox");
    stage.write("keyway.toml", &moved);
    free.wait_for("reloaded: ");
    drop(free);
    // Whose password comes from a program is not kept from starting it.
    stage.write("keyway.toml", &program);
    let started = Serving::start(&stage, "");
    started.wait_for("no sandbox: a password's `command` has to be started");
}

#[test]
fn what_was_refused_is_read_again_though_no_file_that_is_followed_changes() {
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let own = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let said = stage.write("said", "secret");
    let asking = format!(
        "{own}password = {{ command = [\"/bin/cat\", \"{}\"] }}\n",
        said.display()
    );
    stage.write("keyway.toml", &asking);
    let serving = Serving::start(&stage, "");
    fs::remove_file(&said).unwrap();
    serving.signal("HUP");
    serving.wait_for("not reloaded");
    stage.write("said", "secret");
    serving.wait_for("reloaded: ");
}

#[test]
fn files_are_left_for_metrics_and_reloads_when_as_many_clients_come_as_there_is_room_for() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let metrics = own_port();
    let mut command = Command::new("prlimit");
    command.current_dir(stage.path()).arg("--nofile=120");
    command.arg(stage.command().get_program());
    let serving = Serving::start_by(command, &format!("--metrics 127.0.0.1:{metrics}"));
    let idle: Vec<_> = (0..100)
        .map(|_| std::net::TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    serving.wait_for("limits.connections");
    let told = plain(metrics, "/metrics");
    assert!(told.contains("keyway_connections 28"), "{told}");
    serving.signal("HUP");
    serving.wait_for("reloaded: ");
    drop(idle);
    assert!(until(
        || plain(metrics, "/metrics").contains("keyway_connections 0")
    ));
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
}
