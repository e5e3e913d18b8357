//! Plans in the words of those who carry them out.

use std::fmt::Write as _;

use keyway_dns::rdata::Type;
use keyway_dns::render::{Form, Part, Rendered};

use super::super::numbers::joined;
use super::waited;

/// Types that a form has no words for.
pub(crate) fn lost(form: Form, kinds: &[Type]) -> Option<String> {
    let names: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        format!(
            "{form} has no words for {}; these records are left out, and have to be made by hand",
            joined(&names)
        )
    })
}

/// The parts of a plan in another's words, each with its time. Documents of JSON have nothing between them.
pub(crate) fn parts(form: Form, rendered: &Rendered) -> String {
    let sign = match form {
        Form::Zone | Form::Nsupdate => "; ",
        Form::Card => "",
        _ => "# ",
    };
    let mut out = String::new();
    for (number, part) in rendered.parts.iter().enumerate() {
        if form != Form::Route53 {
            if number > 0 {
                out.push('\n');
            }
            // The card says so itself.
            if rendered.parts.len() > 1 && form != Form::Card {
                let _ = writeln!(out, "{sign}step {} of {}", number + 1, rendered.parts.len());
            }
            for line in before(number, part) {
                let _ = writeln!(out, "{sign}{line}:");
            }
        }
        out.push_str(&part.text);
    }
    out
}

/// What is said beside them of their times.
pub(crate) fn times(form: Form, rendered: &Rendered) -> Vec<String> {
    let parts = rendered.parts.iter().enumerate();
    let parts = parts.filter(|_| form == Form::Route53);
    let times = parts.filter_map(|(number, part)| {
        let lines = before(number, part);
        (!lines.is_empty()).then(|| format!("document {}: {}", number + 1, lines.join(", and ")))
    });
    times.collect()
}

/// What has to be so before a part.
fn before(number: usize, part: &Part) -> Vec<String> {
    let mut lines = Vec::new();
    if part.wait > 0 {
        lines.push(waited(number, part.wait));
    }
    if part.takes_pins {
        lines.push("when the service serves with a key that stays pinned".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use keyway_dns::name::Name;
    use keyway_dns::plan::{State, plan};
    use keyway_dns::render::render;
    use keyway_dns::wanted::{Endpoint, Need, wanted};

    use super::super::step_title;
    use super::*;

    #[test]
    fn every_form_says_when_a_step_comes_as_the_plan_does() {
        let name = |text| Name::read(text).unwrap();
        let mut state = State::default();
        state.add(name("www.example.com"), Type::A, 60, &[192, 0, 2, 1]);
        let endpoint = Endpoint::Addresses(vec!["2001:db8::1".parse().unwrap()]);
        let need = Need::new(vec![name("www.example.com")], endpoint, 60);
        let wanted = wanted(&need).unwrap();
        let made = plan(&name("example.com"), &state, &wanted, 100).unwrap();
        let said = "10800 seconds after every server has what step 1 left";
        assert!(step_title(1, &made.steps[1]).contains(said));
        for form in Form::ALL {
            let rendered = render(&made, &state, *form);
            let beside = times(*form, &rendered).join("\n");
            let text = parts(*form, &rendered) + &beside;
            assert!(text.contains(said), "{form}: {text}");
            assert!(
                text.to_lowercase().contains("step 2 of 2"),
                "{form}: {text}"
            );
        }
    }
}
