//! What reports speak for: none is added up beside one that holds it already.

use super::prefill::model::ReportCoverage;
use crate::auth::scope::ancestor_paths;
use std::collections::HashSet;

/// Of reports of one campaign, each with the path of its body: whether another one of a body above speaks for it.
pub fn spoken_for<'a>(reports: impl Iterator<Item = (&'a str, ReportCoverage)> + Clone) -> Vec<bool> {
    let speaking: HashSet<&str> =
        reports.clone().filter(|(_, coverage)| *coverage == ReportCoverage::Subtree).map(|(path, _)| path).collect();
    let is_below = |path: &str| ancestor_paths(path).iter().any(|above| above != path && speaking.contains(above.as_str()));
    reports.map(|(path, _)| is_below(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::ReportCoverage::{Own, Subtree};
    use super::spoken_for;

    #[test]
    fn the_topmost_report_that_speaks_for_a_subtree_takes_the_place_of_all_below_it() {
        let reports = [("/1/", Own), ("/1/2/", Subtree), ("/1/2/3/", Subtree), ("/1/2/3/4/", Own), ("/1/20/", Own), ("/1/5/6/", Own)];
        assert_eq!(spoken_for(reports.into_iter()), [false, false, true, true, false, false]);
    }
}
