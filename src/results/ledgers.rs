//! The ledgers and what is totalled of each: the order of the figures is that of `totals.sql`.

use super::dto::ResultTotalOut;
use super::queries::KindFigures;
use crate::commendations::model::AwardForm;
use crate::error::{Language, message};
use crate::gifts::model::GiftRecipientCategory;
use crate::grassroots_models::model::GrassrootsModelState;
use crate::ids::{CampaignId, OrgUnitId};
use crate::media_items::model::MediaKind;
use crate::obstacles::model::ObstacleState;
use crate::opinions::model::OpinionState;
use crate::plans::parameters::MoneySource;

/// One figure of a ledger: its name, the filter of its list besides the kind, and what it is called.
type Measure = (&'static str, &'static str, &'static str, &'static str);

/// A ledger.
pub struct Ledger {
    name: &'static str,
    path: &'static str,
    /// The filter of the list by kind.
    filter: &'static str,
    kinds: Vec<&'static str>,
    measures: &'static [Measure],
}

macro_rules! kinds {
    ($name:ty) => {
        <$name>::ALL.iter().map(|kind| kind.as_str()).collect()
    };
}

/// All ledgers, as they are shown.
pub fn all() -> Vec<Ledger> {
    vec![
        Ledger {
            name: "commendations",
            path: "commendations",
            filter: "award_form",
            kinds: kinds!(AwardForm),
            measures: &[
                ("count", "", "Số khen thưởng", "Commendations"),
                ("collective_count", "&awardee_kind=collective", "Số tập thể được khen", "Collectives commended"),
                ("individual_count", "&awardee_kind=individual", "Số cá nhân được khen", "Individuals commended"),
            ],
        },
        Ledger {
            name: "gifts",
            path: "gifts",
            filter: "recipient_category",
            kinds: kinds!(GiftRecipientCategory),
            measures: &[
                ("count", "", "Số lần thăm, tặng quà", "Gift visits"),
                ("recipient_count", "", "Số người, hộ, tập thể nhận quà", "Recipients"),
                ("value_vnd", "", "Trị giá quà tặng", "Value of the gifts"),
            ],
        },
        Ledger {
            name: "grassroots_models",
            path: "grassroots-models",
            filter: "state",
            kinds: kinds!(GrassrootsModelState),
            measures: &[
                ("count", "", "Số mô hình", "Grassroots models"),
                ("replication_count", "", "Số nơi nhân rộng", "Places that took one over"),
            ],
        },
        Ledger {
            name: "media_items",
            path: "media-items",
            filter: "kind",
            kinds: kinds!(MediaKind),
            measures: &[("count", "", "Số tin, bài, sản phẩm tuyên truyền", "Media items")],
        },
        Ledger {
            name: "pledges",
            path: "pledges",
            filter: "",
            kinds: Vec::new(),
            measures: &[
                ("count", "", "Số lần ký cam kết", "Pledges"),
                ("household_count", "", "Số hộ ký", "Households that signed"),
                ("person_count", "", "Số người ký", "Persons that signed"),
                ("collective_count", "", "Số tập thể ký", "Collectives that signed"),
            ],
        },
        Ledger {
            name: "opinions",
            path: "opinions",
            filter: "state",
            kinds: kinds!(OpinionState),
            measures: &[
                ("count", "", "Số ý kiến", "Opinions"),
                ("overdue_count", "&is_overdue=true", "Số ý kiến quá hạn trả lời", "Opinions overdue"),
            ],
        },
        Ledger {
            name: "obstacles",
            path: "obstacles",
            filter: "state",
            kinds: kinds!(ObstacleState),
            measures: &[("count", "", "Số khó khăn, vướng mắc", "Obstacles")],
        },
        Ledger {
            name: BUDGET,
            path: "budget-lines",
            filter: "source",
            kinds: kinds!(MoneySource),
            measures: &[
                ("count", "", "Số dòng kinh phí", "Budget lines"),
                ("planned_vnd", "", "Kinh phí dự kiến", "Planned"),
                ("spent_vnd", "", "Kinh phí đã chi", "Spent"),
            ],
        },
    ]
}

const BUDGET: &str = "budget_lines";

/// What one total adds up: the rows of a ledger, of one kind or of all.
fn sum(rows: &[KindFigures], ledger: &str, kind: Option<&str>, index: usize) -> i64 {
    let of_ledger = rows.iter().filter(|row| row.ledger == ledger && kind.is_none_or(|kind| row.kind == kind));
    of_ledger.filter_map(|row| row.figures.get(index)).fold(0, |sum, value| sum.saturating_add(*value))
}

/// The totals of all ledgers, each with its link.
pub fn totals(rows: &[KindFigures], of: (CampaignId, Option<OrgUnitId>), language: Language) -> Vec<ResultTotalOut> {
    let mut totals = Vec::new();
    for ledger in all() {
        let kinds = std::iter::once(None).chain(ledger.kinds.iter().map(|kind| Some(*kind)));
        for kind in kinds {
            for (index, (measure, suffix, vi, en)) in ledger.measures.iter().enumerate() {
                totals.push(ResultTotalOut {
                    ledger: ledger.name,
                    kind,
                    measure,
                    label: message(*vi, *en).in_language(language),
                    value: sum(rows, ledger.name, kind, index),
                    link: link(&ledger, kind, suffix, of),
                });
            }
        }
    }
    totals
}

fn link(ledger: &Ledger, kind: Option<&str>, suffix: &str, (campaign, under): (CampaignId, Option<OrgUnitId>)) -> String {
    let kind = kind.map(|kind| format!("&{}={kind}", ledger.filter)).unwrap_or_default();
    let under = under.map(|unit| format!("&under_org_unit_id={unit}")).unwrap_or_default();
    format!("/api/v1/{}?campaign_id={campaign}{kind}{suffix}{under}", ledger.path)
}

/// Entries at the sites, and what was spent for each of them: none where nobody has come in.
pub fn attendance(rows: &[KindFigures]) -> (i64, Option<i64>) {
    let entries = sum(rows, "attendances", None, 0);
    (entries, sum(rows, BUDGET, None, 2).checked_div(entries))
}
