//! What caches may have that is older than what a plan starts from.

use std::path::Path;

use keyway_dns::message::Question;
use keyway_dns::net::{Inquiry, survey};
use keyway_dns::plan::{Cached, Plan, Spread};
use keyway_dns::verify::bogus;
use keyway_dns::view::{Role, View};
use keyway_dns::zone::Finding;
use std::time::Duration;

use super::deadline::Deadline;
use crate::failure::Failure;
use crate::intent::{Asking, Journal, moment};

/// Longest that resolvers are asked what they have.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

/// What the resolvers that count have of what a plan starts from, and what plans replaced that were carried out and lie
/// beside `out`: caches may have as much. Of others nobody knows. And names whose signatures those resolvers do not
/// believe.
pub(super) async fn older(
    plan: &Plan,
    asking: Option<&Asking>,
    out: Option<&Path>,
) -> Result<(Cached, Vec<Finding>), Failure> {
    let (mut cached, mut found) = (Cached::new(), Vec::new());
    let start = Spread::start(plan);
    if let Some(asking) = asking {
        let asked = start.clone().in_caches();
        let views = at_resolvers(plan, asking, &asked, Deadline::after(None)).await;
        cached = start.remembered(&views);
        found = bogus(&views);
    }
    if let Some(folder) = out.and_then(Path::parent) {
        let here = Path::new(".");
        let folder = if folder.as_os_str().is_empty() {
            here
        } else {
            folder
        };
        for (key, older) in Journal::earlier(folder, &plan.zone, moment(None)?) {
            let known = cached.entry(key).or_default();
            *known = older.max(*known);
        }
    }
    cached.retain(|(name, kind), _| start.is_about(name, *kind));
    Ok((cached, found))
}

/// What the resolvers that count say of what stands at some point of a plan.
pub(super) async fn at_resolvers(
    plan: &Plan,
    asking: &Asking,
    spread: &Spread,
    deadline: Deadline,
) -> Vec<View> {
    let resolvers = asking.counted().iter();
    let inquiries = resolvers.map(|server| Inquiry {
        server: *server,
        called: server.to_string(),
        role: Role::Resolver,
        zone: plan.zone.clone(),
        questions: spread
            .questions()
            .collect::<std::collections::BTreeSet<Question>>(),
    });
    let end = tokio::time::Instant::now() + deadline.look(LONGEST_LOOK);
    survey(inquiries.collect(), asking.patience(), end, || {}).await
}
