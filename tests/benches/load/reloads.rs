//! How long a swap takes while clients ask: by the server's own metrics, the longest of many in a row.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::hands;
use crate::material::Material;
use crate::process::free_port;
use crate::terminator::{Kind, Running, Setup};

/// The row.
pub(crate) const ROW: &str = "swap";

/// Reloads in a row.
const RELOADS: u32 = 100;

/// Until a reload is done, on any machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Milliseconds of the longest swap, while clients ask by HTTP/1.1 and by HTTP/2.
pub(crate) fn longest(material: &Material) -> f64 {
    let metrics = free_port();
    let setup = Setup {
        is_rsa: false,
        is_tcp: false,
        metrics: Some(metrics),
    };
    let running = Running::start(material, Kind::Keyway, setup);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| hands::ask_until(&running, &over));
        let mut longest: f64 = 0.0;
        for number in 1..=RELOADS {
            running.process.hang_up();
            let began = Instant::now();
            while told(metrics, "keyway_reloads_total") < f64::from(number) {
                assert!(began.elapsed() < PATIENCE, "reload {number} is not done");
                thread::sleep(Duration::from_millis(5));
            }
            longest = longest.max(told(metrics, "keyway_swap_seconds"));
        }
        over.store(true, Ordering::Relaxed);
        longest * 1000.0
    })
}

/// The value of a metric without labels.
fn told(port: u16, name: &str) -> f64 {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
    let mut stream = stream.expect("the metrics");
    let asked = stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    asked.expect("a request sent");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    let value = page.lines().find_map(|line| {
        let (metric, value) = line.split_once(' ')?;
        (metric == name).then(|| value.parse().ok())?
    });
    value.expect("the metric")
}
