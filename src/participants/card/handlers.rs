//! Invitation cards over HTTP.

use super::html;
use super::words::Occasion;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::{Id, Query};
use crate::ids::{ParticipantId, SiteId};
use crate::official_document::cards;
use crate::org_units::letterhead::Letterhead;
use crate::participants::model::{Participant, ParticipantCategory};
use crate::participants::{queries, rules};
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Cards in one file: more take too long to make and to open.
pub const MOST_CARDS: usize = 2_000;

/// Form of a card: `html` to be printed, `docx` to be edited before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CardFormat {
    #[default]
    Html,
    Docx,
}

/// In which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CardQuery {
    /// Form of the card; `html` when absent.
    pub format: Option<CardFormat>,
}

/// Which cards, in which form.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CardsQuery {
    /// Form of the cards; `html` when absent.
    pub format: Option<CardFormat>,
    /// Only guests of this category.
    pub category: Option<ParticipantCategory>,
    /// Only invitations from this number on.
    #[param(minimum = 1)]
    pub from_no: Option<i32>,
    /// Only invitations up to this number.
    #[param(minimum = 1)]
    pub to_no: Option<i32>,
}

/// Read the invitation card of a guest
///
/// A page of A5 with the number, place, time, and the guest's signed pass as a QR code, which a device verifies without signal
/// by the keys of `/.well-known/jwks.json`. Once the guest is invited. Personal data.
#[utoipa::path(
    tag = "participants",
    params(("id" = ParticipantId, Path, description = "The participant"), CardQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "text/html", example = json!("<!DOCTYPE html><html lang=\"vi\">…</html>")),
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/participants/{id}/invitation-card")]
pub async fn get_invitation_card(call: Call, id: Id<ParticipantId>, query: Query<CardQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let bodies = call.authorize(Action::OrgUnitRead)?;
    let campaigns = call.authorize(Action::CampaignRead)?;
    let CardQuery { format } = query.parse()?;
    let (occasion, guest) = call
        .read(async |conn| {
            let guest = queries::find(conn, &scope, id.0).await?;
            rules::check_invited(&guest)?;
            let site = sites::queries::find(conn, &scope, guest.site_id).await?;
            Ok((occasion(conn, (&campaigns, &bodies), site).await?, guest))
        })
        .await?;
    let name = format!("Giấy mời số {:02} - {}", guest.invitation_no.unwrap_or_default(), occasion.site.name);
    answer(&call, occasion, vec![guest], format, name).await
}

/// Read the invitation cards of a site
///
/// Of all guests who were invited and have not declined, by their numbers, a page each; at most 2,000 in one file: a site with
/// more is asked for in parts, by number or category. Personal data.
#[utoipa::path(
    tag = "participants",
    params(("id" = SiteId, Path, description = "The site"), CardsQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "text/html", example = json!("<!DOCTYPE html><html lang=\"vi\">…</html>")),
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/sites/{id}/invitation-cards")]
pub async fn get_site_invitation_cards(call: Call, id: Id<SiteId>, query: Query<CardsQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let bodies = call.authorize(Action::OrgUnitRead)?;
    let campaigns = call.authorize(Action::CampaignRead)?;
    let asked = query.parse()?;
    let (occasion, guests) = call
        .read_long(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            let guests = queries::expected(conn, &scope, &site, &asked, MOST_CARDS + 1).await?;
            Ok((occasion(conn, (&campaigns, &bodies), site).await?, guests))
        })
        .await?;
    if guests.len() > MOST_CARDS {
        let text = message(
            format!("Có hơn {MOST_CARDS} giấy mời; hãy lấy từng phần theo số."),
            format!("There are more than {MOST_CARDS} cards; ask for a part by number."),
        );
        return Err(AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new("?from_no", "too_many", text)));
    }
    let name = format!("Giấy mời - {}", occasion.site.name);
    answer(&call, occasion, guests, asked.format, name).await
}

async fn occasion(conn: &Conn, (campaigns, bodies): (&Scope, &Scope), site: Site) -> Result<Occasion, AppError> {
    let campaign = campaigns::queries::find(conn, campaigns, site.campaign_id).await?;
    let letterhead = Letterhead::of(conn, bodies, site.org_unit_id).await?;
    Ok(Occasion { site, campaign, letterhead })
}

/// Signs and draws, off the thread that serves.
async fn answer(
    call: &Call,
    occasion: Occasion,
    guests: Vec<Participant>,
    format: Option<CardFormat>,
    name: String,
) -> Result<Reply, AppError> {
    let keys = call.keys();
    let format = format.unwrap_or_default();
    let write = move || {
        let cards = guests.iter().map(|guest| occasion.card(guest, &keys)).collect::<Result<Vec<_>, AppError>>()?;
        match format {
            CardFormat::Html => Ok(html::page(&cards).into_bytes()),
            CardFormat::Docx => cards::docx(&cards).map_err(AppError::internal),
        }
    };
    let bytes = actix_web::web::block(write).await.map_err(AppError::internal)??;
    Ok(match format {
        CardFormat::Html => Reply::file(bytes, "text/html; charset=utf-8", &format!("{name}.html")),
        CardFormat::Docx => {
            Reply::file(bytes, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &format!("{name}.docx"))
        }
    })
}
