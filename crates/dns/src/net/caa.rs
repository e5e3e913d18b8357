//! The way up to the CAA records that are about a name, by asking.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::{AskError, Authority, Resolver, ask};
use crate::caa::{Climb, Climbed, Dnssec, Failed, Found, Lookup};
use crate::message::{Answer, Code, Manner, Question, Record};
use crate::name::Name;
use crate::rdata::Type;

/// What is asked of those who look things up for others, signatures included.
const LOOKING_UP: Manner = Manner {
    recursion: true,
    dnssec: true,
    unchecked: false,
};

/// Climbs from a name to the records that are about it (RFC 8659, section 3), and says what signatures are
/// worth on the way. Where servers of a zone are given, they are asked about the names in it, and a resolver
/// about all others, where there is one; nobody has looked at signatures then.
pub async fn climb(
    resolver: &Resolver,
    authority: Option<&Authority>,
    name: &Name,
) -> (Climbed, Dnssec) {
    climb_as(resolver, authority, name, None).await
}

/// The same, as if the name were an alias of another one already.
pub async fn climb_as(
    resolver: &Resolver,
    authority: Option<&Authority>,
    name: &Name,
    target: Option<&Name>,
) -> (Climbed, Dnssec) {
    let mut climb = Climb::of(name);
    if let Some(target) = target {
        climb.tell(Found::Alias(target.clone()));
    }
    while let Some(name) = climb.next().cloned() {
        let is_known = |lookup: &Lookup| !matches!(lookup.found, Found::Failed(_));
        let lookup = match authority {
            Some(authority) if name.is_within(&authority.zone) => {
                served(authority, resolver, &name).await
            }
            // They may speak for other zones, too.
            Some(authority) if resolver.servers.is_empty() => {
                let lookup = served(authority, resolver, &name).await;
                lookup.filter(is_known)
            }
            _ => None,
        };
        climb.tell(match lookup {
            Some(lookup) => lookup,
            None => resolved(resolver, &name).await,
        });
    }
    let climbed = climb.end();
    if authority.is_some() {
        return (climbed, Dnssec::Unknown);
    }
    let dnssec = match Dnssec::of(&climbed, None) {
        Dnssec::Unknown => Dnssec::of(&climbed, Some(validates(resolver).await)),
        known => known,
    };
    (climbed, dnssec)
}

/// What the zone's own servers say; `None` where they have handed the name on to others.
async fn served(authority: &Authority, resolver: &Resolver, name: &Name) -> Option<Lookup> {
    let manner = Manner {
        dnssec: true,
        ..Manner::default()
    };
    let mut last = Failed::NoAnswer(format!(
        "none of the servers of {} has an address",
        authority.zone
    ));
    let addresses = authority
        .servers
        .iter()
        .flat_map(|server| &server.addresses);
    for &server in addresses {
        match ask(server, &question(name), manner, resolver.patience).await {
            Ok(answer) if is_answer(&answer) => {
                let is_ours = answer.authoritative || !answer.answers.is_empty();
                return is_ours.then(|| found(name, &answer));
            }
            Ok(answer) => last = Failed::Code(answer.code),
            Err(error) => last = no_answer(&error),
        }
    }
    Some(Found::Failed(last).into())
}

/// What the first resolver says that answers.
async fn resolved(resolver: &Resolver, name: &Name) -> Lookup {
    let mut last = Failed::NoAnswer(
        "nobody was asked: the servers that are named do not speak for it, and no resolver is named (--resolver)"
            .to_owned(),
    );
    for &server in &resolver.servers {
        match ask(server, &question(name), LOOKING_UP, resolver.patience).await {
            Ok(answer) if is_answer(&answer) => return found(name, &answer),
            Ok(answer) if answer.code == Code::SERVFAIL => {
                match again(server, resolver, name).await {
                    Some(lookup) => return lookup,
                    None => last = Failed::Code(answer.code),
                }
            }
            Ok(answer) => last = Failed::Code(answer.code),
            Err(error) => last = no_answer(&error),
        }
    }
    Found::Failed(last).into()
}

/// After a SERVFAIL: an answer that comes when nobody looks at signatures, and only then, is bogus (RFC 4035,
/// section 3.2.2). `None` where it is something else that fails.
async fn again(server: SocketAddr, resolver: &Resolver, name: &Name) -> Option<Lookup> {
    let unchecked = Manner {
        unchecked: true,
        ..LOOKING_UP
    };
    let answer = ask(server, &question(name), unchecked, resolver.patience).await;
    answer.ok().filter(is_answer)?;
    let answer = ask(server, &question(name), LOOKING_UP, resolver.patience).await;
    match answer.ok().filter(is_answer) {
        Some(answer) => Some(found(name, &answer)),
        None => Some(Found::Failed(Failed::Bogus).into()),
    }
}

