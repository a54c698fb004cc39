//! Plans as the API takes them; [`super::out`] is how it shows them.

use super::aliases::PlanAliasIn;
use super::model::PlanState;
use super::parameters::PlanItem;
use super::parts::{ClauseIn, LegalBasisIn, RecipientIn, RuleIn};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// A new plan.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "parent_plan_id": "018b2f19-e79e-7d6a-a56d-29feb6211b06", "symbol": "KH-BCĐ", "title": "Tổ chức Ngày hội toàn dân bảo vệ an ninh Tổ quốc năm 2023", "recipients": [{"name": "Ban Chỉ đạo 138 tỉnh"}]}))]
pub struct PlanIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that issues it.
    pub org_unit_id: OrgUnitId,
    /// The issued plan that it carries out (R12); without one it is the campaign's own, by the campaign's own body.
    pub parent_plan_id: Option<PlanId>,
    /// Number; needed when it is issued.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub number: Option<i32>,
    /// Symbol, such as `KH-BCĐ`.
    pub symbol: Label,
    /// Number and symbol as printed; composed from both when absent.
    pub document_number: Option<Label>,
    /// Title.
    pub title: Line,
    /// What it says, in short.
    pub summary: Option<Prose>,
    /// Place of the place and date line.
    pub issue_place: Option<Line>,
    /// Date of the place and date line; needed when it is issued.
    pub issued_on: Option<NaiveDate>,
    /// Who signs; needed when it is issued.
    pub signatory_name: Option<Line>,
    /// Title in the committee, printed first.
    pub signatory_title: Option<Line>,
    /// Post in the state, printed under it.
    pub signatory_post: Option<Line>,
    /// Who receives it, in printed order.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub recipients: Vec<RecipientIn>,
    /// The documents it cites.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub legal_bases: Vec<LegalBasisIn>,
    /// The rules it lays down.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub rules: Vec<RuleIn>,
    /// Its text, clause by clause.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub clauses: Vec<ClauseIn>,
    /// Which of the items that a plan under another states (II.3) are in it.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub items: Vec<PlanItem>,
    /// Short names that it defines for its own text (S04).
    #[serde(default)]
    #[schema(max_items = 100)]
    pub aliases: Vec<PlanAliasIn>,
    /// Archive marks: who keeps it on file ("Lưu: VT, NC").
    #[serde(default)]
    #[schema(max_items = 20)]
    pub archive_marks: Vec<Label>,
}

/// Changes of a draft (JSON Merge Patch); a list that is given replaces the whole list.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": 12, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"}))]
pub struct PlanPatch {
    /// Number.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    pub number: Patch<i32>,
    /// Symbol.
    #[serde(default)]
    #[schema(value_type = Label, required = false)]
    pub symbol: Patch<Label>,
    /// Number and symbol as printed.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub document_number: Patch<Label>,
    /// Title.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub title: Patch<Line>,
    /// What it says, in short.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub summary: Patch<Prose>,
    /// Place of the place and date line.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub issue_place: Patch<Line>,
    /// Date of the place and date line.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub issued_on: Patch<NaiveDate>,
    /// Who signs.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub signatory_name: Patch<Line>,
    /// Title in the committee.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub signatory_title: Patch<Line>,
    /// Post in the state.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub signatory_post: Patch<Line>,
    /// Who receives it.
    #[serde(default)]
    #[schema(value_type = Vec<RecipientIn>, required = false, max_items = 200)]
    pub recipients: Patch<Vec<RecipientIn>>,
    /// The documents it cites.
    #[serde(default)]
    #[schema(value_type = Vec<LegalBasisIn>, required = false, max_items = 200)]
    pub legal_bases: Patch<Vec<LegalBasisIn>>,
    /// The rules it lays down.
    #[serde(default)]
    #[schema(value_type = Vec<RuleIn>, required = false, max_items = 200)]
    pub rules: Patch<Vec<RuleIn>>,
    /// Its text, clause by clause.
    #[serde(default)]
    #[schema(value_type = Vec<ClauseIn>, required = false, max_items = 2000)]
    pub clauses: Patch<Vec<ClauseIn>>,
    /// Which of the items that a plan under another states (II.3) are in it.
    #[serde(default)]
    #[schema(value_type = Vec<PlanItem>, required = false, max_items = 8)]
    pub items: Patch<Vec<PlanItem>>,
    /// Short names that it defines for its own text.
    #[serde(default)]
    #[schema(value_type = Vec<PlanAliasIn>, required = false, max_items = 100)]
    pub aliases: Patch<Vec<PlanAliasIn>>,
    /// Archive marks: who keeps it on file.
    #[serde(default)]
    #[schema(value_type = Vec<Label>, required = false, max_items = 20)]
    pub archive_marks: Patch<Vec<Label>>,
}

/// Where an imported plan belongs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanImportQuery {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that issues it.
    pub org_unit_id: OrgUnitId,
    /// The issued plan that it carries out; without one it is the campaign's own.
    pub parent_plan_id: Option<PlanId>,
    /// Only read it, and keep nothing.
    pub dry_run: Option<bool>,
}

/// Why a plan goes back to its author.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"comment": "Bổ sung thành phần mời và kinh phí."}))]
pub struct PlanReturnIn {
    /// What to change.
    pub comment: Prose,
}

/// What is filled in when a plan is signed; what is absent stays as in the plan.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": 12, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A", "signatory_title": "Trưởng Ban"}))]
pub struct PlanIssueIn {
    /// Number; unique for issuer, symbol and year.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub number: Option<i32>,
    /// Number and symbol as printed; composed from both when absent.
    pub document_number: Option<Label>,
    /// Place of the place and date line.
    pub issue_place: Option<Line>,
    /// Date of the place and date line; not after today.
    pub issued_on: Option<NaiveDate>,
    /// Who signs.
    pub signatory_name: Option<Line>,
    /// Title in the committee.
    pub signatory_title: Option<Line>,
    /// Post in the state.
    pub signatory_post: Option<Line>,
}

crate::list_query! {
    /// Filters of the list of plans.
    PlanQuery sort ["created_at", "updated_at", "issued_on"] {
        /// Only plans of this campaign.
        campaign_id: CampaignId,
        /// Only plans that this body issues.
        org_unit_id: OrgUnitId,
        /// Only plans in this state.
        state: PlanState,
        /// Only plans that carry out this one, in any of its editions.
        parent_plan_id: PlanId,
        /// Only editions of the plan whose first edition this is.
        first_edition_id: PlanId,
        /// Only plans dated on or after this day.
        issued_from: NaiveDate,
        /// Only plans dated before this day.
        issued_before: NaiveDate,
    }
}

/// Why a plan is amended.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Điều chỉnh thời gian tổ chức do mưa lũ."}))]
pub struct PlanAmendIn {
    /// The reason.
    pub note: Prose,
}

/// With what a plan is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanCompareQuery {
    /// The first of the two; the edition that the plan amends when absent.
    pub with: Option<PlanId>,
}

crate::list_query! {
    /// Filters of the list of the editions of a plan.
    PlanEditionQuery sort ["created_at", "updated_at", "issued_on"] without q {
        /// Only editions in this state.
        state: PlanState,
    }
}

crate::list_query! {
    /// Filters of the list of the plans under a plan.
    PlanChildQuery sort ["created_at", "updated_at", "issued_on"] {
        /// Only plans that this body issues.
        org_unit_id: OrgUnitId,
        /// Only plans in this state.
        state: PlanState,
    }
}
