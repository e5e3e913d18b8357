//! Timers for `keyway renew`, beside servers that do not renew by themselves.

use std::path::Path;

use clap::ValueEnum as _;

use crate::arguments::{Profile, RenewArguments, Timer};

/// How often it is looked: twice a day, as Let's Encrypt recommends; of six-day certificates, no look may be far away.
const SYSTEMD: &str = "OnCalendar=*-*-* 00/12:00:00\nRandomizedDelaySec=6h\nPersistent=true";

/// Where a timer's credentials of an object store are, as it has none of who types.
const CREDENTIALS: &str = "/etc/keyway/store.env";

/// What a timer is told, for what was typed.
pub(super) fn text(timer: Timer, arguments: &RenewArguments) -> String {
    let whole = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        path.display().to_string()
    };
    let is_word = |path: &Path| {
        ["mozilla", "system", "none"]
            .iter()
            .any(|word| path == Path::new(word))
    };
    let mut words = vec![whole(&arguments.file.file)];
    let trust = &arguments.trust;
    for roots in trust
        .roots
        .iter()
        .filter(|roots| *roots != Path::new("mozilla"))
    {
        let named = if is_word(roots) {
            roots.display().to_string()
        } else {
            whole(roots)
        };
        words.extend(["--roots".to_owned(), named]);
    }
    if let Some(profile) = trust.profile.to_possible_value()
        && trust.profile != Profile::default()
    {
        words.extend(["--profile".to_owned(), profile.get_name().to_owned()]);
    }
    if let Some(address) = &arguments.store.address {
        words.extend(["--store".to_owned(), address.clone()]);
    }
    if arguments.no_preflight {
        words.push("--no-preflight".to_owned());
    }
    // All that follows is the command.
    if let Some((program, more)) = arguments.then.split_first() {
        let is_path = program.contains('/');
        let program = if is_path {
            whole(Path::new(program))
        } else {
            program.clone()
        };
        words.extend(["--then".to_owned(), program]);
        words.extend_from_slice(more);
    }
    // It runs with a search path of its own.
    let program = std::env::current_exe();
    let program = program.map_or_else(|_| "keyway".to_owned(), |path| whole(&path));
    let is_folder = |address: &String| address.starts_with("file:");
    let store = arguments.store.address.as_ref();
    let is_elsewhere = store.is_some_and(|address| !is_folder(address));
    let state = arguments.state.state.as_deref().map(whole);
    let is_at_home = |path: &&str| {
        let homes = ["/home", "/root", "/run/user"].map(Path::new);
        homes.iter().any(|home| Path::new(path).starts_with(home))
    };
    // What is written: `tls.renew` is taken out of the service file.
    let folder = store.and_then(|address| address.strip_prefix("file://"));
    let written = [state.as_deref(), folder, words.first().map(String::as_str)];
    let home = if written.iter().flatten().any(is_at_home) {
        ""
    } else {
        "ProtectHome=read-only\n"
    };
    match timer {
        Timer::Systemd => {
            let words: Vec<String> = words.iter().map(|word| escaped(word)).collect();
            // Of a `StateDirectory=`, systemd would make all root's, whoever serves from there.
            let state = state.map_or_else(
                || "Environment=KEYWAY_STATE=%S/keyway".to_owned(),
                |state| {
                    let set = escaped(&format!("KEYWAY_STATE={state}"));
                    // No variables there (systemd.exec(5)).
                    format!("Environment={}", set.replace("$$", "$"))
                },
            );
            let credentials = if is_elsewhere {
                format!(
                    "# The store's credentials, for root alone: AWS_*, AZURE_* or GOOGLE_*, one in a line.\n\
                     EnvironmentFile={CREDENTIALS}\n"
                )
            } else {
                String::new()
            };
            format!(
                "# /etc/systemd/system/keyway-renew.service\n\
                 # The state folder is to be the server's own, to whom what is made belongs: `keyway serve` has it by KEYWAY_STATE, too.\n\
                 [Unit]\nDescription=Renewal of certificates by Keyway\nWants=network-online.target\n\
                 After=network-online.target\n\n\
                 [Service]\nType=oneshot\nExecStart={} renew {}\n{state}\n{credentials}\
                 UMask=0077\nNoNewPrivileges=true\n{home}PrivateTmp=true\n\n\
                 # /etc/systemd/system/keyway-renew.timer\n\
                 [Unit]\nDescription=Renewal of certificates by Keyway, twice a day\n\n\
                 [Timer]\n{SYSTEMD}\n\n[Install]\nWantedBy=timers.target\n",
                escaped(&program).replace("$$", "$"),
                words.join(" ")
            )
        }
        Timer::Cron => {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            let state = state.map_or_else(String::new, |state| {
                format!("KEYWAY_STATE={} ", quoted(&state))
            });
            let credentials = if is_elsewhere {
                format!("set -a; . {CREDENTIALS}; ")
            } else {
                String::new()
            };
            format!(
                "17 */12 * * * sleep $(($$ \\% 3600)); {credentials}{state}{} renew {}\n",
                quoted(&program),
                words.join(" ")
            )
        }
    }
}

/// A word of a shell in a line of cron, where % ends the command (crontab(5)).
fn quoted(text: &str) -> String {
    let text = text.replace('\'', "'\\''").replace('%', "\\%");
    format!("'{text}'")
}

/// A word of a unit (systemd.service(5)): backslashes, quotes, and what % and $ begin.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let text = text.replace('%', "%%").replace('$', "$$");
    format!("\"{text}\"")
}
