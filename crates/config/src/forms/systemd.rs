//! A systemd unit that serves the service file (systemd.exec(5), systemd.service(5)).

use std::fmt::Write as _;

use super::{Exported, Place, fields};
use crate::Service;
use crate::forms::fields::Lost;
use crate::model::{Material, Secret, Status};

/// Paths below these are hidden from a unit by `ProtectHome=yes` and by `PrivateTmp=yes`.
const HOMES: &[&str] = &["home", "root", "run/user"];
const TEMPORARY: &[&str] = &["tmp", "var/tmp"];

/// How long a start may take, seconds, that asks a CA for the first certificate: whoever is at the same one is waited for
/// (330), then the account, the look at the DNS and the order (300); programs of `tls.acme.hook` have 300 of their own.
const FIRST_CERTIFICATE: u32 = 1_200;

/// A word of `ExecStart=` (systemd.service(5), "Command lines"): quoted as in C, `%` and `$` doubled.
fn word(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '%' => out.push_str("%%"),
            '$' => out.push_str("$$"),
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            control if control.is_control() && control.is_ascii() => {
                let _ = write!(out, "\\x{:02x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out + "\""
}

/// A text as part of a line that describes: without specifiers, on one line.
fn described(text: &str) -> String {
    let text = keyway_report::escape::text(text).replace('%', "%%");
    text.chars().filter(|letter| *letter != '\\').collect()
}

/// Every path and secret that the service names.
fn paths(service: &Service) -> Vec<&str> {
    let tls = &service.tls;
    let own = tls
        .certificates
        .iter()
        .flat_map(|own| [&own.certificate, &own.key]);
    let materials = [&tls.certificate, &tls.key, &tls.client.ca];
    let materials = materials.into_iter().flatten().chain(own);
    materials
        .filter_map(Material::path)
        .chain(tls.client.crl.iter())
        .chain(tls.ticket_keys.iter())
        .chain(tls.ocsp.as_deref())
        .chain(
            tls.certificates
                .iter()
                .filter_map(|own| own.ocsp.as_deref()),
        )
        .collect()
}

/// The unit.
pub(super) fn export(service: &Service, place: &Place<'_>) -> Exported {
    let (file, trust) = (place.file, &place.trust);
    let mut lost = Lost::default();
    let tls = &service.tls;
    let own = tls.certificates.iter().enumerate().map(|(index, own)| {
        (
            own.password.as_ref(),
            format!("tls.certificates[{index}].password"),
        )
    });
    let tsig = service.dns.tsig.as_ref().map(|tsig| &tsig.secret);
    let first = [
        (tls.password.as_ref(), "tls.password".to_owned()),
        (tsig, "dns.tsig.secret".to_owned()),
    ];
    for (secret, field) in first.into_iter().chain(own) {
        if matches!(secret, Some(Secret::Environment(_))) {
            // A unit has an environment of its own.
            fields::add(&mut lost, &field);
        }
    }
    let mut paths = paths(service);
    paths.push(file);
    paths.extend(trust.roots.iter().map(String::as_str));
    let is_below = |folders: &[&str]| {
        let mut absolute = paths.iter().filter_map(|path| path.strip_prefix('/'));
        absolute.any(|path| {
            let below = |folder: &&str| {
                path.strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            };
            folders.iter().any(below)
        })
    };
    let home = if is_below(HOMES) { "read-only" } else { "yes" };
    let temporary = if is_below(TEMPORARY) { "no" } else { "yes" };
    // A CA that is away for hours is no reason to stay down when it is back: the server itself does not ask too often.
    let (limit, pause, start) = if service.status() == Status::Auto {
        (
            "StartLimitIntervalSec=0\n",
            5,
            format!("TimeoutStartSec={FIRST_CERTIFICATE}\n"),
        )
    } else {
        ("", 1, String::new())
    };
    let roots = trust.roots.iter().map(|roots| ("--roots", roots.as_str()));
    let profile = trust.profile.map(|profile| ("--profile", profile));
    let told = roots
        .chain(profile)
        .map(|(option, value)| format!(" {option} {}", word(value)));
    let told: String = told.collect();
    let name = service.name.as_deref().or(service.host.iter().next());
    let name = described(name.unwrap_or("a service"));
    let text = format!(
        "[Unit]\nDescription=TLS for {name}\nWants=network-online.target\n\
         After=network-online.target\n{limit}\n\
         [Service]\nType=notify\nExecStart=/usr/bin/keyway serve {}{told}\nExecReload=/bin/kill -HUP $MAINPID\nRestart=on-failure\nRestartSec={pause}\n\
         {start}TimeoutStopSec={}\nLimitNOFILE=1048576\n\n\
         # The user has to be able to read the private keys: `useradd --system keyway`.\n\
         User=keyway\nGroup=keyway\nUMask=0077\nStateDirectory=keyway\n\n\
         AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n\
         NoNewPrivileges=yes\nProtectSystem=strict\nProtectHome={home}\nPrivateTmp={temporary}\n\
         PrivateDevices=yes\nProtectProc=invisible\nProcSubset=pid\nProtectClock=yes\n\
         ProtectHostname=yes\nProtectKernelLogs=yes\nProtectKernelModules=yes\n\
         ProtectKernelTunables=yes\nProtectControlGroups=yes\n\
         RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\nRestrictNamespaces=yes\n\
         RestrictRealtime=yes\nRestrictSUIDSGID=yes\nLockPersonality=yes\nMemoryDenyWriteExecute=yes\n\
         RemoveIPC=yes\nSystemCallArchitectures=native\n\
         # Those of Landlock are for the sandbox that it makes for itself.\n\
         SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self\n\
         SystemCallFilter=~@privileged @resources\nSystemCallErrorNumber=EPERM\n\n\
         [Install]\nWantedBy=multi-user.target\n",
        word(file),
        u64::from(service.timeouts.drain.unwrap_or(30)) + 5,
    );
    Exported::new(text, lost).noting_issuer(service, trust)
}
