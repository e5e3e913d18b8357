//! Whether a CA may issue: the verdict, the way up, the change.

use keyway_dns::caa::{
    Dnssec, End, Found, Issuer, Limit, Property, Reason, Tag, Visit, record_text,
};
use keyway_report::{Kind as _, Verdict, escape};

use super::findings;
use super::numbers::some;
use super::page::{Page, Tone};
use crate::formats::caa::{Answer, failure, verdict};
use crate::terminal::Look;

/// Most records of one name that are drawn; JSON has them all.
const MOST_RECORDS: usize = 30;

/// Most CAs that are named.
const MOST_NAMED: usize = 5;

/// Columns for names, where they fit.
const NAMES: usize = 26;

/// All of it.
pub(crate) fn answer(answer: &Answer<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    head(&mut page, answer);
    page.heading("The way up (RFC 8659, section 3)");
    for visit in &answer.climbed.visits {
        rung(&mut page, answer, visit);
    }
    change(&mut page, answer);
    page.heading("DNSSEC");
    page.paragraph(
        &[
            ("  ", Tone::Plain),
            (answer.dnssec.word(), tone(answer.dnssec)),
            (": ", Tone::Plain),
        ],
        "  ",
        &signatures(answer),
        Tone::Plain,
    );
    // The first sentence says what denies, and the change how to mend it.
    let others = answer.findings.iter();
    let others = others.filter(|finding| finding.code() != DENIES).cloned();
    findings::list(&mut page, &others.collect::<Vec<_>>());
    page.finish()
}

/// The rule whose finding is the verdict itself.
const DENIES: &str = "dns.caa-denies";

fn head(page: &mut Page, answer: &Answer<'_>) {
    let word = verdict(answer.judgement.verdict).to_ascii_uppercase();
    let tone = match answer.judgement.verdict {
        Verdict::Yes => Tone::Good,
        Verdict::No => Tone::Bad,
        Verdict::Unknown => Tone::Caution,
    };
    let denial = answer
        .findings
        .iter()
        .find(|finding| finding.code() == DENIES);
    let text = match denial {
        Some(finding) => format!("{} ({DENIES})", finding.kind.message()),
        None if answer.judgement.verdict == Verdict::Yes && answer.has_errors() => {
            format!(
                "{} Something is wrong all the same; it is told below.",
                sentence(answer)
            )
        }
        None => sentence(answer),
    };
    let hang = " ".repeat(word.len() + 2);
    page.paragraph(
        &[(&word, tone), ("  ", Tone::Plain)],
        &hang,
        &text,
        Tone::Plain,
    );
}

fn sentence(answer: &Answer<'_>) -> String {
    let star = if answer.request.is_wildcard() {
        "*."
    } else {
        ""
    };
    let (name, ca) = (&answer.climbed.name, answer.request.ca());
    let deciding = || match (answer.climbed.end(), answer.deciding()) {
        (End::Records { at, records, .. }, Some(number)) => {
            let record = records
                .get(number)
                .map(|data| escape::text(&record_text(data)));
            format!("at {at}, {}", record.unwrap_or_default())
        }
        (End::Records { at, .. } | End::Failed { at, .. }, _) => format!("at {at}"),
        (End::Nothing, _) => String::new(),
    };
    let may = format!("{ca} may issue for {star}{name}");
    match &answer.judgement.reason {
        Reason::NoRecords => {
            format!("{may}: neither it nor a name above it has CAA records, so any CA may.")
        }
        Reason::NotRestricted => format!(
            "{may}: the records {} say nothing of who may, so any CA may.",
            deciding()
        ),
        Reason::Allows(_) => format!("{may}: {} allows it.", deciding()),
        Reason::Unsaid(_, limit) => {
            let (asks, option) = match limit {
                Limit::Account(uri) => (escape::text(uri), "--account"),
                Limit::Methods(methods) => {
                    let methods: Vec<_> = methods.iter().map(|one| escape::text(one)).collect();
                    (some(&methods, MOST_NAMED), "--method")
                }
                Limit::Repeated(tag) => ((*tag).to_owned(), "--account"),
            };
            format!(
                "{may} only by {asks}, says {}; give {option} to know.",
                deciding()
            )
        }
        Reason::CriticalForSome(_) => format!(
            "{may} only if it knows the tag of this critical record: {}. CAs have to know issue, issuewild and \
             iodef, and must refuse where a critical tag is one that they do not know (CA/B Forum BR 3.2.2.8); \
             ask {ca}, or write 0 in the place of 128.",
            deciding()
        ),
        Reason::Failed => match answer.climbed.end() {
            End::Failed { at, why } => format!(
                "nobody knows whether {may}: at {at}, {}. A CA must not take that for permission, unless \
                 it has shown that the zone is not signed (CA/B Forum BR 3.2.2.8); count on a refusal.",
                failure(why).trim_end_matches(['.', '?'])
            ),
            _ => may,
        },
        // These are told by a finding.
        _ => format!("{ca} may not issue for {star}{name}"),
    }
}

