//! Many questions, to one server or to many at once.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::{AskError, Patience, ask};
use crate::message::{Code, Manner, Question, Record};
use crate::name::Name;
use crate::plan::LOOKED_FOR;
use crate::rdata::Type;
use crate::view::{Role, Said, View};

/// Most questions that are open at one server at a time: one socket each.
pub const MAX_OPEN: usize = 32;

/// Most sockets that are open to all servers together: a question has one for each time that it is put.
pub const MAX_SOCKETS: usize = 128;

/// Most servers that are asked at a time.
const MAX_AT_ONCE: usize = 16;

/// Every question about these names: each with each of [`LOOKED_FOR`].
pub fn everything<'n>(names: impl IntoIterator<Item = &'n Name>) -> BTreeSet<Question> {
    questions(names, LOOKED_FOR)
}

/// These names, each with each of some types.
pub fn questions<'n>(
    names: impl IntoIterator<Item = &'n Name>,
    kinds: &[Type],
) -> BTreeSet<Question> {
    let mut questions = BTreeSet::new();
    for name in names {
        for &kind in kinds {
            let name = name.clone();
            questions.insert(Question { name, kind });
        }
    }
    questions
}

/// A server, and what it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Where it is.
    pub server: SocketAddr,
    /// What to call it.
    pub called: String,
    /// What it is for the zone.
    pub role: Role,
    /// The zone, for the version that it has.
    pub zone: Name,
    /// The questions.
    pub questions: BTreeSet<Question>,
}

impl Inquiry {
    /// How many answers there will be, that about the version included.
    pub fn answers(&self) -> usize {
        self.questions.len().saturating_add(1)
    }
}

/// How fast, and how long, questions are put.
#[derive(Clone, Copy)]
struct Pace {
    /// For each of them.
    patience: Patience,
    /// Most that are open at a time.
    open: usize,
    /// When none is waited for any more.
    end: Option<Instant>,
}

/// Puts questions to a server, at most [`MAX_OPEN`] at a time, and asks for the version of the zone.
pub async fn look(inquiry: Inquiry, patience: Patience) -> View {
    let open = MAX_OPEN;
    let end = None;
    let pace = Pace {
        patience,
        open,
        end,
    };
    put(inquiry, pace, || {}).await
}

/// Asks many servers, with at most [`MAX_SOCKETS`] sockets at a time, and no longer than to a moment: what
/// is not answered then has failed. The views are in the order of the inquiries. `answered` is called after each
/// answer.
pub async fn survey(
    inquiries: Vec<Inquiry>,
    patience: Patience,
    end: Instant,
    answered: impl Fn() + Clone + Send + 'static,
) -> Vec<View> {
    let at_once = inquiries.len().clamp(1, MAX_AT_ONCE);
    let each = at_once * (usize::from(patience.retries) + 1);
    let pace = Pace {
        patience,
        open: (MAX_SOCKETS / each).clamp(1, MAX_OPEN),
        end: Some(end),
    };
    let mut left = inquiries.into_iter().enumerate();
    let (mut running, mut views) = (JoinSet::new(), BTreeMap::new());
    loop {
        while running.len() < at_once
            && let Some((place, inquiry)) = left.next()
        {
            let answered = answered.clone();
            running.spawn(async move { (place, put(inquiry, pace, answered).await) });
        }
        match running.join_next().await {
            Some(Ok((place, view))) => views.insert(place, view),
            Some(Err(_)) => continue,
            None => break,
        };
    }
    views.into_values().collect()
}

