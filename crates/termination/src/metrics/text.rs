use std::sync::atomic::Ordering;

use super::Metrics;
use super::counts::BOUNDS;
use crate::rules;
use crate::server::Pulse;

/// A text that is written metric by metric.
struct Page(String);

impl Page {
    fn metric(&mut self, name: &str, kind: &str, help: &str) {
        let parts = [
            "# HELP ",
            name,
            " ",
            help,
            "\n# TYPE ",
            name,
            " ",
            kind,
            "\n",
        ];
        self.0.extend(parts);
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (number, (label, text)) in labels.iter().enumerate() {
            let before = if number == 0 { "{" } else { "," };
            self.0.extend([before, label, "=\"", &escaped(text), "\""]);
        }
        let after = if labels.is_empty() { " " } else { "} " };
        self.0.extend([after, &value.to_string(), "\n"]);
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.metric(name, kind, help);
        self.value(name, &[], value);
    }
}

/// As values of labels are written: backslash, quotation mark and line feed escaped, other controls left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Part of a lifetime that is left, from 1 to 0.
#[allow(clippy::cast_precision_loss)]
fn left(not_before: i64, not_after: i64, now: i64) -> f64 {
    let whole = not_after.saturating_sub(not_before).max(1);
    let left = not_after.saturating_sub(now).clamp(0, whole);
    left as f64 / whole as f64
}

pub(super) fn render(metrics: &Metrics, now: i64, pulse: &Pulse) -> String {
    let mut page = Page(String::new());
    page.single(
        "keyway_connections",
        "gauge",
        "Connections that are open.",
        pulse.connections,
    );
    certificates(metrics, now, &mut page);
    let name = "keyway_handshakes_total";
    page.metric(name, "counter", "Handshakes that were made.");
    for (([version, suite, group], is_resumed), count) in metrics.handshakes.counts().iter() {
        let labels = [
            ("version", version.as_str()),
            ("suite", suite),
            ("group", group),
            ("resumed", if *is_resumed { "yes" } else { "no" }),
        ];
        page.value(name, &labels, count);
    }
    let name = "keyway_refused_total";
    page.metric(name, "counter", "Connections that came to nothing.");
    for (rule, count) in rules::ALL.iter().zip(&metrics.refused) {
        let reason = rules::word(rule);
        page.value(name, &[("reason", reason)], count.load(Ordering::Relaxed));
    }
    requests(metrics, &mut page);
    let name = "keyway_upstream_failures_total";
    page.metric(name, "counter", "Times that an upstream could not be used.");
    for (upstream, count) in metrics.upstream_failures.counts().iter() {
        page.value(name, &[("upstream", upstream)], count);
    }
    let name = "keyway_upstream_up";
    page.metric(
        name,
        "gauge",
        "Whether an upstream passed the last look at it; one that is not looked at has.",
    );
    for (upstream, is_up) in &pulse.upstreams {
        page.value(name, &[("upstream", upstream)], u8::from(*is_up));
    }
    page.single(
        "keyway_swap_seconds",
        "gauge",
        "How long the last reload took to swap, once all was read and checked.",
        metrics.swap().as_secs_f64(),
    );
    let load = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let counters = [
        (
            "keyway_http_received_bytes_total",
            "Bytes of HTTP from clients, without those of TLS.",
            pulse.received,
        ),
        (
            "keyway_http_sent_bytes_total",
            "Bytes of HTTP to clients, without those of TLS.",
            pulse.sent,
        ),
        (
            "keyway_passed_connections_total",
            "Connections that were passed on byte for byte, and have ended.",
            load(&metrics.passages),
        ),
        (
            "keyway_passed_received_bytes_total",
            "Bytes of clients on those.",
            load(&metrics.received),
        ),
        (
            "keyway_passed_sent_bytes_total",
            "Bytes to clients on those.",
            load(&metrics.sent),
        ),
        (
            "keyway_reloads_total",
            "Times that what is served was replaced.",
            load(&metrics.reloads),
        ),
        (
            "keyway_refused_reloads_total",
            "Times that what was to be served was refused.",
            load(&metrics.refused_reloads),
        ),
        (
            "keyway_renewals_total",
            "Times that a certificate was renewed.",
            load(&metrics.renewals),
        ),
        (
            "keyway_failed_renewals_total",
            "Times that a certificate was to be renewed, and was not.",
            load(&metrics.failed_renewals),
        ),
    ];
    for (name, help, count) in counters {
        page.single(name, "counter", help, count);
    }
    page.0
}

