//! `keyway dns wait`

use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::verify::{Sought, bar, exit, once, print};
use crate::arguments::WaitArguments;
use crate::failure::Failure;
use crate::intent::wait_for;
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Pause before the second look, and the longest one: each is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Most looks in a row of which nobody says whether all agree, although nothing differs: a minute at least, in which a
/// server that is started anew is back.
const MOST_UNKNOWN: usize = 6;

/// Looks again and again. That nobody answers may end, too.
pub(super) fn run(arguments: &WaitArguments, look: Look) -> Result<Exit, Failure> {
    let deadline = Deadline::after(Some(arguments.deadline));
    let mut sought = Sought::resolve(&arguments.verify)?;
    let patient = sought.asking.clone();
    let answer = wait_for(async {
        let bar = bar(voice::verified::waiting_template());
        let (mut pause, mut unknown) = (FIRST_PAUSE, 0);
        // How long a look takes: the last one begins so long before the end.
        let mut longest = Duration::ZERO;
        loop {
            let began = Instant::now();
            sought.asking = deadline.hurry(&patient);
            let answer = once(&arguments.verify, &sought, deadline).await;
            longest = longest.max(began.elapsed());
            if let Ok(answer) = &answer {
                let (right, all) = answer.right();
                bar.set_length(all);
                bar.set_position(right);
            }
            let is_over = match &answer {
                Ok(answer) => {
                    let is_known = answer.differs || answer.agrees;
                    unknown = if is_known { 0 } else { unknown + 1 };
                    if unknown == 1 && answer.may_change() {
                        terminal::note(voice::verified::all_asked_agree());
                    }
                    !answer.may_change() || unknown >= MOST_UNKNOWN
                }
                Err(Failure::Ask(_)) => false,
                Err(_) => true,
            };
            let left = deadline.left().unwrap_or(Duration::MAX);
            let left = left.saturating_sub(longest);
            if is_over || left.is_zero() {
                bar.finish_and_clear();
                return answer;
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    })??;
    print(&arguments.verify, &answer, look)?;
    Ok(exit(&answer))
}
