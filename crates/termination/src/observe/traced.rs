//! What happens, as events of `tracing`.

use tracing::{Level, event};

use super::{Exchange, Handshake, Observer, Passage, Refusal};

/// Tells `tracing`, whose subscribers (OpenTelemetry, the journal, a file) are the embedder's. The target is
/// `keyway_termination::access` for requests and connections, `keyway_termination::handshake` and
/// `keyway_termination::upstream` for the rest; fields are called as in the JSON of `keyway serve
/// --access-log json`, but for `path`, which is `target` there.
///
/// Handshakes that are made are told at `DEBUG`, requests, connections and what came to nothing at `INFO`, upstreams
/// that fail at `WARN`. What is told is not limited: whoever knocks all day is told all day, unless the subscriber
/// holds back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traced;

impl Observer for Traced {
    fn shaken(&self, handshake: &Handshake<'_>) {
        event!(
            target: "keyway_termination::handshake",
            Level::DEBUG,
            peer = %handshake.peer,
            name = handshake.name,
            version = handshake.version.map(debug),
            suite = handshake.suite.map(debug),
            group = handshake.group.map(debug),
            resumed = handshake.is_resumed,
            client_certificate = handshake.has_certificate,
            "handshake"
        );
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        let rule = refusal.reason.rule();
        let detail = refusal.reason.detail();
        event!(
            target: "keyway_termination::handshake",
            Level::INFO,
            peer = %refusal.peer,
            local = %refusal.local,
            name = refusal.name,
            refused = rule.code,
            cause = rule.title,
            detail = detail.as_deref(),
            "refused"
        );
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        event!(
            target: "keyway_termination::access",
            Level::INFO,
            peer = %exchange.peer,
            host = exchange.host,
            method = exchange.method,
            path = exchange.target,
            version = exchange.version,
            status = exchange.status,
            upstream = exchange.upstream,
            seconds = exchange.time.as_secs_f64(),
            "answered"
        );
    }

    fn passed(&self, passage: &Passage) {
        event!(
            target: "keyway_termination::access",
            Level::INFO,
            peer = %passage.peer,
            received = passage.received,
            sent = passage.sent,
            seconds = passage.time.as_secs_f64(),
            "passed"
        );
    }

    fn upstream_failed(&self, upstream: &str, why: &str) {
        event!(target: "keyway_termination::upstream", Level::WARN, upstream, why, "failed");
    }

    fn upstream_is(&self, upstream: &str, is_up: bool, why: &str) {
        if is_up {
            event!(target: "keyway_termination::upstream", Level::INFO, upstream, "up");
        } else {
            event!(target: "keyway_termination::upstream", Level::WARN, upstream, why, "down");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Write as _};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber, subscriber};

    use super::*;
    use crate::observe::Reason;

    /// Keeps a line for each event.
    #[derive(Default)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    struct Line(String);

    impl Visit for Line {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }

    impl Subscriber for Lines {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            let (level, target) = (event.metadata().level(), event.metadata().target());
            let mut line = Line(format!("{level} {target}"));
            event.record(&mut line);
            self.0.lock().unwrap().push(line.0);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// The one line that is told.
    fn told(tell: impl FnOnce(&Traced)) -> String {
        let lines = Lines::default();
        let kept = Arc::clone(&lines.0);
        subscriber::with_default(lines, || tell(&Traced));
        let kept = kept.lock().unwrap();
        assert_eq!(kept.len(), 1);
        kept[0].clone()
    }

    #[test]
    fn a_request_is_told_with_all_that_is_known_of_it() {
        let exchange = Exchange {
            peer: ([192, 0, 2, 1], 5).into(),
            host: "www.example.com",
            method: "GET",
            target: "/a?b",
            version: "HTTP/2.0",
            status: 200,
            upstream: Some("http://[::1]:3000"),
            time: Duration::from_millis(250),
        };
        assert_eq!(
            told(|traced| traced.answered(&exchange)),
            "INFO keyway_termination::access message=answered peer=192.0.2.1:5 host=\"www.example.com\" \
             method=\"GET\" path=\"/a?b\" version=\"HTTP/2.0\" status=200 \
             upstream=\"http://[::1]:3000\" seconds=0.25"
        );
    }

    #[test]
    fn a_handshake_that_failed_is_told_with_its_rule_and_what_is_left_out_is_absent() {
        let error = rustls::Error::NoApplicationProtocol;
        let refusal = Refusal {
            peer: ([192, 0, 2, 1], 5).into(),
            local: ([192, 0, 2, 2], 443).into(),
            name: None,
            reason: Reason::Handshake(&error),
        };
        let line = told(|traced| traced.refused(&refusal));
        assert!(line.starts_with(
            "INFO keyway_termination::handshake message=refused peer=192.0.2.1:5 local=192.0.2.2:443 \
             refused=\"connection.no-common-protocol\" cause="
        ));
        assert!(
            line.ends_with(&format!("detail={:?}", error.to_string())),
            "{line}"
        );
    }

    #[test]
    fn an_upstream_that_is_down_is_a_warning_and_one_that_is_back_is_none() {
        let down = told(|traced| traced.upstream_is("a:1", false, "refused"));
        assert_eq!(
            down,
            "WARN keyway_termination::upstream message=down upstream=\"a:1\" why=\"refused\""
        );
        let up = told(|traced| traced.upstream_is("a:1", true, ""));
        assert_eq!(
            up,
            "INFO keyway_termination::upstream message=up upstream=\"a:1\""
        );
    }
}