fn certificates(metrics: &Metrics, now: i64, page: &mut Page) {
    let certificates = metrics.lifetimes();
    let name = "keyway_certificate_not_after_seconds";
    page.metric(
        name,
        "gauge",
        "When a certificate ends, in seconds since 1970.",
    );
    for one in certificates.iter() {
        let labels = [("name", one.name.as_str()), ("serial", &one.serial)];
        page.value(name, &labels, one.not_after);
    }
    let name = "keyway_certificate_life_left_ratio";
    page.metric(
        name,
        "gauge",
        "Part of the lifetime of a certificate that is left.",
    );
    for one in certificates.iter() {
        let left = left(one.not_before, one.not_after, now);
        let labels = [("name", one.name.as_str()), ("serial", &one.serial)];
        page.value(name, &labels, left);
    }
}

fn requests(metrics: &Metrics, page: &mut Page) {
    let name = "keyway_requests_total";
    page.metric(name, "counter", "Requests that were answered.");
    for ((version, status), count) in metrics.requests.counts().iter() {
        let status = status.to_string();
        page.value(name, &[("version", version), ("status", &status)], count);
    }
    let name = "keyway_request_seconds";
    page.metric(
        name,
        "histogram",
        "From the header of a request to that of its answer.",
    );
    let counts = metrics.seconds.cumulated();
    let bucket = format!("{name}_bucket");
    for (bound, count) in BOUNDS.iter().zip(&counts) {
        page.value(&bucket, &[("le", &bound.to_string())], count);
    }
    let all = counts.last().copied().unwrap_or_default();
    page.value(&bucket, &[("le", "+Inf")], all);
    page.value(&format!("{name}_sum"), &[], metrics.seconds.sum());
    page.value(&format!("{name}_count"), &[], all);
}

#[cfg(test)]
mod tests {
    use rustls::{NamedGroup, ProtocolVersion};

    use super::super::Lifetime;
    use super::*;
    use crate::observe::{Handshake, Observer as _};

    #[test]
    fn a_name_cannot_leave_its_quotation_marks() {
        let metrics = Metrics::default();
        metrics.serves(vec![Lifetime {
            name: "a\"} 1\nb\\".into(),
            serial: "1".into(),
            not_before: 0,
            not_after: 100,
        }]);
        let text = metrics.render(25, &Pulse::default());
        let line =
            "keyway_certificate_life_left_ratio{name=\"a\\\"} 1\\nb\\\\\",serial=\"1\"} 0.75\n";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn every_metric_says_what_it_is() {
        let text = Metrics::default().render(
            0,
            &Pulse {
                connections: 3,
                ..Pulse::default()
            },
        );
        let mut known = "";
        for line in text.lines() {
            let mut words = line.split([' ', '{']);
            match words.next() {
                Some("#") => known = line.split(' ').nth(2).unwrap_or_default(),
                Some(name) => assert!(!known.is_empty() && name.starts_with(known), "{line}"),
                None => {}
            }
        }
        assert!(text.contains("keyway_connections 3\n"));
    }

    #[test]
    fn every_upstream_is_told_and_a_resumed_handshake_keeps_its_group() {
        let metrics = Metrics::default();
        for is_resumed in [false, true] {
            metrics.shaken(&Handshake {
                peer: ([127, 0, 0, 1], 1).into(),
                name: None,
                version: Some(ProtocolVersion::TLSv1_3),
                suite: None,
                group: Some(NamedGroup::X25519MLKEM768),
                is_resumed,
                has_certificate: false,
            });
        }
        let upstreams = [("a:1".to_owned(), true), ("b:1".to_owned(), false)];
        let pulse = Pulse {
            upstreams: upstreams.into(),
            ..Pulse::default()
        };
        let text = metrics.render(0, &pulse);
        for line in [
            "keyway_upstream_up{upstream=\"a:1\"} 1\n",
            "keyway_upstream_up{upstream=\"b:1\"} 0\n",
            "group=\"X25519MLKEM768\",resumed=\"no\"} 1\n",
            "group=\"X25519MLKEM768\",resumed=\"yes\"} 1\n",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }

    #[test]
    fn what_is_left_of_a_lifetime_is_none_before_nothing_and_all() {
        for (now, part) in [(-5, 1.0), (50, 0.5), (100, 0.0), (200, 0.0)] {
            assert!((left(0, 100, now) - part).abs() < 1e-9, "{now}");
        }
    }
}
