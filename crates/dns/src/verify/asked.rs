//! What resolvers are asked, when the servers of a zone have said what is there.

use std::collections::BTreeSet;

use crate::message::Question;
use crate::name::Name;
use crate::view::{Said, View};
use crate::wanted::Wanted;

/// The questions that are put to resolvers, too. Who asks them for what is not there yet has them remember that there is
/// nothing, for everybody and for hours (RFC 2308, section 5): so what no server of the zone has is asked only where
/// it shall not be there, and may be in caches still.
pub fn of_resolvers(
    questions: &BTreeSet<Question>,
    wanted: &[Wanted],
    masters: &[View],
) -> BTreeSet<Question> {
    let shall_be: BTreeSet<&Name> = wanted
        .iter()
        .filter(|want| !want.data.is_empty())
        .map(|want| &want.name)
        .collect();
    let has_some: BTreeSet<&Name> = masters.iter().flat_map(View::names_with_some).collect();
    let goes = |question: &Question| {
        let own = |want: &&Wanted| want.name == question.name;
        let is_new = |want: &Wanted| want.kind == question.kind && !want.data.is_empty();
        let mut wanted = wanted.iter().filter(own).peekable();
        let is_known = wanted.peek().is_some() && !shall_be.contains(&question.name);
        (is_known || has_some.contains(&question.name)) && !wanted.any(is_new)
    };
    let asked = questions.iter();
    let asked = asked.filter(|it| !is_nothing(it, masters) || goes(it));
    asked.cloned().collect()
}

/// Whether there is nothing, as all servers of the zone say that answer.
fn is_nothing(question: &Question, masters: &[View]) -> bool {
    let said = masters
        .iter()
        .filter_map(|view| view.of(&question.name, question.kind));
    let mut said = said
        .filter(|said| matches!(said, Said::Records { .. } | Said::Nothing(_)))
        .peekable();
    let is_alias = |view: &View| view.aliases.contains_key(&question.name);
    said.peek().is_some() && said.all(|said| said.set().is_none()) && !masters.iter().any(is_alias)
}
