//! What a configuration of nginx includes is read from where it lies, and told where it cannot be.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use stage::Stage;
use stage::service::keyway;

/// Writes files below the stage's folder.
fn written(stage: &Stage, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = stage.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A server with TLS that includes what is named.
fn including(named: &str) -> String {
    format!(
        "server {{ listen 443 ssl; server_name www.example.com; ssl_certificate /a; ssl_certificate_key /a;\n location / {{ \
         include {named};\n proxy_pass http://127.0.0.1:1; }} }}\n"
    )
}

#[test]
fn what_nginx_includes_is_read_from_its_own_folder_and_its_paths_count_from_there() {
    let stage = Stage::new();
    let server = "server { listen 443 ssl; server_name www.example.com; include snippets/*.conf;\n location / { proxy_pass \
                  http://127.0.0.1:1; } }\n";
    let files = [
        ("n/nginx.conf", "http {\n include sites/*;\n}\n"),
        ("n/sites/a", server),
        ("n/sites/.hidden", "deny all;"),
        (
            "n/snippets/a.conf",
            "ssl_certificate certs/a.pem;\nssl_certificate_key certs/a.key;\n",
        ),
        ("n/snippets/b.conf", "\ndeny 10.0.0.1;\n"),
    ];
    written(&stage, &files);
    let whole = |name: &str| stage.path().join(name).to_string_lossy().into_owned();
    for file in ["n/nginx.conf", "n/sites/a"] {
        let run = keyway(&stage, &format!("config import {file} --from nginx"));
        assert_eq!(run.code, Some(1), "{}", run.said());
        let certificate = format!("certificate = \"{}\"", whole("n/certs/a.pem"));
        assert!(run.stdout.contains(&certificate), "{}", run.said());
        let told = format!("`{}: deny 10.0.0.1` in line 2", whole("n/snippets/b.conf"));
        assert!(run.stderr.contains(&told), "{}", run.said());
        assert!(!run.stderr.contains("deny all"), "{}", run.said());
    }
    // What is not there is an error in the server that includes it.
    std::fs::write(whole("n/sites/a"), server.replace("*.conf", "c.conf")).unwrap();
    let run = keyway(&stage, "config import n/nginx.conf --from nginx");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stderr.contains("config.include-left-behind"),
        "{}",
        run.said()
    );
}

#[test]
fn what_a_pattern_of_nginx_names_is_read_or_told_as_missing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let stage = Stage::new();
    written(
        &stage,
        &[
            ("n/snippets/none", ""),
            ("n/classes/a.conf", "deny all;"),
            ("n/stars/a*b.conf", "deny all;"),
        ],
    );
    let latin = stage.path().join("n/latin");
    std::fs::create_dir_all(&latin).unwrap();
    std::fs::write(latin.join(OsStr::from_bytes(b"caf\xe9.conf")), "deny all;").unwrap();
    let links = stage.path().join("n/links");
    std::fs::create_dir_all(&links).unwrap();
    std::os::unix::fs::symlink("/nonexistent/a", links.join("a.conf")).unwrap();
    for (named, told) in [
        // As after a copy to another machine: the folder is not there.
        ("gone/auth*.conf", Some("config.include-left-behind")),
        ("gone/*/auth.conf", Some("config.include-left-behind")),
        ("links/*.conf", Some("config.include-left-behind")),
        ("latin/*.conf", Some("config.guard-left-behind")),
        (
            "classes/[[:alpha:]]*.conf",
            Some("config.guard-left-behind"),
        ),
        (r"stars/a\*b.conf", Some("config.guard-left-behind")),
        ("snippets/auth*.conf", None),
        ("*/gone/*.conf", None),
    ] {
        written(&stage, &[("n/nginx.conf", &including(named))]);
        let run = keyway(&stage, "config import n/nginx.conf --from nginx");
        assert_eq!(
            run.code,
            Some(i32::from(told.is_some())),
            "{named}: {}",
            run.said()
        );
        assert!(
            run.stderr.contains(told.unwrap_or_default()),
            "{named}: {}",
            run.said()
        );
    }
}

#[test]
fn a_folder_of_more_files_than_are_looked_through_is_told_as_a_whole() {
    let stage = Stage::new();
    written(
        &stage,
        &[
            ("n/nginx.conf", &including("many/*.conf")),
            ("n/many/z.conf", "deny all;"),
        ],
    );
    for number in 0..10_000 {
        std::fs::File::create(stage.path().join(format!("n/many/{number}.bak"))).unwrap();
    }
    let run = keyway(&stage, "config import n/nginx.conf --from nginx");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stderr.contains("config.include-left-behind"),
        "{}",
        run.said()
    );
    std::fs::remove_file(stage.path().join("n/many/0.bak")).unwrap();
    let run = keyway(&stage, "config import n/nginx.conf --from nginx");
    assert!(
        run.stderr.contains("config.guard-left-behind"),
        "{}",
        run.said()
    );
}

