//! By what a plan is known.

use super::{Checksum, Kept, Plan, Set};
use crate::rdata::Type;
use crate::wanted::HTTPS_PORT;

impl Plan {
    /// A checksum of all of it, by which a plan that was reviewed is known again.
    pub fn checksum(&self) -> Checksum {
        let mut lines = vec![format!("zone {} state {}", self.zone, self.state)];
        lines.extend(self.settled.then(|| "settled".to_owned()));
        lines.extend((self.port != HTTPS_PORT).then(|| format!("port {}", self.port)));
        lines.extend(self.places.iter().map(|place| format!("place {place}")));
        let line = |word: &str, kind: Type, set: &Set| {
            let head = format!("{word} {}", set.ttl);
            let texts = set.texts(kind).into_iter();
            texts.map(move |data| format!("{head} {data}"))
        };
        for Kept { name, kind, set } in &self.kept {
            lines.push(format!("kept {name} {kind}"));
            lines.extend(set.iter().flat_map(|set| line("keeps", *kind, set)));
        }
        let absent = self.absent.iter();
        lines.extend(absent.map(|(name, kind)| format!("absent {name} {kind}")));
        for lead in &self.leads {
            lines.push(format!("leads {} {}", lead.name, lead.kind));
            lines.extend(lead.target.iter().map(|name| format!("leads on {name}")));
            let wildcard = lead.wildcard.iter();
            lines.extend(wildcard.map(|name| format!("led by {name}")));
        }
        for step in &self.steps {
            lines.push(format!("step after {} state {}", step.wait, step.state));
            for change in &step.changes {
                let head = format!("{} {}", change.name, change.kind);
                lines.push(format!("set {head}"));
                lines.push(format!("why {:?}", change.reason));
                for (word, set) in [("is", &change.before), ("becomes", &change.after)] {
                    lines.extend(set.iter().flat_map(|set| line(word, change.kind, set)));
                }
                let given = change.given.iter();
                lines.extend(given.flat_map(|given| {
                    line(&format!("gives {}", given.kind), given.kind, &given.set)
                }));
            }
        }
        Checksum::of(&lines)
    }
}
