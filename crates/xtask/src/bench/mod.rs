//! `cargo xtask bench`: costs against peers, as ratios measured side by side.

mod statistics;

use crate::failure::Failure;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The subject: `chain`.
    #[arg(default_value = "chain")]
    subject: String,
}

/// Measures one subject.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    Err(Failure::Unknown {
        kind: "benchmark",
        name: arguments.subject.clone(),
        known: "none yet".into(),
    })
}
