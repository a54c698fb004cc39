//! Frozen consolidations as the API takes and shows them.

use super::model::{Addressee, Consolidation, ConsolidationState};
use crate::ids::{CampaignId, ConsolidationId, OrgUnitId};
use crate::text::{Label, Line, Prose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use validator::Validate;

/// What to freeze.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"campaign_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04", "org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b05", "note": "Số liệu chốt để trình ký."}))]
pub struct ConsolidationIn {
    /// Campaign.
    pub campaign_id: CampaignId,
    /// Body whose accepted reports, with those of all below it, are added up.
    pub org_unit_id: OrgUnitId,
    /// A remark.
    pub note: Option<Prose>,
}

/// Who signed a consolidation, and under which number.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document_number": "95/BC-BCĐ", "signed_on": "2023-07-05", "signatory_name": "Ngô Hạnh Phúc", "signatory_title": "Trưởng Ban"}))]
pub struct ConsolidationSignIn {
    /// Number and symbol as printed.
    pub document_number: Option<Label>,
    /// The day it was signed; not after today.
    pub signed_on: NaiveDate,
    /// Who signed.
    pub signatory_name: Line,
    /// In what capacity.
    pub signatory_title: Option<Line>,
}

/// One to whom a consolidation goes: a body of the system, or one that is only named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ủy ban nhân dân tỉnh", "channel": "paper"}))]
pub struct ConsolidationAddresseeIn {
    /// The body, where it is one of the system.
    pub org_unit_id: Option<OrgUnitId>,
    /// Its name; that of the body when absent.
    pub name: Option<Line>,
    /// How it is sent, such as `paper`, `edoc` or `email`.
    pub channel: Label,
}

/// To whom a consolidation goes.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"addressees": [{"name": "Ban Chỉ đạo Trung ương", "channel": "edoc"}, {"name": "Ủy ban nhân dân tỉnh", "channel": "paper"}]}))]
pub struct ConsolidationSendIn {
    /// To whom; when absent, those that the plan names (III.1): the central committee and the People's Committee of the province, and
    /// for a body below it the body above.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub addressees: Vec<ConsolidationAddresseeIn>,
}

/// An addressee has confirmed that it has the consolidation.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"no": 1, "reference": "Văn bản đến số 1204"}))]
pub struct ConsolidationAcknowledgeIn {
    /// Which addressee, from 1.
    #[schema(minimum = 1, maximum = 20)]
    pub no: i32,
    /// Under which number it was registered there.
    pub reference: Option<Line>,
}

/// One to whom a consolidation was sent.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConsolidationAddresseeOut {
    /// Place in the list, from 1.
    pub no: i32,
    pub name: String,
    pub org_unit_id: Option<OrgUnitId>,
    pub channel: String,
    pub sent_at: DateTime<Utc>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Under which number it was registered there.
    pub reference: Option<String>,
}

impl From<Addressee> for ConsolidationAddresseeOut {
    fn from(row: Addressee) -> Self {
        let Addressee { no, name, org_unit_id, channel, sent_at, acknowledged_at, reference, .. } = row;
        Self { no, name, org_unit_id, channel, sent_at, acknowledged_at, reference }
    }
}

/// A frozen consolidation in a list, without its content.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConsolidationSummaryOut {
    pub id: ConsolidationId,
    pub campaign_id: CampaignId,
    /// Body whose reports were added up, with those of all below it.
    pub org_unit_id: OrgUnitId,
    /// Running number of the body in the campaign.
    pub no: i32,
    pub state: ConsolidationState,
    /// The instant whose figures these are.
    pub as_of: DateTime<Utc>,
    /// SHA-256 of `content` as it is sent, hexadecimal.
    pub checksum: String,
    /// Reports that were owed.
    pub expected_count: i64,
    /// Reports that were added up.
    pub accepted_count: i64,
    pub note: Option<String>,
    pub document_number: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub signatory_name: Option<String>,
    pub signatory_title: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<Consolidation> for ConsolidationSummaryOut {
    fn from(row: Consolidation) -> Self {
        let Consolidation {
            campaign_id,
            id,
            org_unit_id,
            no,
            state,
            as_of,
            checksum,
            expected_count,
            accepted_count,
            note,
            document_number,
            signed_on,
            signatory_name,
            signatory_title,
            signed_at,
            sent_at,
            frozen_by: _,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id,
            campaign_id,
            org_unit_id,
            no,
            state,
            as_of,
            checksum,
            expected_count,
            accepted_count,
            note,
            document_number,
            signed_on,
            signatory_name,
            signatory_title,
            signed_at,
            sent_at,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A frozen consolidation with its content.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FrozenConsolidationOut {
    pub id: ConsolidationId,
    pub campaign_id: CampaignId,
    /// Body whose reports were added up, with those of all below it.
    pub org_unit_id: OrgUnitId,
    /// Running number of the body in the campaign.
    pub no: i32,
    pub state: ConsolidationState,
    /// The instant whose figures these are.
    pub as_of: DateTime<Utc>,
    /// SHA-256 of `content` as it is sent, hexadecimal.
    pub checksum: String,
    /// Reports that were owed.
    pub expected_count: i64,
    /// Reports that were added up.
    pub accepted_count: i64,
    pub note: Option<String>,
    pub document_number: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub signatory_name: Option<String>,
    pub signatory_title: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// To whom it was sent.
    #[schema(max_items = 20)]
    pub addressees: Vec<ConsolidationAddresseeOut>,
    /// The consolidation as it was: byte for byte what `checksum` is made of.
    #[schema(value_type = crate::reports::consolidation::dto::ConsolidationOut)]
    pub content: Box<RawValue>,
}

impl FrozenConsolidationOut {
    /// One with those it was sent to and its content.
    pub fn new(row: Consolidation, addressees: Vec<ConsolidationAddresseeOut>, content: Box<RawValue>) -> Self {
        let ConsolidationSummaryOut {
            id,
            campaign_id,
            org_unit_id,
            no,
            state,
            as_of,
            checksum,
            expected_count,
            accepted_count,
            note,
            document_number,
            signed_on,
            signatory_name,
            signatory_title,
            signed_at,
            sent_at,
            version,
            created_at,
            updated_at,
        } = row.into();
        Self {
            id,
            campaign_id,
            org_unit_id,
            no,
            state,
            as_of,
            checksum,
            expected_count,
            accepted_count,
            note,
            document_number,
            signed_on,
            signatory_name,
            signatory_title,
            signed_at,
            sent_at,
            version,
            created_at,
            updated_at,
            addressees,
            content,
        }
    }
}

crate::list_query! {
    /// Filters of the list of frozen consolidations.
    ConsolidationListQuery sort ["created_at", "updated_at", "as_of"] without q {
        /// Only those of this campaign.
        campaign_id: CampaignId,
        /// Only those of this body.
        org_unit_id: OrgUnitId,
        /// Only those of this body and of all below it.
        under_org_unit_id: OrgUnitId,
        /// Only those in this state.
        state: ConsolidationState,
    }
}
