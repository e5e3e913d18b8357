//! What servers say of what is looked for.

use std::collections::BTreeSet;

use keyway_dns::message::Question;
use keyway_dns::net::{Held, Inquiry, survey};
use keyway_dns::verify::of_resolvers;
use keyway_dns::view::{Role, View};

use super::{LONGEST_LOOK, Sought, bar};
use crate::commands::dns::deadline::Deadline;
use crate::voice;

/// What every server says, zone by zone: those of the zone at each of their addresses, then the resolvers, which are asked
/// when those have said what is there. Servers without an address cannot be asked.
pub(super) async fn views(sought: &Sought, zones: &[Held], deadline: Deadline) -> Vec<Vec<View>> {
    let bar = bar(voice::verified::asking_template());
    let end = tokio::time::Instant::now() + deadline.look(LONGEST_LOOK);
    let questions = zones.iter().map(|held| sought.questions(&held.names));
    let questions: Vec<BTreeSet<Question>> = questions.collect();
    let ask = async |asked: Vec<Vec<Inquiry>>| {
        let counts: Vec<usize> = asked.iter().map(Vec::len).collect();
        let inquiries: Vec<Inquiry> = asked.into_iter().flatten().collect();
        let answers = inquiries.iter().map(Inquiry::answers).sum::<usize>() as u64;
        bar.set_length(bar.position() + answers);
        let (moved, patience) = (bar.clone(), sought.asking.patience());
        let views = survey(inquiries, patience, end, move || moved.inc(1)).await;
        let mut views = views.into_iter();
        let each = counts.into_iter();
        let each = each.map(|count| views.by_ref().take(count).collect());
        each.collect::<Vec<Vec<View>>>()
    };
    let inquiry = |held: &Held, role, (server, called), questions: &BTreeSet<Question>| Inquiry {
        server,
        called,
        role,
        zone: held.authority.zone.clone(),
        questions: questions.clone(),
    };
    let each = zones.iter().zip(&questions);
    let masters = each.clone().map(|(held, questions)| {
        let masters = held.authority.addresses().into_iter();
        let masters = masters.map(|at| inquiry(held, Role::Authoritative, at, questions));
        masters.collect()
    });
    let mut views = ask(masters.collect()).await;
    let resolvers = each.zip(&views).map(|((held, questions), masters)| {
        let questions = of_resolvers(questions, &sought.wanted, masters);
        let resolvers = sought.asking.counted().iter();
        let resolvers = resolvers.map(|at| {
            let called = at.to_string();
            inquiry(held, Role::Resolver, (*at, called), &questions)
        });
        resolvers.collect()
    });
    let said = ask(resolvers.collect()).await;
    bar.finish_and_clear();
    views
        .iter_mut()
        .zip(said)
        .for_each(|(views, said)| views.extend(said));
    views
}