/// Whether a resolver looks at signatures: the root is signed.
async fn validates(resolver: &Resolver) -> bool {
    let Ok(name) = Name::read(".") else {
        return false;
    };
    let kind = Type::SOA;
    let question = Question { name, kind };
    for &server in &resolver.servers {
        let answer = ask(server, &question, LOOKING_UP, resolver.patience).await;
        if let Some(answer) = answer.ok().filter(is_answer) {
            return answer.authentic;
        }
    }
    false
}

fn question(name: &Name) -> Question {
    Question {
        name: name.clone(),
        kind: Type::CAA,
    }
}

fn is_answer(answer: &Answer) -> bool {
    matches!(answer.code, Code::NOERROR | Code::NXDOMAIN)
}

fn no_answer(error: &AskError) -> Failed {
    Failed::NoAnswer(error.to_string())
}

/// What an answer says of a name.
fn found(name: &Name, answer: &Answer) -> Lookup {
    let all = || answer.answers.iter().chain(&answer.authorities);
    let signatures = all().filter(|record| record.kind == Type::RRSIG);
    let signed: BTreeSet<(&Name, Option<&[u8]>)> = signatures
        .map(|record| (&record.name, record.data.get(..2)))
        .collect();
    // What an alias leads to may be of a zone that signs nothing, and the other way round.
    let is_whole = || {
        let mut others = all().filter(|record| record.kind != Type::RRSIG);
        others.all(|it| signed.contains(&(&it.name, Some(&it.kind.code().to_be_bytes()))))
    };
    let is_alias = answer.answers.iter().any(|it| it.kind == Type::CNAME);
    let is_signed = !signed.is_empty() && (!is_alias || is_whole());
    let ours = |kind: Type| {
        let records = answer.answers.iter();
        records.filter(move |record| record.kind == kind && record.name == *name)
    };
    let alias = ours(Type::CNAME).find_map(Record::target);
    let records = || ours(Type::CAA).map(|record| record.data.clone()).collect();
    Lookup {
        found: alias.map_or_else(|| Found::Records(records()), Found::Alias),
        is_authentic: answer.authentic,
        is_signed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, kind: Type, data: &[u8]) -> Record {
        Record {
            name: Name::read(name).unwrap(),
            kind,
            ttl: 300,
            data: data.to_vec(),
        }
    }

    fn signature(name: &str, of: Type) -> Record {
        record(name, Type::RRSIG, &of.code().to_be_bytes())
    }

    fn is_signed(answers: &[Record], authorities: &[Record]) -> bool {
        let answer = Answer {
            id: 0,
            question: None,
            code: Code::NOERROR,
            authoritative: false,
            truncated: false,
            recursive: true,
            authentic: false,
            answers: answers.to_vec(),
            authorities: authorities.to_vec(),
            additionals: Vec::new(),
            tsig_error: None,
        };
        found(&Name::read("a.example").unwrap(), &answer).is_signed
    }

    #[test]
    fn an_answer_is_signed_where_all_that_an_alias_leads_to_is() {
        let alias = record("a.example", Type::CNAME, b"\x01b\x07example\0");
        let caa = record("b.example", Type::CAA, b"\0\x05issueca.example");
        let (first, second) = (
            signature("a.example", Type::CNAME),
            signature("b.example", Type::CAA),
        );
        let all = [alias.clone(), first.clone(), caa.clone(), second.clone()];
        assert!(is_signed(&all, &[]));
        // The zone of one of them signs nothing.
        assert!(!is_signed(
            &[alias.clone(), first.clone(), caa.clone()],
            &[]
        ));
        assert!(!is_signed(&[alias.clone(), caa, second], &[]));
        let start = record("example", Type::SOA, b"");
        assert!(!is_signed(
            &[alias.clone(), first.clone()],
            std::slice::from_ref(&start)
        ));
        let held = signature("example", Type::SOA);
        assert!(is_signed(&[alias, first], &[start, held]));
    }

    #[test]
    fn without_an_alias_one_signature_says_that_a_zone_signs() {
        let start = record("example", Type::SOA, b"");
        assert!(!is_signed(&[], std::slice::from_ref(&start)));
        let proof = signature("example", Type::NSEC);
        assert!(is_signed(&[], &[start, proof]));
    }
}
