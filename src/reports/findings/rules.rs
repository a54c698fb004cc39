//! When a figure looks wrong: pure, so that each finding can be explained.

use super::dto::FindingKind;
use super::queries::{Reported, Shared};
use crate::error::{Message, message};
use crate::ids::ReportId;
use crate::reports::coverage;
use crate::reports::prefill::model::ReportCoverage;
use std::collections::BTreeMap;

/// Of bodies of one kind, so many must give a value before one of them can be far from the others.
const PEERS: usize = 5;
/// An estimate may differ from the records by a fifth.
const TOLERANCE: i64 = 5;

/// A finding about one figure of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Found {
    pub kind: FindingKind,
    pub report_id: ReportId,
    pub indicator: String,
    pub reported: i64,
    pub compared: i64,
    pub other_report_id: Option<ReportId>,
    pub message: Message,
}

/// A number of a report, and whether it is an estimate.
fn figure(report: &Reported, code: &str) -> Option<(i64, bool)> {
    let figure = report.figures.get(code)?;
    Some((figure.get("value")?.as_i64()?, figure.get("basis").is_some_and(|basis| basis == "estimated")))
}

/// What a report says otherwise than the records. Where nothing is recorded there is nothing to hold it against.
pub fn against_records(report: &Reported) -> Vec<Found> {
    let recorded = [("sites_held", report.sites_held), ("attendance_count", report.entries)];
    let differs = |(code, recorded): (&'static str, i64)| {
        let (reported, is_estimated) = figure(report, code).filter(|_| recorded > 0)?;
        let distance = reported.saturating_sub(recorded).saturating_abs();
        let is_far = if is_estimated { distance.saturating_mul(TOLERANCE) > recorded } else { distance > 0 };
        is_far.then(|| Found {
            kind: FindingKind::DiffersFromRecords,
            report_id: report.report_id,
            indicator: code.to_owned(),
            reported,
            compared: recorded,
            other_report_id: None,
            message: message(
                format!("Báo cáo nêu {reported}, hệ thống ghi nhận {recorded}."),
                format!("The report says {reported}; {recorded} are recorded."),
            ),
        })
    };
    recorded.into_iter().filter_map(differs).collect()
}

/// Figures far from the median of bodies of the same kind: by the modified z-score of Iglewicz and Hoaglin (above 3.5), and where all
/// others are the same, by five times.
pub fn against_peers(reports: &[Reported]) -> Vec<Found> {
    let mut peers: BTreeMap<(&str, &str), Vec<(&Reported, i64)>> = BTreeMap::new();
    for report in reports {
        for code in report.figures.as_object().into_iter().flat_map(|figures| figures.keys()) {
            if let Some((value, _)) = figure(report, code) {
                peers.entry((report.org_unit_kind.as_str(), code.as_str())).or_default().push((report, value));
            }
        }
    }
    let mut found = Vec::new();
    for ((_, code), told) in peers.iter().filter(|(_, told)| told.len() >= PEERS) {
        let middle = median(told.iter().map(|(_, value)| *value).collect());
        let spread = median(told.iter().map(|(_, value)| value.saturating_sub(middle).saturating_abs()).collect());
        for (report, value) in told.iter().filter(|(_, value)| is_far(*value, middle, spread)) {
            found.push(Found {
                kind: FindingKind::Outlier,
                report_id: report.report_id,
                indicator: (*code).to_owned(),
                reported: *value,
                compared: middle,
                other_report_id: None,
                message: message(
                    format!("Báo cáo nêu {value}, trung vị của các đơn vị cùng loại là {middle}."),
                    format!("The report says {value}; the median of bodies of its kind is {middle}."),
                ),
            });
        }
    }
    found
}

fn is_far(value: i64, median: i64, spread: i64) -> bool {
    let distance = value.saturating_sub(median).saturating_abs();
    if spread == 0 {
        return median > 0 && value > median.saturating_mul(5);
    }
    // 0.6745 × distance ÷ spread > 3.5, in whole numbers.
    i128::from(distance) * 6745 > i128::from(spread) * 35_000
}