#[test]
fn what_stands_around_a_file_that_nginx_includes_counts_for_it() {
    let stage = Stage::new();
    let main = "gzip on;\nhttp {\n sendfile on;\n deny all; ssl_protocols TLSv1.3;\n include conf.d/*.conf;\n include sites/*;\n}";
    let site = "server { listen 443 ssl; server_name www.example.com; ssl_certificate /a; ssl_certificate_key /a;\n location / \
                { proxy_pass http://app; } }\n";
    let other = "server { listen 443 ssl; server_name other.example.com; ssl_certificate /a; ssl_certificate_key /a;\n \
                 location / { deny 10.0.0.1; proxy_pass http://127.0.0.1:9; } }\n";
    written(
        &stage,
        &[
            ("n/nginx.conf", main),
            (
                "n/conf.d/up.conf",
                "upstream app { server 127.0.0.1:7; }\nupstream x { server 127.0.0.1:8; }\n",
            ),
            ("n/available/a", site),
            ("n/sites/b", other),
        ],
    );
    std::fs::create_dir_all(stage.path().join("n/sites")).unwrap();
    std::os::unix::fs::symlink(
        stage.path().join("n/available/a"),
        stage.path().join("n/sites/a"),
    )
    .unwrap();
    for file in ["n/available/a", "n/sites/a"] {
        let run = keyway(&stage, &format!("config import {file} --from nginx"));
        assert_eq!(run.code, Some(1), "{}", run.said());
        let guard = format!(
            "`{}: deny all` in line 4",
            stage.path().join("n/nginx.conf").display()
        );
        assert!(run.stderr.contains(&guard), "{}", run.said());
        assert!(
            run.stdout.contains("upstream = \"http://127.0.0.1:7\""),
            "{}",
            run.said()
        );
        assert!(
            run.stdout.contains("profile = \"modern\""),
            "{}",
            run.said()
        );
        // Nothing of others, and nothing that is for no server.
        for other in [
            "other.example.com",
            "10.0.0.1",
            "sendfile",
            "gzip",
            "127.0.0.1:8",
            "includes this file",
        ] {
            assert!(!run.said().contains(other), "{other}: {}", run.said());
        }
    }
    // Another one that stands before it, or says so, answers for these.
    std::fs::rename(
        stage.path().join("n/sites/a"),
        stage.path().join("n/sites/c"),
    )
    .unwrap();
    let run = keyway(&stage, "config import n/available/a --from nginx");
    assert!(
        !run.stdout.contains("default_certificate"),
        "{}",
        run.said()
    );
    assert!(
        !run.stderr.contains("server for all other hosts"),
        "{}",
        run.said()
    );
    std::fs::remove_file(stage.path().join("n/sites/b")).unwrap();
    let run = keyway(&stage, "config import n/available/a --from nginx");
    assert!(
        run.stdout.contains("default_certificate = true"),
        "{}",
        run.said()
    );
    // Where another one has all of its names before it, it is asked by nobody.
    std::fs::write(stage.path().join("n/sites/a"), site).unwrap();
    let run = keyway(&stage, "config import n/sites/c --from nginx");
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(
        run.stderr.contains("have all of its names before it"),
        "{}",
        run.said()
    );
    std::fs::remove_file(stage.path().join("n/sites/a")).unwrap();
    // Where nothing includes it, nobody knows what holds.
    std::fs::remove_file(stage.path().join("n/sites/c")).unwrap();
    let run = keyway(&stage, "config import n/available/a --from nginx");
    let told = format!(
        "where {} includes this file",
        stage.path().join("n/nginx.conf").display()
    );
    assert!(run.stderr.contains(&told), "{}", run.said());
    let run = keyway(&stage, "config import n/nginx.conf --from nginx");
    assert!(!run.stderr.contains("includes this file"), "{}", run.said());
}

#[cfg(target_os = "linux")]
#[test]
fn more_than_is_read_of_a_text_is_not_even_looked_into() {
    const SHELL: &str = "ulimit -v 1000000 && exec \"$0\" \"$@\"";
    let stage = Stage::new();
    written(
        &stage,
        &[
            ("nginx.conf", &including("s/*.conf")),
            ("s/deny.conf", "deny all;"),
        ],
    );
    for number in 0..200 {
        let file = std::fs::File::create(stage.path().join(format!("s/{number}.conf"))).unwrap();
        file.set_len(10 << 20).unwrap();
    }
    let keyway = stage.command();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", SHELL]).arg(keyway.get_program());
    command.current_dir(keyway.get_current_dir().unwrap());
    command.args(["config", "import", "nginx.conf", "--from", "nginx"]);
    let run = command.output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("config.include-left-behind"), "{said}");
}
