//! The pass of a guest over HTTP.

use super::dto::ParticipantPassOut;
use super::pass::{Pass, qr_svg};
use super::{queries, rules};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::ParticipantId;
use crate::reply::Reply;
use crate::sites;
use actix_web::get;

/// Read the pass of a guest
///
/// What the QR code of the invitation holds: a compact JWS (RFC 7515) that a device verifies without signal, by the keys of
/// `/.well-known/jwks.json`: `typ` is `pass+jwt`, `aud` is `check-in-pass`, `sub` the guest, `site` the site. It names nobody and does not
/// expire. Only guests who were invited and have not declined have one: 404 for others. It opens a door: for those who invite guests.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path, description = "The participant")), responses((status = 200, body = ParticipantPassOut)))]
#[get("/participants/{id}/pass")]
pub async fn get_participant_pass(call: Call, id: Id<ParticipantId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let (participant, site) = call
        .read(async |conn| {
            let participant = queries::find(conn, &scope, id.0).await?;
            let site = sites::queries::find(conn, &scope, participant.site_id).await?;
            Ok((participant, site))
        })
        .await?;
    rules::check_has_pass(participant.state)?;
    let pass = Pass { site_id: site.id, participant_id: participant.id }.sign(&call.keys())?;
    let svg = qr_svg(&pass)?;
    Reply::plain(&ParticipantPassOut {
        participant_id: participant.id,
        site_id: site.id,
        site_name: site.name,
        starts_at: site.starts_at,
        pass,
        svg,
    })
}
