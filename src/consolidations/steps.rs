//! The steps of a frozen consolidation over HTTP: sign, send, acknowledge.

use super::dto::{ConsolidationAcknowledgeIn, ConsolidationAddresseeIn, ConsolidationSendIn, ConsolidationSignIn, FrozenConsolidationOut};
use super::handlers::{event, shown};
use super::model::{Addressee, Consolidation, ConsolidationState};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::ConsolidationId;
use crate::org_units;
use crate::org_units::model::OrgUnit;
use crate::reply::Reply;
use actix_web::post;

/// Locks a consolidation whose campaign is open and whose state allows a step.
async fn locked(conn: &Conn, scope: &Scope, if_match: &IfMatch, id: ConsolidationId, step: Step) -> Result<Consolidation, AppError> {
    let row = queries::lock(conn, scope, id).await?;
    if_match.check(row.version)?;
    campaigns::queries::hold_open(conn, row.campaign_id).await?;
    rules::check_step(&row, step)?;
    Ok(row)
}

/// Writes it back, tells the feed, and shows it.
async fn saved(conn: &Conn, me: &Call, scope: &Scope, row: Consolidation, step: Step) -> Result<Reply, AppError> {
    let row = queries::save(conn, scope, row, me.now()).await?;
    me.record(conn, event(&row, step.done())).await?;
    let (addressees, content) = (queries::addressees(conn, scope, &row).await?, queries::content(conn, scope, &row).await?);
    let version = row.version;
    Reply::ok(&shown(row, addressees, content)?, version)
}

/// Sign a consolidation off
///
/// Records who signed it outside the system, when, and under which number (decree 30/2020).
#[utoipa::path(tag = "consolidations", params(("id" = ConsolidationId, Path, description = "The consolidation")), request_body = ConsolidationSignIn, responses((status = 200, body = FrozenConsolidationOut)))]
#[post("/consolidations/{id}/sign")]
pub async fn sign_consolidation(call: Call, id: Id<ConsolidationId>, body: Body<ConsolidationSignIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationWrite)?;
    let if_match = call.if_match()?;
    let signed = body.parse()?;
    rules::check_day(signed.signed_on, clock::local_date(call.now()))?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut row = locked(conn, &scope, &if_match, id.0, Step::Sign).await?;
        let ConsolidationSignIn { document_number, signed_on, signatory_name, signatory_title } = signed.clone();
        row.document_number = document_number.map(String::from);
        row.signed_on = Some(signed_on);
        row.signatory_name = Some(signatory_name.into_string());
        row.signatory_title = signatory_title.map(String::from);
        row.signed_at = Some(me.now());
        row.state = ConsolidationState::Signed;
        saved(conn, &me, &scope, row, Step::Sign).await
    })
    .await
}

/// Send a consolidation
///
/// To the addressees given, or to those that the plan names (III.1, S75): the central committee and the People's Committee of the
/// province; from a body below it, to the body above.
#[utoipa::path(tag = "consolidations", params(("id" = ConsolidationId, Path, description = "The consolidation")), request_body = ConsolidationSendIn, responses((status = 200, body = FrozenConsolidationOut)))]
#[post("/consolidations/{id}/send")]
pub async fn send_consolidation(call: Call, id: Id<ConsolidationId>, body: Body<ConsolidationSendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationWrite)?;
    let units_scope = call.authorize(Action::OrgUnitRead)?;
    let if_match = call.if_match()?;
    let ConsolidationSendIn { addressees } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut row = locked(conn, &scope, &if_match, id.0, Step::Send).await?;
        let given = match addressees.as_slice() {
            [] => by_plan(conn, &scope, &row, &me).await?,
            given => named(conn, &units_scope, given).await?,
        };
        let rows: Vec<Addressee> = (1..)
            .zip(given)
            .map(|(no, To { unit, name, channel })| Addressee {
                campaign_id: row.campaign_id,
                consolidation_id: row.id,
                no,
                name,
                org_unit_id: unit.map(|unit| unit.id),
                channel,
                sent_at: me.now(),
                sent_by: me.actor().id,
                acknowledged_at: None,
                acknowledged_by: None,
                reference: None,
            })
            .collect();
        queries::insert_addressees(conn, &scope, &rows).await?;
        row.sent_at = Some(me.now());
        row.state = ConsolidationState::Sent;
        saved(conn, &me, &scope, row, Step::Send).await
    })
    .await
}

