//! Plans as the API shows them: short in lists, whole by themselves.

use super::aliases::{PlanAlias, PlanAliases};
use super::model::{Parts, Plan, PlanState};
use super::parameters::PlanItem;
use super::parts::{LegalBasisOut, RecipientOut, RuleOut};
use super::rules;
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::official_text::Draft;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A plan in a list, without its own lists.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanSummaryOut {
    pub id: PlanId,
    pub campaign_id: CampaignId,
    /// The plan that it carries out; null for the campaign's own.
    pub parent_plan_id: Option<PlanId>,
    /// Body that issues it.
    pub org_unit_id: OrgUnitId,
    pub state: PlanState,
    pub number: Option<i32>,
    pub symbol: String,
    /// Number and symbol as printed.
    pub document_number: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    pub issue_place: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub signatory_name: Option<String>,
    /// Title in the committee, printed first.
    pub signatory_title: Option<String>,
    /// Post in the state, printed under it.
    pub signatory_post: Option<String>,
    /// Which of the items that a plan under another states (II.3) are in it.
    #[schema(value_type = Vec<PlanItem>, max_items = 8)]
    pub items: Vec<String>,
    /// Short names that it defines for its own text (S04); `q` of the list finds them.
    #[schema(max_items = 100)]
    pub aliases: Vec<PlanAlias>,
    /// Archive marks: who keeps it on file.
    #[schema(max_items = 20)]
    pub archive_marks: Vec<String>,
    /// Why it was last returned; null once it is issued.
    pub return_comment: Option<String>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub issued_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// 1, and one more with each amendment.
    #[schema(minimum = 1)]
    pub edition: i32,
    /// The first edition: the same for all editions of a plan.
    pub first_edition_id: PlanId,
    /// The edition that this one amends; null for the first.
    pub amends_plan_id: Option<PlanId>,
    /// Why it amends that.
    pub amendment_note: Option<String>,
    /// When the edition that amends this one was issued.
    pub superseded_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Plan> for PlanSummaryOut {
    fn from(plan: Plan) -> Self {
        let document_number = rules::document_number(&plan);
        let Plan {
            id,
            campaign_id,
            parent_plan_id,
            org_unit_id,
            state,
            number,
            symbol,
            document_number: _,
            title,
            summary,
            issue_place,
            issued_on,
            issue_year: _,
            signatory_name,
            signatory_title,
            signatory_post,
            items,
            aliases: PlanAliases(aliases),
            archive_marks,
            return_comment,
            submitted_at,
            issued_at,
            closed_at,
            edition,
            first_edition_id,
            amends_plan_id,
            amendment_note,
            superseded_at,
            version,
            created_at,
            updated_at,
        } = plan;
        Self {
            id,
            campaign_id,
            parent_plan_id,
            org_unit_id,
            state,
            number,
            symbol,
            document_number,
            title,
            summary,
            issue_place,
            issued_on,
            signatory_name,
            signatory_title,
            signatory_post,
            items,
            aliases,
            archive_marks,
            return_comment,
            submitted_at,
            issued_at,
            closed_at,
            edition,
            first_edition_id,
            amends_plan_id,
            amendment_note,
            superseded_at,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A whole plan.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanOut {
    pub id: PlanId,
    pub campaign_id: CampaignId,
    /// The plan that it carries out; null for the campaign's own.
    pub parent_plan_id: Option<PlanId>,
    /// Body that issues it.
    pub org_unit_id: OrgUnitId,
    pub state: PlanState,
    pub number: Option<i32>,
    pub symbol: String,
    /// Number and symbol as printed.
    pub document_number: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    pub issue_place: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub signatory_name: Option<String>,
    /// Title in the committee, printed first.
    pub signatory_title: Option<String>,
    /// Post in the state, printed under it.
    pub signatory_post: Option<String>,
    /// Which of the items that a plan under another states (II.3) are in it.
    #[schema(value_type = Vec<PlanItem>, max_items = 8)]
    pub items: Vec<String>,
    /// Short names that it defines for its own text (S04); `q` of the list finds them.
    #[schema(max_items = 100)]
    pub aliases: Vec<PlanAlias>,
    /// Archive marks: who keeps it on file.
    #[schema(max_items = 20)]
    pub archive_marks: Vec<String>,
    /// Why it was last returned; null once it is issued.
    pub return_comment: Option<String>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub issued_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// 1, and one more with each amendment.
    #[schema(minimum = 1)]
    pub edition: i32,
    /// The first edition: the same for all editions of a plan.
    pub first_edition_id: PlanId,
    /// The edition that this one amends; null for the first.
    pub amends_plan_id: Option<PlanId>,
    /// Why it amends that.
    pub amendment_note: Option<String>,
    /// When the edition that amends this one was issued.
    pub superseded_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Who receives it, in printed order.
    #[schema(max_items = 200)]
    pub recipients: Vec<RecipientOut>,
    /// The documents it cites.
    #[schema(max_items = 200)]
    pub legal_bases: Vec<LegalBasisOut>,
    /// The rules it lays down.
    #[schema(max_items = 200)]
    pub rules: Vec<RuleOut>,
}

impl PlanOut {
    /// A plan with its lists.
    pub fn new(plan: Plan, Parts { recipients, legal_bases, rules, clauses: _, links }: Parts) -> Self {
        let PlanSummaryOut {
            id,
            campaign_id,
            parent_plan_id,
            org_unit_id,
            state,
            number,
            symbol,
            document_number,
            title,
            summary,
            issue_place,
            issued_on,
            signatory_name,
            signatory_title,
            signatory_post,
            items,
            aliases,
            archive_marks,
            return_comment,
            submitted_at,
            issued_at,
            closed_at,
            edition,
            first_edition_id,
            amends_plan_id,
            amendment_note,
            superseded_at,
            version,
            created_at,
            updated_at,
        } = plan.into();
        Self {
            id,
            campaign_id,
            parent_plan_id,
            org_unit_id,
            state,
            number,
            symbol,
            document_number,
            title,
            summary,
            issue_place,
            issued_on,
            signatory_name,
            signatory_title,
            signatory_post,
            items,
            aliases,
            archive_marks,
            return_comment,
            submitted_at,
            issued_at,
            closed_at,
            edition,
            first_edition_id,
            amends_plan_id,
            amendment_note,
            superseded_at,
            version,
            created_at,
            updated_at,
            recipients: recipients.into_iter().map(RecipientOut::from).collect(),
            legal_bases: legal_bases.into_iter().map(|basis| LegalBasisOut::new(basis, &links)).collect(),
            rules: rules.into_iter().map(RuleOut::from).collect(),
        }
    }
}

/// What was read of a text, and the draft that was made of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanImportOut {
    /// The draft; null when nothing was kept.
    pub plan: Option<PlanOut>,
    /// All that was read, with how sure the reading is, and what a person should look at.
    pub reading: Draft,
}
