//! Timers for `keyway renew`, beside servers that do not renew by themselves.

use std::path::Path;

use crate::arguments::Timer;

/// How often it is looked: twice a day, as Let's Encrypt recommends; of six-day certificates, no look may be far away.
const SYSTEMD: &str = "OnCalendar=*-*-* 00/12:00:00\nRandomizedDelaySec=6h\nPersistent=true";

/// What a timer is told, for a service file.
pub(super) fn text(timer: Timer, file: &Path) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let file = file.display().to_string();
    match timer {
        Timer::Systemd => {
            let file = escaped(&file);
            format!(
                "# /etc/systemd/system/keyway-renew.service\n\
                 [Unit]\nDescription=Renewal of certificates by Keyway\nWants=network-online.target\n\
                 After=network-online.target\n\n\
                 [Service]\nType=oneshot\nExecStart=keyway renew \"{file}\"\nStateDirectory=keyway\n\
                 Environment=KEYWAY_STATE=%S/keyway\nUMask=0077\nNoNewPrivileges=true\nProtectHome=read-only\n\
                 PrivateTmp=true\n\n\
                 # /etc/systemd/system/keyway-renew.timer\n\
                 [Unit]\nDescription=Renewal of certificates by Keyway, twice a day\n\n\
                 [Timer]\n{SYSTEMD}\n\n[Install]\nWantedBy=timers.target\n"
            )
        }
        // In a line of cron, % ends the command (crontab(5)).
        Timer::Cron => {
            let file = file.replace('\'', "'\\''").replace('%', "\\%");
            format!("17 */12 * * * sleep $(($$ \\% 3600)); keyway renew '{file}'\n")
        }
    }
}

/// In quotes of a unit (systemd.service(5)): backslashes, quotes, and what % and $ begin.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('%', "%%").replace('$', "$$")
}