/// One to whom it goes.
struct To {
    unit: Option<OrgUnit>,
    name: String,
    channel: String,
}

async fn named(conn: &Conn, scope: &Scope, given: &[ConsolidationAddresseeIn]) -> Result<Vec<To>, AppError> {
    let mut all = Vec::new();
    for (at, ConsolidationAddresseeIn { org_unit_id, name, channel }) in given.iter().enumerate() {
        let unit = match org_unit_id {
            None => None,
            Some(unit) => Some(
                org_units::queries::find(conn, scope, *unit)
                    .await
                    .map_err(|error| error.into_unknown_reference(format!("/addressees/{at}/org_unit_id")))?,
            ),
        };
        let name = match (name, &unit) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Some(unit)) => unit.name.clone(),
            (None, None) => {
                let text = message("Cần tên hoặc đơn vị nhận.", "Give a name or a body.");
                return Err(AppError::field(FieldError::new(format!("/addressees/{at}/name"), "required", text)));
            }
        };
        all.push(To { unit, name, channel: channel.as_str().to_owned() });
    }
    Ok(all)
}

/// Those that the plan names; 422 where the system does not know them.
async fn by_plan(conn: &Conn, scope: &Scope, row: &Consolidation, me: &Call) -> Result<Vec<To>, AppError> {
    let campaign = campaigns::queries::find(conn, &Scope::system("the addressees that the plan names"), row.campaign_id).await?;
    let all = Scope::system("the addressees that the plan names");
    let unit = org_units::queries::find(conn, &all, row.org_unit_id).await?;
    let found = if row.org_unit_id == campaign.org_unit_id {
        queries::addressees_by_plan(conn, scope, &unit.path, clock::local_date(me.now())).await?
    } else {
        match unit.parent_id {
            Some(parent) => vec![org_units::queries::find(conn, &all, parent).await?],
            None => Vec::new(),
        }
    };
    let wanted = if row.org_unit_id == campaign.org_unit_id { 2 } else { 1 };
    if found.len() < wanted {
        let text = message(
            "Không xác định được nơi nhận theo kế hoạch; hãy nêu nơi nhận.",
            "The addressees of the plan are not known here: name them.",
        );
        return Err(AppError::field(FieldError::new("/addressees", "required", text)));
    }
    Ok(found.into_iter().map(|unit| To { name: unit.name.clone(), unit: Some(unit), channel: "edoc".to_owned() }).collect())
}

/// Record that an addressee has a consolidation
#[utoipa::path(tag = "consolidations", params(("id" = ConsolidationId, Path, description = "The consolidation")), request_body = ConsolidationAcknowledgeIn, responses((status = 200, body = FrozenConsolidationOut)))]
#[post("/consolidations/{id}/acknowledge")]
pub async fn acknowledge_consolidation(
    call: Call,
    id: Id<ConsolidationId>,
    body: Body<ConsolidationAcknowledgeIn>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationWrite)?;
    let if_match = call.if_match()?;
    let ConsolidationAcknowledgeIn { no, reference } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let row = locked(conn, &scope, &if_match, id.0, Step::Acknowledge).await?;
        let addressees = queries::addressees(conn, &scope, &row).await?;
        let Some(mut addressee) = addressees.into_iter().find(|addressee| addressee.no == no) else {
            return Err(AppError::field(FieldError::unknown_reference("/no")));
        };
        if addressee.acknowledged_at.is_some() {
            return Err(AppError::new(ErrorCode::InvalidTransition)
                .because(message("Nơi nhận này đã xác nhận.", "This addressee has confirmed already.")));
        }
        addressee.acknowledged_at = Some(me.now());
        addressee.acknowledged_by = Some(me.actor().id);
        addressee.reference = reference.clone().map(String::from);
        queries::save_addressee(conn, &scope, &addressee).await?;
        saved(conn, &me, &scope, row, Step::Acknowledge).await
    })
    .await
}