fn rung(page: &mut Page, answer: &Answer<'_>, visit: &Visit) {
    let indent = "  ".repeat(visit.aliases.min(4) + 1);
    let name = format!(
        "{indent}{:<1$}  ",
        visit.name.to_string(),
        NAMES.saturating_sub(indent.len())
    );
    let hang = " ".repeat(NAMES + 2);
    let (text, tone) = match &visit.lookup.found {
        Found::Records(_) => (
            "CAA, the first on the way, so these decide".to_owned(),
            Tone::Strong,
        ),
        Found::Alias(target) => (format!("is an alias of {target}"), Tone::Plain),
        Found::Nothing => ("no CAA".to_owned(), Tone::Dim),
        Found::Failed(why) => (failure(why), Tone::Bad),
    };
    page.paragraph(&[(&name, Tone::Plain)], &hang, &text, tone);
    if let Found::Records(records) = &visit.lookup.found {
        for (number, data) in records.iter().take(MOST_RECORDS).enumerate() {
            record(page, answer, number, data, &indent);
        }
        if let Some(more @ 1..) = records.len().checked_sub(MOST_RECORDS) {
            page.row(&[(&format!("{indent}    and {more} more"), Tone::Dim)]);
        }
    }
}

fn record(page: &mut Page, answer: &Answer<'_>, number: usize, data: &[u8], indent: &str) {
    let lead = format!("{indent}  {}  ", escape::text(&record_text(data)));
    let hang = format!("{indent}      ");
    let is_deciding = answer.deciding() == Some(number);
    let tone = match answer.judgement.verdict {
        Verdict::Yes if is_deciding => Tone::Good,
        Verdict::No if is_deciding => Tone::Bad,
        _ if is_deciding => Tone::Caution,
        _ => Tone::Dim,
    };
    page.paragraph(
        &[(&lead, Tone::Plain)],
        &hang,
        &part(answer, is_deciding, data),
        tone,
    );
}

/// What a record has to do with it.
fn part(answer: &Answer<'_>, is_deciding: bool, data: &[u8]) -> String {
    if is_deciding {
        return match answer.judgement.verdict {
            Verdict::Yes => "allows".to_owned(),
            Verdict::No => "denies".to_owned(),
            Verdict::Unknown => "decides".to_owned(),
        };
    }
    let Some(property) = Property::read(data) else {
        return "no CAA record".to_owned();
    };
    let is_wild = answer.request.is_wildcard();
    match property.kind() {
        Tag::IssueWild if !is_wild => "for wildcards only".to_owned(),
        Tag::Issue | Tag::IssueWild => match Issuer::read(&property.value) {
            Err(_) => "allows nobody: it is malformed".to_owned(),
            Ok(Issuer { domain: None, .. }) => "allows nobody".to_owned(),
            Ok(Issuer {
                domain: Some(domain),
                ..
            }) if domain == answer.request.ca() => "this CA".to_owned(),
            Ok(_) => "another CA".to_owned(),
        },
        Tag::Iodef => "where to report to".to_owned(),
        Tag::ContactEmail | Tag::ContactPhone => "whom to ask".to_owned(),
        Tag::IssueMail | Tag::IssueVmc => "not about TLS".to_owned(),
        Tag::Unknown => "not known: passed over".to_owned(),
    }
}

fn change(page: &mut Page, answer: &Answer<'_>) {
    let change = &answer.judgement.change;
    let Some(at) = change.at.as_ref().filter(|_| !change.is_empty()) else {
        return;
    };
    page.heading("The smallest change");
    // Lines to copy are not broken.
    for step in &change.steps {
        if let Some(data) = &step.remove {
            let line = format!("  - {at} IN CAA {}", record_text(data));
            page.row(&[(&line, Tone::Bad)]);
        }
        if let Some(property) = &step.add {
            let line = format!("  + {}", property.line(at));
            page.row(&[(&line, Tone::Good)]);
        }
    }
    if let End::Records { at, under, .. } = answer.climbed.end()
        && at != under
    {
        let text = format!(
            "{under} is an alias, so it cannot have records of its own: whoever owns {at} has to make the \
             change, or {under} must become something else than an alias."
        );
        page.paragraph(&[("  ", Tone::Plain)], "  ", &text, Tone::Plain);
    }
}

fn tone(dnssec: Dnssec) -> Tone {
    match dnssec {
        Dnssec::Validated => Tone::Good,
        Dnssec::Bogus => Tone::Bad,
        Dnssec::Unsigned => Tone::Plain,
        Dnssec::Unchained | Dnssec::Unknown => Tone::Caution,
    }
}

/// What the status means for whoever wants a certificate.
fn signatures(answer: &Answer<'_>) -> String {
    let worth = match answer.dnssec {
        Dnssec::Validated => {
            "every answer on the way is signed, and the resolver found the signatures right. CAs, which must \
             validate since 2026-03-15, will find the same."
        }
        Dnssec::Unsigned => {
            "not every answer on the way is signed, and none has to be. CAs, which must validate since \
             2026-03-15, issue for unsigned zones, too."
        }
        Dnssec::Unchained => {
            "an answer is signed, but no DS record above its zone vouches for the key, so it counts as \
             unsigned. CAs, which must validate since 2026-03-15, issue all the same."
        }
        Dnssec::Bogus => {
            "the signatures do not hold. CAs must validate since 2026-03-15, and so will refuse."
        }
        Dnssec::Unknown if answer.is_direct => {
            "servers of the zone were asked, and they do not validate. Leave out --server, and ask a \
             resolver that does with --resolver: CAs must validate since 2026-03-15."
        }
        Dnssec::Unknown => {
            "the resolver did not say that it validates. Ask one that does with --resolver: CAs must \
             validate since 2026-03-15, and refuse where signatures do not hold."
        }
    };
    if answer.dnssec != Dnssec::Unknown {
        return worth.to_owned();
    }
    let came = match answer.signed() {
        "all" => {
            "every answer on the way came signed, and nobody looked whether the signatures hold: "
        }
        "some" => {
            "some answers on the way came signed, and nobody looked whether the signatures hold: "
        }
        _ => "no answer on the way came signed: ",
    };
    format!("{came}{worth}")
}
