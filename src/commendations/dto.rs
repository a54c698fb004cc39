//! Commendations as the API takes and shows them.

use super::model::{AwardForm, AwardLevel, AwardeeKind, Commendation};
use crate::ids::{ActivityId, CampaignId, CommendationId, OrgUnitId, SiteId};
use crate::patch::Patch;
use crate::text::{Label, Line, Prose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new commendation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "awardee_kind": "collective", "awardee_name": "Tổ bảo vệ an ninh trật tự bản Mường Lai", "award_form": "giay_khen", "award_level": "district", "decision_number": "812/QĐ-UBND", "decided_on": "2023-06-30", "awarding_body": "Chủ tịch Ủy ban nhân dân huyện Lục Yên", "reason": "Thành tích xuất sắc trong phong trào toàn dân bảo vệ an ninh Tổ quốc."}))]
pub struct CommendationIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body that records it.
    pub org_unit_id: OrgUnitId,
    /// Collective or individual.
    pub awardee_kind: AwardeeKind,
    /// Who is commended.
    pub awardee_name: Line,
    /// Form.
    pub award_form: AwardForm,
    /// Level that awards.
    pub award_level: AwardLevel,
    /// Number and symbol of the decision, as printed.
    pub decision_number: Option<Label>,
    /// Date of the decision; not after today.
    pub decided_on: Option<NaiveDate>,
    /// Who awards, in words; this or `awarding_org_unit_id`.
    pub awarding_body: Option<Line>,
    /// Who awards, as a body in the caller's reach; this or `awarding_body`.
    pub awarding_org_unit_id: Option<OrgUnitId>,
    /// What for.
    pub reason: Prose,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    /// Activity in which it took place, of the same campaign.
    pub activity_id: Option<ActivityId>,
}

/// Changes of a commendation (JSON Merge Patch).
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "815/QĐ-UBND", "decided_on": "2023-07-01"}))]
pub struct CommendationPatch {
    /// Collective or individual.
    #[serde(default)]
    #[schema(value_type = AwardeeKind, required = false)]
    pub awardee_kind: Patch<AwardeeKind>,
    /// Who is commended.
    #[serde(default)]
    #[schema(value_type = Line, required = false)]
    pub awardee_name: Patch<Line>,
    /// Form.
    #[serde(default)]
    #[schema(value_type = AwardForm, required = false)]
    pub award_form: Patch<AwardForm>,
    /// Level that awards.
    #[serde(default)]
    #[schema(value_type = AwardLevel, required = false)]
    pub award_level: Patch<AwardLevel>,
    /// Number and symbol of the decision, as printed.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub decision_number: Patch<Label>,
    /// Date of the decision; not after today.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub decided_on: Patch<NaiveDate>,
    /// Who awards, in words; this or `awarding_org_unit_id`.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub awarding_body: Patch<Line>,
    /// Who awards, as a body in the caller's reach; this or `awarding_body`.
    #[serde(default)]
    #[schema(value_type = Option<OrgUnitId>)]
    pub awarding_org_unit_id: Patch<OrgUnitId>,
    /// What for.
    #[serde(default)]
    #[schema(value_type = Prose, required = false)]
    pub reason: Patch<Prose>,
    /// Site where it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<SiteId>)]
    pub site_id: Patch<SiteId>,
    /// Activity in which it took place, of the same campaign.
    #[serde(default)]
    #[schema(value_type = Option<ActivityId>)]
    pub activity_id: Patch<ActivityId>,
}

/// A commendation.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CommendationOut {
    pub id: CommendationId,
    pub campaign_id: CampaignId,
    /// Body that records it.
    pub org_unit_id: OrgUnitId,
    /// Collective or individual.
    pub awardee_kind: AwardeeKind,
    /// Who is commended.
    pub awardee_name: String,
    /// Form.
    pub award_form: AwardForm,
    /// Level that awards.
    pub award_level: AwardLevel,
    /// Number and symbol of the decision, as printed.
    pub decision_number: Option<String>,
    /// Date of the decision; not after today.
    pub decided_on: Option<NaiveDate>,
    /// Who awards, in words; this or `awarding_org_unit_id`.
    pub awarding_body: Option<String>,
    /// Who awards, as a body in the caller's reach; this or `awarding_body`.
    pub awarding_org_unit_id: Option<OrgUnitId>,
    /// What for.
    pub reason: String,
    /// Site where it took place, of the same campaign.
    pub site_id: Option<SiteId>,
    /// Activity in which it took place, of the same campaign.
    pub activity_id: Option<ActivityId>,
    /// When the name was erased, for ever; null while it is not.
    pub erased_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Commendation> for CommendationOut {
    fn from(commendation: Commendation) -> Self {
        let Commendation {
            campaign_id,
            id,
            org_unit_id,
            awardee_kind,
            awardee_name,
            award_form,
            award_level,
            decision_number,
            decided_on,
            awarding_body,
            awarding_org_unit_id,
            reason,
            site_id,
            activity_id,
            version,
            created_at,
            updated_at,
            erased_at,
        } = commendation;
        Self {
            id,
            campaign_id,
            org_unit_id,
            awardee_kind,
            awardee_name,
            award_form,
            award_level,
            decision_number,
            decided_on,
            awarding_body,
            awarding_org_unit_id,
            reason,
            site_id,
            activity_id,
            erased_at,
            version,
            created_at,
            updated_at,
        }
    }
}

crate::list_query! {
    /// Filters of the list of commendations.
    CommendationQuery sort ["created_at", "updated_at", "decided_on"] {
        /// Only commendations in this campaign.
        campaign_id: CampaignId,
        /// Only commendations of this body.
        org_unit_id: OrgUnitId,
        /// Only commendations of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only those of collectives, or of individuals.
        awardee_kind: AwardeeKind,
        /// Only commendations in this form.
        award_form: AwardForm,
        /// Only commendations by this level.
        award_level: AwardLevel,
        /// Only commendations at this site.
        site_id: SiteId,
        /// Only commendations in this activity.
        activity_id: ActivityId,
        /// Only commendations decided on this day or a later one.
        decided_from: NaiveDate,
        /// Only commendations decided before this day.
        decided_before: NaiveDate,
    }
}