/// The middle value; of an even number of them the lower middle, so that it is one that somebody reported.
fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// Events that another body reports too, where both reports count sites.
pub fn reported_twice(reports: &[Reported], shared: &[Shared]) -> Vec<Found> {
    let counts = |id: ReportId| reports.iter().find(|report| report.report_id == id).and_then(|report| figure(report, "sites_held"));
    let found = |shared: &Shared| {
        let (reported, _) = counts(shared.report_id).filter(|(value, _)| *value > 0)?;
        counts(shared.other_report_id).filter(|(value, _)| *value > 0)?;
        let (events, other) = (shared.events, &shared.other_name);
        Some(Found {
            kind: FindingKind::ReportedTwice,
            report_id: shared.report_id,
            indicator: "sites_held".to_owned(),
            reported,
            compared: events,
            other_report_id: Some(shared.other_report_id),
            message: message(
                format!("{events} điểm cùng nơi, cùng lúc với điểm do {other} báo cáo."),
                format!("{events} sites are at the place and the time of sites that {other} reports."),
            ),
        })
    };
    shared.iter().filter_map(found).collect()
}

/// Reports for a whole subtree that say less than the reports below them add up to.
pub fn against_below(reports: &[Reported]) -> Vec<Found> {
    let mut found = Vec::new();
    for report in reports.iter().filter(|report| report.coverage == ReportCoverage::Subtree) {
        let below: Vec<&Reported> =
            reports.iter().filter(|other| other.path != report.path && other.path.starts_with(&report.path)).collect();
        let is_spoken_for = coverage::spoken_for(below.iter().map(|other| (other.path.as_str(), other.coverage)));
        let adding: Vec<&Reported> = below.into_iter().zip(is_spoken_for).filter(|(_, is)| !is).map(|(other, _)| other).collect();
        for code in report.figures.as_object().into_iter().flat_map(|figures| figures.keys()) {
            let Some((reported, _)) = figure(report, code) else { continue };
            let sum = adding.iter().filter_map(|other| figure(other, code)).fold(0_i64, |sum, (value, _)| sum.saturating_add(value));
            if reported < sum {
                found.push(Found {
                    kind: FindingKind::LessThanBelow,
                    report_id: report.report_id,
                    indicator: code.clone(),
                    reported,
                    compared: sum,
                    other_report_id: None,
                    message: message(
                        format!("Báo cáo nêu {reported} cho toàn địa bàn, các báo cáo cấp dưới cộng lại là {sum}."),
                        format!("The report says {reported} for all below it; the reports below add up to {sum}."),
                    ),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrgUnitId;
    use serde_json::json;

    fn report(kind: &str, figures: serde_json::Value, entries: i64) -> Reported {
        Reported {
            report_id: ReportId::new(),
            org_unit_id: OrgUnitId::new(),
            org_unit_name: String::new(),
            org_unit_kind: kind.to_owned(),
            figures,
            sites_held: 0,
            entries,
            path: "/1/2/".to_owned(),
            coverage: ReportCoverage::Own,
        }
    }

    fn attendance(value: i64, basis: &str) -> serde_json::Value {
        json!({"attendance_count": {"value": value, "basis": basis}})
    }

    #[test]
    fn a_count_must_be_what_is_recorded_and_an_estimate_may_be_a_fifth_off() {
        assert!(against_records(&report("d", attendance(200, "counted"), 200)).is_empty());
        assert_eq!(against_records(&report("d", attendance(201, "counted"), 200)).len(), 1);
        assert!(against_records(&report("d", attendance(240, "estimated"), 200)).is_empty());
        assert_eq!(against_records(&report("d", attendance(241, "estimated"), 200)).len(), 1);
        assert!(against_records(&report("d", attendance(5000, "counted"), 0)).is_empty(), "nothing is recorded");
    }

    #[test]
    fn one_figure_far_from_its_peers_is_found_and_few_peers_find_nothing() {
        let mut reports: Vec<_> = [90, 100, 110, 120, 95].map(|value| report("d", attendance(value, "counted"), 0)).to_vec();
        assert!(against_peers(&reports).is_empty());
        reports.push(report("d", attendance(5_000, "counted"), 0));
        reports.push(report("department", attendance(9_000, "counted"), 0));
        let found = against_peers(&reports);
        assert_eq!(found.iter().map(|found| (found.reported, found.compared)).collect::<Vec<_>>(), [(5_000, 100)]);
        assert!(against_peers(&reports[3..]).is_empty());
    }
}
