//! Many questions to one server.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use tokio::task::JoinSet;

use super::{Patience, ask};
use crate::message::{Manner, Question, Record};
use crate::name::Name;
use crate::rdata::Type;
use crate::view::{Role, Said, View};

/// Most questions that are open at one server at a time: one socket each.
pub const MAX_OPEN: usize = 32;

/// Types that a name is looked at for, where all that it owns counts: those of services, and those that an
/// alias cannot stand beside. No server has to say what else there is (RFC 8482).
pub const LOOKED_FOR: &[Type] = &[
    Type::A,
    Type::NS,
    Type::CNAME,
    Type::MX,
    Type::TXT,
    Type::AAAA,
    Type::SRV,
    Type::DNAME,
    Type::DS,
    Type::TLSA,
    Type::HTTPS,
    Type::CAA,
];

/// Every question about these names: each with each of [`LOOKED_FOR`].
pub fn everything<'n>(names: impl IntoIterator<Item = &'n Name>) -> BTreeSet<Question> {
    let mut questions = BTreeSet::new();
    for name in names {
        for &kind in LOOKED_FOR {
            let name = name.clone();
            questions.insert(Question { name, kind });
        }
    }
    questions
}

/// Puts questions to a server, at most [`MAX_OPEN`] at a time, and asks for the version of the zone.
/// `answered` is called after each.
pub async fn look(
    server: SocketAddr,
    called: &str,
    role: Role,
    zone: &Name,
    questions: BTreeSet<Question>,
    patience: Patience,
    mut answered: impl FnMut(),
) -> View {
    let manner = Manner {
        recursion: role == Role::Resolver,
        ..Manner::default()
    };
    let (mut said, mut open, mut serial) = (BTreeMap::new(), JoinSet::new(), None);
    let start = Question {
        name: zone.clone(),
        kind: Type::SOA,
    };
    let mut left = std::iter::once(start.clone()).chain(questions.iter().cloned());
    loop {
        while open.len() < MAX_OPEN
            && let Some(question) = left.next()
        {
            open.spawn(async move {
                let answer = ask(server, &question, manner, patience).await;
                (question, answer)
            });
        }
        let Some(joined) = open.join_next().await else {
            break;
        };
        let Ok((question, answer)) = joined else {
            continue;
        };
        answered();
        if question == start
            && let Ok(answer) = &answer
        {
            let start = answer.answers.iter().find_map(Record::start);
            serial = start.map(|start| start.serial);
        }
        if !questions.contains(&question) {
            continue;
        }
        let heard = match answer {
            Ok(answer) => Said::of(&question, role, &answer),
            Err(error) => Said::Failed(error.to_string()),
        };
        // A server that is silent once is silent: nobody waits for it a thousand times.
        let is_down = matches!(heard, Said::Failed(_));
        said.insert((question.name, question.kind), heard.clone());
        if is_down {
            open.abort_all();
            for question in &questions {
                let key = (question.name.clone(), question.kind);
                said.entry(key).or_insert_with(|| heard.clone());
            }
            break;
        }
    }
    View {
        server: called.to_owned(),
        role,
        serial,
        said,
    }
}
