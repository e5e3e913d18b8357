//! Times (Configuration Manual, section 4.2: "timeout client", "timeout server").

use crate::forms::left::Left;

/// A time in whole seconds (Configuration Manual, section 2.5), milliseconds where no unit is said; 0 is no limit, which
/// a service cannot say.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: u32 = number.parse().ok()?;
    let seconds = match unit {
        "" | "ms" => number.is_multiple_of(1000).then_some(number / 1000),
        "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(60 * 60),
        "d" => number.checked_mul(24 * 60 * 60),
        _ => None,
    };
    seconds.filter(|seconds| *seconds > 0)
}

/// How long clients and servers may say nothing, each with its line.
#[derive(Default)]
pub(super) struct Waits {
    client: Option<(usize, u32)>,
    server: Option<(usize, u32)>,
}

/// Seconds where a service file says no other.
const IDLE: u32 = 75;

impl Waits {
    /// Takes that of clients; `false` where it cannot be said.
    pub(super) fn client(&mut self, line: usize, value: &str) -> bool {
        self.client = seconds(value).map(|seconds| (line, seconds));
        self.client.is_some()
    }

    /// The same of servers.
    pub(super) fn server(&mut self, line: usize, value: &str) -> bool {
        self.server = seconds(value).map(|seconds| (line, seconds));
        self.server.is_some()
    }

    /// The one time of a service: that of servers, or of clients where it is longer, as nobody is let go before. What is
    /// shorter is left behind.
    pub(super) fn idle(&self, left: &mut Left) -> Option<u32> {
        let all = [("client", self.client), ("server", self.server)];
        let longest = all
            .iter()
            .filter_map(|(_, said)| said.map(|(_, seconds)| seconds));
        // Without that of servers they have all the time.
        let least = self.server.is_none().then_some(IDLE);
        let longest = longest.chain(least).max();
        for (who, said) in all {
            if let Some((line, seconds)) = said.filter(|(_, seconds)| Some(*seconds) != longest) {
                left.line(line, &format!("timeout {who} {seconds}s"));
            }
        }
        longest
    }
}
