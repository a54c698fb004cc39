//! An import is cancelled over HTTP.

use super::chunk::finish;
use super::dto::ParticipantImportOut;
use super::model::ImportState;
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::ParticipantImportId;
use crate::reply::Reply;
use actix_web::post;

/// Cancel an import of guests
///
/// Before it is over (409). Guests who were added stay; a stretch that is being written is waited for. It needs no `If-Match`: an import
/// moves by itself, and to cancel it means the same wherever it is.
#[utoipa::path(tag = "participant-imports", params(("id" = ParticipantImportId, Path, description = "The import")), responses((status = 200, body = ParticipantImportOut)))]
#[post("/participant-imports/{id}/cancel")]
pub async fn cancel_participant_import(call: Call, id: Id<ParticipantImportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let me = call.clone();
    call.write(async move |conn| {
        let mut import = queries::lock(conn, &scope, id.0).await?;
        campaigns::queries::hold_open(conn, import.campaign_id).await?;
        if import.is_over() {
            return Err(AppError::invalid_transition(import.state.as_str(), "cancel"));
        }
        import.state = ImportState::Cancelled;
        finish(conn, import, me.actor().id, me.now()).await?;
        let import = queries::find(conn, &scope, id.0).await?;
        Reply::plain(&ParticipantImportOut::new(import, Vec::new(), me.language()))
    })
    .await
}
