//! The contract `keyway.report/1`.

use keyway_chain::Report;

/// The report, indented, with a newline at the end.
pub(crate) fn report(report: &Report) -> String {
    report.to_json(true) + "\n"
}