async fn put(inquiry: Inquiry, pace: Pace, answered: impl Fn()) -> View {
    let Inquiry {
        server,
        called,
        role,
        zone,
        questions,
    } = inquiry;
    let manner = Manner {
        recursion: role == Role::Resolver,
        ..Manner::default()
    };
    let (mut said, mut open, mut serial) = (BTreeMap::new(), JoinSet::new(), None);
    let (mut aliases, mut ways, mut led) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let start = Question {
        name: zone,
        kind: Type::SOA,
    };
    let mut left = std::iter::once(start.clone()).chain(questions.iter().cloned());
    loop {
        while open.len() < pace.open
            && let Some(question) = left.next()
        {
            open.spawn(async move {
                let answer = ask(server, &question, manner, pace.patience).await;
                let is_bogus = match &answer {
                    Ok(answer) if answer.code == Code::SERVFAIL && manner.recursion => {
                        is_bogus(server, &question, manner, pace.patience).await
                    }
                    _ => false,
                };
                (question, answer, is_bogus)
            });
        }
        let joined = match pace.end {
            Some(end) => timeout_at(end, open.join_next()).await,
            None => Ok(open.join_next().await),
        };
        let Ok(joined) = joined else {
            let why = format!("{server} was not waited for any longer");
            failed(&mut said, &questions, &Said::Failed(why));
            break;
        };
        let Some(joined) = joined else {
            break;
        };
        let Ok((question, answer, is_bogus)) = joined else {
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
        // A server that is silent once is silent: nobody waits for it a thousand times.
        let is_down = !matches!(answer, Ok(_) | Err(AskError::Cut { .. }));
        if let Ok(answer) = &answer {
            let alias = Said::alias(&question, answer);
            aliases.extend(alias.map(|alias| (question.name.clone(), alias)));
            let way = Said::way(&question, answer);
            let end = Said::led(&question, answer, &way);
            let key = (question.name.clone(), question.kind);
            led.extend((!end.is_empty()).then_some((key, end)));
            // Not every answer follows as far.
            let known: &mut Vec<_> = ways.entry(question.name.clone()).or_default();
            if way.len() > known.len() {
                *known = way;
            }
        }
        let heard = match answer {
            Ok(_) if is_bogus => Said::Bogus,
            Ok(answer) => Said::of(&question, role, &answer),
            Err(error @ AskError::Cut { .. }) => Said::Cut(error.to_string()),
            Err(error) => Said::Failed(error.to_string()),
        };
        said.insert((question.name, question.kind), heard.clone());
        if is_down {
            failed(&mut said, &questions, &heard);
            break;
        }
    }
    View {
        server: called,
        role,
        serial,
        said,
        aliases,
        ways,
        led,
    }
}

/// Whether a resolver that says SERVFAIL has an answer when it is told not to look at signatures, and goes on saying
/// SERVFAIL when it is not (RFC 4035, section 3.2.2).
async fn is_bogus(
    server: SocketAddr,
    question: &Question,
    manner: Manner,
    patience: Patience,
) -> bool {
    let unchecked = Manner {
        unchecked: true,
        ..manner
    };
    let code = async |manner| {
        let answer = ask(server, question, manner, patience).await;
        answer.map(|answer| answer.code)
    };
    matches!(code(unchecked).await, Ok(Code::NOERROR | Code::NXDOMAIN))
        && matches!(code(manner).await, Ok(Code::SERVFAIL))
}

/// What was not answered comes to the same.
fn failed(said: &mut BTreeMap<(Name, Type), Said>, questions: &BTreeSet<Question>, heard: &Said) {
    for question in questions {
        let key = (question.name.clone(), question.kind);
        said.entry(key).or_insert_with(|| heard.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};
    use std::time::Duration;

    use super::*;

    /// Says SERVFAIL to whoever wants signatures looked at, and that there is nothing to the others.
    fn validates(socket: &UdpSocket) {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let is_unchecked = bytes[3] & 0x10 != 0;
            bytes[2] |= 0x80;
            bytes[3] = 0x80 | if is_unchecked { 0 } else { 2 };
            socket.send_to(&bytes[..length], from).expect("a way back");
        }
    }

    #[test]
    fn what_a_resolver_only_says_without_signatures_is_bogus() {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = socket.local_addr().expect("an address");
        std::thread::spawn(move || validates(&socket));
        let zone = Name::read("example.com").expect("a name");
        let (name, kind) = (zone.clone(), Type::A);
        let inquiry = Inquiry {
            server,
            called: "it".to_owned(),
            role: Role::Resolver,
            zone,
            questions: BTreeSet::from([Question { name, kind }]),
        };
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let view = runtime.block_on(look(inquiry, Patience::default()));
        assert!(
            view.said.values().all(|said| *said == Said::Bogus),
            "{view:?}"
        );
    }

    #[test]
    fn servers_that_say_nothing_are_waited_for_until_a_moment_all_together() {
        let silent: Vec<UdpSocket> = (0..40)
            .map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"))
            .collect();
        let zone = Name::read("example.com").expect("a name");
        let inquiries = silent.iter().map(|socket| Inquiry {
            server: socket.local_addr().expect("an address"),
            called: "it".to_owned(),
            role: Role::Authoritative,
            zone: zone.clone(),
            questions: everything([&zone]),
        });
        let inquiries: Vec<Inquiry> = inquiries.collect();
        // Each of them alone would be waited for longer than the test may take.
        let patience = Patience {
            timeout: Duration::from_secs(3_600),
            retries: 0,
        };
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let views = runtime.block_on(async {
            let end = Instant::now() + Duration::from_millis(100);
            survey(inquiries, patience, end, || {}).await
        });
        assert_eq!(views.len(), 40);
        for view in views {
            assert_eq!(view.said.len(), LOOKED_FOR.len());
            let mut said = view.said.values();
            assert!(
                said.all(
                    |said| matches!(said, Said::Failed(why) if why.contains("not waited for"))
                )
            );
        }
    }
}
